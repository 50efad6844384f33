"""A plan gives way: replaced in mid-year or rolled over, by a reviewed list; nothing gets lost."""

import asyncio
from datetime import date
from uuid import UUID

import pytest
from tests.tasks.test_consequences import accepted, drafted

from chassis.access import Actor
from chassis.clock import database_now
from tasks.assignments.reminders import announce_overdue
from tasks.calendar.moment import moment
from tasks.carrying import actions
from tasks.carrying.actions import Order
from tasks.carrying.domain import Deadline, deadline_after


@pytest.fixture
async def two(department):
    """The demo's plan in force, and a draft of the same year with a complete document."""
    department.old = await drafted(department, active=True)
    department.new = await department.add_plan(active=False, title="Kế hoạch thay thế")
    return department


async def listed(department, into: dict | None = None) -> list[dict]:
    query = {"successor_id": into["id"]} if into else {}
    answer = await department.office.get(f"/v1/plans/{department.old['id']}/carrying", **query)
    return answer.json()["rows"]


async def carry(department, act: str, rows, into: dict, *, seen=None, key_=None, **more):
    body = {
        "successor_id": into["id"], "reason": "Tỉnh sắp xếp lại tổ chức",
        "rows": [{"assignment_id": id_} if isinstance(id_, str) else id_ for id_ in rows], **more,
    }  # fmt: skip
    seen = department.old["version"] if seen is None else seen
    path = f"/v1/plans/{department.old['id']}/{act}"
    return await department.office.post(path, body, seen=seen, key_=key_)


async def test_what_is_ticked_goes_on_in_the_new_plan_and_the_rest_stays_owed(two):
    done = await accepted(two, two.old)
    rows = [row for row in await listed(two) if row["proposed"]]
    ticked, left = [row["assignment_id"] for row in rows[:5]], rows[5]["assignment_id"]

    answer = await carry(two, "replace", ticked, two.new)

    assert answer.status_code == 200, answer.text
    view = answer.json()
    assert (view["status"], view["successor_id"], view["carried"]) == ("closed", two.new["id"], 5)
    assert view["closed_counts"]["carried"] == 5
    assert (await two.office.get(f"/v1/plans/{two.new['id']}")).json()["status"] == "active"
    for id_ in ticked:
        old = (await two.office.get(f"/v1/assignments/{id_}")).json()
        new = (await two.office.get(f"/v1/assignments/{old['carried_to_id']}")).json()
        assert (old["status"], old["allowed"], new["plan_id"]) == ("cancelled", [], two.new["id"])
        assert old["carried_to"]["number"] == new["number"] != old["number"]
        assert new["carried_from"]["number"] == old["number"]
        same = ("content", "unit_id", "due_on", "deadline_kind", "occurrence", "task_number")
        assert [new[name] for name in same] == [old[name] for name in same]
    statuses = dict(await two.rows("SELECT id::text, status FROM assignment"))
    assert (statuses[left], statuses[done]) == ("not_started", "done")


async def test_both_plans_say_what_became_of_them_and_outsiders_hear_of_it(two):
    ticked = [row["assignment_id"] for row in await listed(two)][:3]
    await carry(two, "replace", ticked, two.new)

    old = (await two.unit_head.get(f"/v1/plans/{two.old['id']}")).json()
    new = (await two.unit_head.get(f"/v1/plans/{two.new['id']}")).json()
    assert [(one["id"], one["how"]) for one in old["successors"]] == [(new["id"], "replaced")]
    assert [(one["id"], one["how"]) for one in new["predecessors"]] == [(old["id"], "replaced")]
    history = (await two.unit_head.get(f"/v1/plans/{old['id']}/history")).json()["data"]
    assert (history[0]["kind"], history[0]["reason"]) == ("replaced", "Tỉnh sắp xếp lại tổ chức")

    [event] = await two.events("plan_replaced")
    state = event["data"]["plan"]
    assert (state["successor_id"], state["status"], event["data"]["carried"]) == (
        new["id"], "closed", 3,
    )  # fmt: skip
    ended = await two.events("assignment_cancelled")
    made = [e["data"]["assignment"] for e in await two.events("assignment_created")]
    going_on = {one["carried_from_id"]: one for one in made if one["carried_from_id"]}
    assert {e["data"]["assignment"]["assignment_id"] for e in ended} == set(ticked)
    assert set(ticked) == going_on.keys()
    assert len(await two.events("plan_activated")) == 2


