"""The rows of a report's lists: written by the database, read back letter by letter."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from sqlalchemy import event, text
from tests.reporting.conftest import accepted, assignment, created, envelope, plan
from tests.reporting.reports import YEAR, Reports

from reporting.reports.lists import sha256

HOSTILE = 'Rà soát "A\\B", [1], {x}:\n\t\r\b\f \x01\x1f\x7f \u2028 😀 , "'
COPIES = 1_204
_COPY = text("""
    INSERT INTO assignment_fact (assignment_id, version, plan_id, task_id, unit_id, state)
    SELECT gen_random_uuid(), version, plan_id, task_id, unit_id,
      jsonb_set(state, '{number}', to_jsonb('NV-2025-' || (1000 + n)))
    FROM assignment_fact, generate_series(1, :copies) AS n
""")


@pytest.fixture
def reports(office, consumer) -> Reports:
    return Reports(office, consumer)


async def take(reports: Reports, *events) -> None:
    await reports.consumer.apply([envelope(each) for each in (plan(reports.plan_id), *events)])


async def kept(reports: Reports, report: dict, code: str) -> tuple[dict, list[list]]:
    """Return what is said of a list, and all its rows, part by part."""
    path, rows, part = f"/v1/reports/{report['id']}/lists/{code}", [], 0
    while True:
        page = (await reports.office.get("office", path, part=part)).json()
        rows += page["rows"]
        part += 1
        if part >= page["parts"]:
            return page["about"], rows


async def test_what_json_has_to_escape_stands_in_the_rows_as_it_was_entered(reports):
    state = assignment(reports.plan_id, 1).model_copy(
        update={"content": HOSTILE, "occurrence": "Tháng 01", "product": HOSTILE}
    )
    await take(reports, created(state))
    report = await reports.make(kind="closing", plan_id=str(reports.plan_id))
    about, rows = await kept(reports, report, "assignments")

    unit = rows[0][4]
    assert rows == [
        [1, state.number, f"{HOSTILE} (Tháng 01)", HOSTILE, unit, "30/06/2025", "",
         "Quá hạn chưa hoàn thành"],
    ]  # fmt: skip
    assert (about["count"], about["sha256"]) == (1, sha256(rows))


async def test_a_list_longer_than_a_part_is_numbered_through_and_hashed_as_one(reports, office):
    await take(reports, created(assignment(reports.plan_id, 1)))
    async with office.database.sessions.begin() as session:
        await session.execute(_COPY, {"copies": COPIES})
    report = await reports.make(kind="closing", plan_id=str(reports.plan_id))

    for code in ("assignments", "overdue"):
        about, rows = await kept(reports, report, code)
        numbers = [f"NV-2025-{n:04}" for n in (1, *range(1001, 1001 + COPIES))]
        assert [row[:2] for row in rows] == [list(each) for each in enumerate(numbers, 1)]
        assert (about["count"], about["sha256"]) == (1 + COPIES, sha256(rows))
    sizes = await reports.rows(
        "SELECT jsonb_array_length(rows) AS size FROM report_rows WHERE list_code = 'overdue' "
        "ORDER BY part"
    )
    assert [each.size for each in sizes] == [1000, 205]


async def test_a_list_without_a_row_is_kept_as_empty(reports):
    done = assignment(reports.plan_id, 1)
    await take(reports, created(done), accepted(done, on=date(2025, 6, 20)))
    report = await reports.make(kind="closing", plan_id=str(reports.plan_id))
    about, rows = await kept(reports, report, "overdue")

    assert (about["count"], about["sha256"], rows) == (0, sha256([]), [])


@pytest.fixture
def said(office):
    """What is said to the database."""
    statements: list[str] = []
    engine = office.database.engine.sync_engine

    def note(*given) -> None:
        statements.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def test_a_report_reads_the_assignments_once(reports, office, said):
    await take(reports, created(assignment(reports.plan_id, 1)))
    body = {**YEAR, "kind": "periodic"}
    assert (await office.post("office", "/v1/reports", body)).status_code == 202
    said.clear()
    await office.run_jobs()

    assert len([each for each in said if "FROM assignment_fact f" in each]) == 1


async def test_whoever_waits_for_a_report_asks_little_of_the_database(reports, office, said):
    await take(reports, created(assignment(reports.plan_id, 1)))
    made = (await office.post("office", "/v1/reports", YEAR)).json()
    said.clear()
    report = await reports.read(made["report_id"])

    assert report["state"] == "preparing"
    assert len(said) <= 5, json.dumps(said, indent=1)


class Held(ThreadPoolExecutor):
    """The threads of a busy machine: what they are asked for waits until `free`."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked, self.free = Event(), Event()
        super().submit(self.free.wait)

    def submit(self, *given, **named):
        self.asked.set()
        return super().submit(*given, **named)


async def test_no_connection_waits_while_the_text_of_a_report_is_drafted(
    reports, office, eventually
):
    await take(reports, created(assignment(reports.plan_id, 1)))
    asked = (await office.post("office", "/v1/reports", YEAR)).json()
    threads, loop = Held(), asyncio.get_running_loop()
    loop.set_default_executor(threads)
    running = asyncio.create_task(office.run_jobs())
    try:
        await eventually(threads.asked.is_set, within=30)
        waiting = await reports.rows(
            "SELECT query FROM pg_stat_activity "
            "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
    finally:
        threads.free.set()
        await running
        loop.set_default_executor(ThreadPoolExecutor())

    assert waiting == []
    assert (await reports.read(asked["report_id"]))["state"] == "draft"
