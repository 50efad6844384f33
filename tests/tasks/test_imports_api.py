"""An appendix through the doors: uploaded, read, corrected, confirmed."""

import asyncio
import io
import zipfile
from collections import Counter

import pytest
from tests.tasks.office import DEMO, key

from chassis.jobs import queue

EXPECTED = 123  # assignments of the demo's appendix, see demo/README.md
FILES = ["phu_luc_2025.docx", "phu_luc_2025.xlsx", "phu_luc_2025_xao_cot.xlsx"]


@pytest.fixture
async def plan(department) -> dict:
    return await department.add_plan()


async def assignments(department, plan) -> set[tuple]:
    """What the assignments of a plan say, without ids and numbers."""
    shown, cursor = set(), None
    names = {unit_id: code for code, unit_id in (await department.units()).items()}
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = await department.office.get("/v1/assignments", plan_id=plan["id"], limit=200, **more)
        shown |= {
            (one["task_number"], names[one["unit_id"]], one["occurrence"], one["due_on"],
             one["deadline_kind"], frozenset(one["coordinating_unit_ids"]), one["content"])
            for one in page.json()["data"]
        }  # fmt: skip
        cursor = page.json()["next_cursor"]
        if not cursor:
            return shown


async def test_all_demo_files_become_the_same_assignments(department):
    made = []
    for name in FILES:
        plan = await department.add_plan()
        import_id = await department.read_appendix(plan["id"], name)
        preview = (await department.office.get(f"/v1/imports/{import_id}")).json()
        confirmed = await department.office.post(f"/v1/imports/{import_id}/confirm")
        assert (preview["state"], preview["file_name"]) == ("ready", name)
        assert preview["counts"]["assignments"] == confirmed.json()["created"] == EXPECTED
        made.append(await assignments(department, plan))

    assert len(made[0]) == EXPECTED
    assert made[0] == made[1] == made[2]


async def test_an_appendix_imported_again_adds_only_the_rows_that_are_new(busy):
    [plan] = (await busy.office.get("/v1/plans")).json()["data"]
    before = await assignments(busy, plan)
    import_id = await busy.read_appendix(plan["id"], "phu_luc_2025_xao_cot.xlsx")
    changed = {"deadline_text": "Trước ngày 15/12/2025"}
    await busy.office.patch(f"/v1/imports/{import_id}/rows/1", changed, seen=1)
    asked = await busy.office.post(f"/v1/imports/{import_id}/confirm")
    await busy.office.patch(f"/v1/imports/{import_id}/rows/1", {"checked": True}, seen=2)

    preview = (await busy.office.get(f"/v1/imports/{import_id}")).json()
    confirmed = await busy.office.post(f"/v1/imports/{import_id}/confirm")

    assert asked.json()["code"] == "import_row_twice"
    assert preview["counts"]["already_planned"] == 37
    assert [row["row_number"] for row in preview["rows"] if not row["already_planned"]] == [1]
    assert confirmed.json()["created"] == preview["counts"]["assignments"]
    assert len(await assignments(busy, plan)) == len(before) + confirmed.json()["created"]


async def test_an_appendix_that_brings_nothing_new_is_refused(busy):
    [plan] = (await busy.office.get("/v1/plans")).json()["data"]
    import_id = await busy.read_appendix(plan["id"])

    refused = await busy.office.post(f"/v1/imports/{import_id}/confirm")

    assert (refused.status_code, refused.json()["code"]) == (409, "import_nothing_new")


async def test_numbers_have_no_gaps_and_everything_is_announced(busy):
    plan = await busy.add_plan()
    import_id = await busy.read_appendix(plan["id"])
    await busy.office.post(f"/v1/imports/{import_id}/confirm")

    events = await busy.events("assignment_created")
    numbers = [event["data"]["assignment"]["number"] for event in events]
    assert numbers == [f"NV-2025-{n:04d}" for n in range(1, 2 * EXPECTED + 1)]
    assert {event["aggregateversion"] for event in events} == {1}


async def test_the_preview_shows_how_every_row_was_read(ready):
    found = (await ready.office.get(await ready.waiting_import())).json()

    rows = {row["stt"]: row for row in found["rows"]}
    units = await ready.units()
    assert {column["field"] for column in found["mapping"]} >= {"content", "lead", "deadline"}
    assert found["counts"]["rows"] == len(rows) == 38
    assert found["counts"]["needs_person"] == sum(row["needs_person"] for row in rows.values()) == 3
    assert rows["10"]["deadline"]["occurrences"] == [
        {"label": "", "starts_on": None, "due_on": "2025-04-29"}
    ]
    assert rows["10"]["section"] == "Công tác chỉ đạo, điều hành CCHC"
    assert (rows["6"]["deadline"]["kind"], rows["5"]["deadline"]["kind"]) == (
        "continuous", "triggered",
    )  # fmt: skip
    assert set(rows["5"]["lead_unit_ids"]) == set(units.values()) - {units["SNV"]}
    assert len(rows["1"]["deadline"]["occurrences"]) == 12