async def test_progress_goes_along_and_work_continues_there_not_here(two):
    unit = (await two.units())["CCHC"]
    one = await two.one(plan_id=two.old["id"], unit_id=unit)
    path = f"/v1/assignments/{one['id']}"
    body = {"percent": 60, "note": "Đang làm", "difficulty": None}
    await two.unit_head.post(f"{path}/progress", body, seen=one["version"])

    await carry(two, "replace", [one["id"]], two.new)
    old = (await two.unit_head.get(path)).json()
    there = f"/v1/assignments/{old['carried_to_id']}"
    new = (await two.unit_head.get(there)).json()
    here = await two.unit_head.post(f"{path}/progress", body, seen=old["version"])
    goes_on = await two.unit_head.post(
        f"{there}/progress", {**body, "percent": 70}, seen=new["version"]
    )

    assert (new["status"], new["progress_percent"]) == ("in_progress", 60)
    assert (here.status_code, here.json()["code"]) == (409, "assignment_carried")
    assert goes_on.status_code == 200, goes_on.text


async def test_what_the_new_plan_has_already_goes_on_there_instead_of_being_made_twice(two):
    import_id = await two.read_appendix(two.new["id"])
    await two.office.post(f"/v1/imports/{import_id}/confirm")
    before = (await two.rows("SELECT count(*) AS n FROM assignment"))[0].n
    rows = await listed(two, two.new)

    assert {row["same_as"] is None for row in rows} == {False}
    ticked = [row["assignment_id"] for row in rows if row["proposed"]]
    answer = await carry(two, "replace", ticked, two.new)

    assert answer.status_code == 200, answer.text
    assert (await two.rows("SELECT count(*) AS n FROM assignment"))[0].n == before
    [linked] = await two.rows(
        "SELECT count(DISTINCT carried_to_id) AS n FROM assignment WHERE carried_to_id IS NOT NULL"
    )
    assert linked.n == len(ticked)


async def test_a_result_that_waits_is_decided_first_and_its_row_says_so(two):
    unit = (await two.units())["CCHC"]
    one = await two.one(plan_id=two.old["id"], unit_id=unit)
    path = f"/v1/assignments/{one['id']}/results"
    await two.unit_head.post(path, {"note": "Xong.", "file_ids": []}, seen=one["version"])

    row = next(row for row in await listed(two) if row["assignment_id"] == one["id"])
    refused = await carry(two, "replace", [one["id"]], two.new)

    assert (row["proposed"], "chờ duyệt" in row["why_not"]) == (False, True)
    assert (refused.status_code, refused.json()["code"]) == (409, "carry_outdated")
    assert one["number"] in refused.json()["detail"]


async def test_rolling_over_keeps_the_years_figures_and_asks_for_new_days(two):
    next_year = await two.add_plan(
        active=False, year=2026, title="Kế hoạch năm 2026", closes_on="2026-11-29"
    )
    before = (await two.office.get("/v1/assignments/counts", plan_id=two.old["id"])).json()
    rows = [row for row in await listed(two) if row["due_on"]][:2]
    dated, undated = (row["assignment_id"] for row in rows)

    answer = await carry(
        two, "roll_over", [{"assignment_id": dated, "due_on": "2026-03-31"}, undated], next_year
    )

    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["rolled_into_id"]) == ("closed", next_year["id"])
    after = (await two.office.get("/v1/assignments/counts", plan_id=two.old["id"])).json()
    assert after == before
    old = [(await two.office.get(f"/v1/assignments/{id_}")).json() for id_ in (dated, undated)]
    new = [(await two.office.get(f"/v1/assignments/{one['carried_to_id']}")).json() for one in old]
    assert [one["status"] for one in old] == ["not_started", "not_started"]
    assert [one["allowed"] for one in old] == [[], []]
    assert [(one["due_on"], one["needs_person"]) for one in new] == [
        ("2026-03-31", False), (None, True),
    ]  # fmt: skip
    assert {one["number"][:8] for one in new} == {"NV-2026-"}
    set_now = await two.office.patch(
        f"/v1/assignments/{new[1]['id']}", {"due_on": "2026-04-15"}, seen=new[1]["version"]
    )
    assert set_now.json()["due_on"] == "2026-04-15"
    assert await two.events("plan_replaced") == []


async def test_a_closed_plan_is_rolled_over_once_and_keeps_its_state_at_the_end(two):
    next_year = await two.add_plan(year=2026, title="Kế hoạch năm 2026", closes_on="2026-11-29")
    path = f"/v1/plans/{two.old['id']}"
    closed = await two.office.post(f"{path}/close", {"reason": "Hết năm"}, seen=2)
    ticked = [row["assignment_id"] for row in await listed(two)][:1]

    first = await carry(two, "roll_over", ticked, next_year, seen=3)
    again = await carry(two, "roll_over", ticked, next_year, seen=4)

    assert first.status_code == 200, first.text
    same = ("closed_because", "closed_on", "closed_counts")
    assert [first.json()[name] for name in same] == [closed.json()[name] for name in same]
    assert (again.status_code, again.json()["code"]) == (409, "plan_carried")
    assert await two.run_clock(announce_overdue) >= 0