async def test_a_year_without_a_calendar_is_said_once_of_the_file_and_not_in_every_row(department):
    plan = await department.add_plan(year=2027, closes_on="2027-12-31")
    waiting = await department.read_appendix(plan["id"])

    found = (await department.office.get(f"/v1/imports/{waiting}")).json()

    of_file = [each for each in found["remarks"] if each["code"] == "calendar_missing"]
    [said] = [each for each in of_file if "năm 2027" in each["message"]]
    in_rows = [each["code"] for row in found["rows"] for each in row["warnings"]]
    due = sum(
        any(str(one["due_on"]).startswith("2027") for one in row["deadline"]["occurrences"])
        for row in found["rows"]
    )
    assert due > 1
    assert said["message"] == (
        f"Chưa nhập lịch làm việc năm 2027: ngày nghỉ lễ chưa được tính vào hạn của {due} dòng."
    )
    assert "calendar_missing" not in in_rows


async def test_what_needs_a_person_is_imported_without_a_day(looked_at):
    found = await looked_at.office.get("/v1/assignments", needs_person=True, limit=200)
    counts = (await looked_at.office.get("/v1/assignments/counts")).json()
    data = found.json()["data"]
    assert len(data) == counts["needs_person"] > 0
    assert {(one["due_on"], one["overdue"], one["needs_person"]) for one in data} == {
        (None, False, True)
    }


async def test_confirming_twice_makes_nothing_twice(ready):
    waiting = await ready.waiting_import()
    path = f"{waiting}/confirm"
    answers = await asyncio.gather(*(ready.office.post(path) for _ in range(4)))

    assert Counter(a.status_code for a in answers) == {200: 1, 409: 3}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"import_confirmed"}
    assert len(await ready.events("assignment_created")) == EXPECTED
    correction = await ready.office.patch(f"{waiting}/rows/1", {"deadline_text": "Quý I"}, seen=1)
    assert correction.json()["code"] == "import_confirmed"


async def test_the_same_key_confirms_once_and_answers_twice(ready):
    waiting = await ready.waiting_import()
    path, same = f"{waiting}/confirm", key()["Idempotency-Key"]
    first = await ready.office.post(path, key_=same)
    retry = await ready.office.post(path, key_=same)
    assert first.json() == retry.json() == {"created": EXPECTED, "rows": 38, "left": 0}


async def test_a_corrected_deadline_is_read_again(ready):
    waiting = await ready.waiting_import()
    path = f"{waiting}/rows/8"

    row = (await ready.office.patch(path, {"deadline_text": "Quý II, Quý III/2025"}, seen=1)).json()
    nonsense = (await ready.office.patch(path, {"deadline_text": "31/02/2025"}, seen=2)).json()

    labels = [each["label"] for each in row["deadline"]["occurrences"]]
    assert (row["needs_person"], labels) == (False, ["Quý II/2025", "Quý III/2025"])
    assert (nonsense["needs_person"], nonsense["deadline_text"]) == (True, "31/02/2025")
    assert nonsense["warnings"]


async def test_rows_nobody_leads_block_and_are_named_until_a_unit_is_chosen(ready):
    waiting = await ready.waiting_import()
    await ready.execute(
        "UPDATE appendix_row SET lead_text = 'Phòng Lạ', lead_unit_ids = '{}' "
        "WHERE row_number = 7"
    )  # fmt: skip
    units = await ready.units()

    blocked = await ready.office.post(f"{waiting}/confirm")
    row = await ready.office.patch(
        f"{waiting}/rows/7", {"lead_unit_ids": [units["NCC"], units["CCHC"]]}, seen=1
    )
    again = await ready.office.patch(f"{waiting}/rows/7", {"deadline_text": "Quý I/2025"}, seen=2)
    made = await ready.office.post(f"{waiting}/confirm")

    assert (blocked.status_code, blocked.json()["code"]) == (422, "import_row_incomplete")
    assert [e["pointer"] for e in blocked.json()["errors"]] == ["/rows/7/lead_unit_ids"]
    assert "STT 7" in blocked.json()["detail"]
    assert (
        row.json()["lead_unit_ids"]
        == again.json()["lead_unit_ids"]
        == [units["NCC"], units["CCHC"]]
    )
    assert row.json()["accountable_unit_id"] == units["NCC"]
    assert row.json()["lead_text"] == "Phòng Lạ"
    assert not any("Phòng Lạ" in one["message"] for one in row.json()["warnings"])
    assert made.json()["created"] == EXPECTED + 1