async def test_only_a_fit_plan_takes_over(two):
    later = await two.add_plan(active=False, year=2026, closes_on="2026-11-29")
    bare = await two.add_plan(active=False, number=None)
    ended = await two.add_plan()
    await two.office.post(f"/v1/plans/{ended['id']}/close", {"reason": "x"}, seen=2)
    refused = [
        await carry(two, "replace", [], two.old),
        await carry(two, "replace", [], later),
        await carry(two, "roll_over", [], two.new),
        await carry(two, "replace", [], ended),
        await carry(two, "replace", [], bare),
    ]
    said = [(a.status_code, a.json()["code"], a.json()["errors"][0]["pointer"]) for a in refused]
    assert said == [*[(422, "successor_refused", "/successor_id")] * 4,
                    (422, "plan_incomplete", "/number")]  # fmt: skip
    assert (await two.office.get(f"/v1/plans/{two.old['id']}")).json()["status"] == "active"


async def test_a_row_of_another_plan_and_a_row_done_meanwhile_are_refused_and_nothing_happens(two):
    ticked = [row["assignment_id"] for row in await listed(two)]
    done = await accepted(two, two.old)
    foreign = "0190e2a5-0000-7000-8000-000000000000"

    unknown = await carry(two, "replace", [ticked[0], foreign], two.new)
    outdated = await carry(two, "replace", [done, ticked[0]], two.new)

    assert [e["pointer"] for e in unknown.json()["errors"]] == ["/rows/1/assignment_id"]
    assert (outdated.status_code, outdated.json()["code"]) == (409, "carry_outdated")
    assert (await two.rows("SELECT count(*) AS n FROM plan WHERE status = 'closed'"))[0].n == 0
    assert (await two.rows("SELECT count(*) AS n FROM assignment WHERE carried_to_id <> id"))[
        0
    ].n == 0


async def test_two_clicks_and_two_people_replace_a_plan_once(two):
    ticked = [row["assignment_id"] for row in await listed(two)][:4]
    key = "01900000-0000-7000-8000-00000000abcd"

    answers = await asyncio.gather(
        *[carry(two, "replace", ticked, two.new, key_=key) for _ in range(2)],
        carry(two, "replace", ticked, two.new),
    )

    assert min(answer.status_code for answer in answers) == 200
    assert all(answer.status_code in {200, 409, 412} for answer in answers)
    assert len(await two.events("plan_replaced")) == 1
    [made] = await two.rows(
        "SELECT count(*) AS n FROM assignment WHERE carried_from_id IS NOT NULL"
    )
    assert made.n == 4


async def test_killed_half_way_a_plan_is_replaced_not_at_all_and_then_once(two):
    ticked = [row["assignment_id"] for row in await listed(two)][:4]

    async def die_before_the_end() -> None:
        async with two.database.sessions.begin() as session:
            plan = await actions.find_two(session, UUID(two.old["id"]), UUID(two.new["id"]))
            actor = await _office(two)
            rows = dict.fromkeys(map(UUID, ticked))
            order = Order("replace", UUID(two.new["id"]), rows, "x")
            at = await moment(session)
            await actions.carry(session, actor, plan, two.old["version"], order, at)
            await database_now(session)
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await die_before_the_end()
    untouched = await two.rows(
        "SELECT count(*) AS n FROM assignment WHERE carried_from_id IS NOT NULL"
    )
    assert untouched[0].n == 0
    assert await two.events("plan_replaced") == []

    assert (await carry(two, "replace", ticked, two.new)).status_code == 200
    assert len(await two.events("plan_replaced")) == 1


async def _office(department):
    [row] = await department.rows(
        "SELECT id, unit_id, name FROM person WHERE employee_code = 'office'"
    )
    return Actor(UUID(str(row.id)), UUID(str(row.unit_id)), "office", row.name, "office")


@pytest.mark.parametrize(
    ("how", "kind", "due", "given", "there"),
    [
        ("replace", "fixed", date(2025, 9, 1), None, Deadline("fixed", date(2025, 9, 1))),
        ("replace", "needs_person", None, None, Deadline("needs_person", None)),
        ("replace", "triggered", None, None, Deadline("triggered", None)),
        ("replace", "fixed", date(2025, 9, 1), date(2025, 10, 1),
         Deadline("fixed", date(2025, 10, 1))),
        ("roll_over", "fixed", date(2025, 9, 1), None, Deadline("needs_person", None)),
        ("roll_over", "recurring", date(2025, 9, 1), date(2026, 3, 1),
         Deadline("recurring", date(2026, 3, 1))),
        ("roll_over", "continuous", None, None, Deadline("continuous", None)),
        ("roll_over", "triggered", date(2025, 9, 1), None, Deadline("triggered", None)),
        ("roll_over", "needs_person", None, date(2026, 3, 1), Deadline("fixed", date(2026, 3, 1))),
    ],
)  # fmt: skip
def test_the_deadline_of_a_carried_row(how, kind, due, given, there):
    assert deadline_after(how, kind, due, given) == there