async def test_a_row_without_work_to_do_blocks_and_is_named(ready):
    await ready.execute("UPDATE appendix_row SET content = '' WHERE row_number = 9")

    blocked = await ready.office.post(f"{await ready.waiting_import()}/confirm")

    assert (blocked.status_code, blocked.json()["code"]) == (422, "import_row_incomplete")
    assert blocked.json()["errors"] == [
        {"pointer": "/rows/9/content", "message": "STT 9: chưa ghi việc phải làm"}
    ]


async def test_a_unit_that_is_closed_or_unknown_cannot_be_chosen(ready):
    waiting = await ready.waiting_import()
    units = await ready.units()
    ended = {"active": False, "reason": "Giải thể"}
    await ready.admin.patch(f"/v1/units/{units['TTr']}", ended, seen=1)
    path = f"{waiting}/rows/7"

    closed = await ready.office.patch(path, {"lead_unit_ids": [units["TTr"]]}, seen=1)
    nobody = await ready.office.patch(f"{waiting}/rows/99", {}, seen=1)

    assert (closed.status_code, closed.json()["code"]) == (422, "unit_unknown")
    assert (nobody.status_code, nobody.json()["code"]) == (404, "row_not_found")


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("phu_luc.pdf", b"%PDF-1.7", 415, "file_kind_refused"),
        ("phu_luc.docx", b"just text", 415, "file_content_mismatch"),
        ("phu_luc.xlsx", (DEMO / FILES[0]).read_bytes(), 415, "file_content_mismatch"),
        ("phu_luc.xlsx", zipped(xl__workbook=b"0" * 20_000_000), 415, "file_unsafe"),
        ("phu_luc.docx", b"", 422, "file_empty"),
    ],
)
async def test_a_file_that_need_not_be_read_is_refused_at_the_door(
    looked_at, name, content, status, code
):
    plan = (await looked_at.office.get("/v1/plans")).json()["data"][0]
    before = await looked_at.rows("SELECT count(*) FROM appendix_import")

    answer = await looked_at.office.upload(f"/v1/plans/{plan['id']}/imports", name, content)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(answer.json()["detail"]) > 5
    assert await looked_at.rows("SELECT count(*) FROM appendix_import") == before


async def test_a_table_that_cannot_be_read_fails_with_one_sentence(department, plan):
    content = zipped(word__document=b"<broken")
    started = await department.office.upload(f"/v1/plans/{plan['id']}/imports", "a.docx", content)
    waiting = (await department.office.get(f"/v1/imports/{started.json()['import_id']}")).json()
    await department.run_jobs()

    job = (await department.office.get(f"/v1/jobs/{started.json()['job_id']}")).json()
    found = (await department.office.get(f"/v1/imports/{started.json()['import_id']}")).json()
    confirm = await department.office.post(f"/v1/imports/{found['id']}/confirm")
    assert (waiting["state"], waiting["rows"]) == ("reading", [])
    assert (job["state"], found["state"], found["rows"]) == ("failed", "failed", [])
    assert found["error"]["detail"] == "Tệp bị hỏng, không đọc được."
    assert (confirm.status_code, confirm.json()["code"]) == (409, "import_failed")


async def test_an_import_whose_job_died_is_shown_as_failed(department, plan):
    content = (DEMO / FILES[0]).read_bytes()
    started = await department.office.upload(f"/v1/plans/{plan['id']}/imports", FILES[0], content)
    await department.execute(
        "UPDATE job SET state = 'running', attempts = :most, heartbeat_at = now() - interval '1 h'",
        most=queue.MOST_ATTEMPTS,
    )
    await department.run_jobs()
    found = (await department.office.get(f"/v1/imports/{started.json()['import_id']}")).json()
    assert (found["state"], found["error"]["code"]) == ("failed", "import_interrupted")


async def test_only_the_office_imports_and_a_job_is_its_own(department, plan):
    content = (DEMO / FILES[0]).read_bytes()
    path = f"/v1/plans/{plan['id']}/imports"
    by_unit = await department.unit_head.upload(path, FILES[0], content)
    nowhere = await department.office.upload(
        "/v1/plans/0190e2a5-0000-7000-8000-000000000000/imports", FILES[0], content
    )
    started = (await department.office.upload(path, FILES[0], content)).json()

    codes = ("unit_head", "director", "auditor")
    previews = [
        await getattr(department, c).get(f"/v1/imports/{started['import_id']}") for c in codes
    ]
    jobs = [await getattr(department, c).get(f"/v1/jobs/{started['job_id']}") for c in codes]
    assert (by_unit.status_code, nowhere.status_code) == (403, 404)
    assert [answer.status_code for answer in previews] == [403, 200, 200]
    assert [answer.status_code for answer in jobs] == [404, 404, 404]
