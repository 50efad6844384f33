"""Reminders of units' reports: each step once, to those that have not handed in."""

from datetime import timedelta

import pytest
from tests.tasks.test_assignments_reminders import working_days_ahead
from tests.tasks.test_unit_reports_api import hand_in

from chassis.clock import database_now
from tasks.jobs import announce_unit_reports_due
from tasks.unit_reports import reminders


async def due_in(busy, days: int) -> str:
    await busy.execute("UPDATE plan SET closes_on = :on", on=await working_days_ahead(busy, days))
    [row] = await busy.rows("SELECT id FROM plan")
    return str(row.id)


async def owing(busy) -> int:
    [row] = await busy.rows(
        "SELECT count(DISTINCT unit_id) AS n FROM assignment JOIN unit ON unit.id = unit_id"
        " WHERE status <> 'cancelled' AND unit.kind <> 'department'"
    )
    return row.n


@pytest.mark.parametrize(("days", "step"), [(7, 7), (5, 7), (3, 3), (1, 1)])
async def test_every_unit_that_owes_is_reminded_of_a_step_once(busy, days, step):
    await due_in(busy, days)
    first = await busy.run_clock(announce_unit_reports_due)
    again = await busy.run_clock(announce_unit_reports_due)
    events = await busy.events("unit_report_due")
    assert (first, again) == (await owing(busy), 0)
    assert {(e["data"]["step"], e["data"]["working_days_left"]) for e in events} == {(step, days)}
    assert {event["data"]["report"]["status"] for event in events} == {"owed"}
    assert len({event["subject"] for event in events}) == first


async def test_on_the_day_itself_units_are_reminded_for_the_last_time(busy):
    await busy.execute("UPDATE plan SET closes_on = :on", on=await busy.today())
    assert await busy.run_clock(announce_unit_reports_due) == await owing(busy)
    [said] = {event["data"]["step"] for event in await busy.events("unit_report_due")}
    assert said == 0


async def test_nobody_is_reminded_before_the_first_step_or_after_the_day(busy):
    await due_in(busy, 8)
    early = await busy.run_clock(announce_unit_reports_due)
    await busy.execute("UPDATE plan SET closes_on = :on", on=await busy.today() - timedelta(1))
    late = await busy.run_clock(announce_unit_reports_due)
    assert (early, late) == (0, 0)


async def test_who_handed_in_is_left_alone_and_the_next_step_reaches_the_rest(busy):
    plan_id = await due_in(busy, 7)
    first = await busy.run_clock(announce_unit_reports_due)
    await hand_in(busy, plan_id)
    await due_in(busy, 3)
    second = await busy.run_clock(announce_unit_reports_due)
    assert second == first - 1


async def test_a_unit_begins_the_report_it_was_reminded_of(busy):
    plan_id = await due_in(busy, 3)
    await busy.run_clock(announce_unit_reports_due)
    listed = (await busy.unit_officer.get("/v1/unit_reports", plan_id=plan_id)).json()["data"]
    [mine] = listed
    begun = await busy.unit_officer.post("/v1/unit_reports", {"plan_id": plan_id})
    assert (mine["status"], mine["allowed"]) == ("owed", ["create"])
    assert (begun.status_code, begun.json()["id"]) == (201, mine["id"])


async def test_a_run_is_bounded_and_the_next_goes_on(busy):
    await due_in(busy, 3)
    async with busy.database.sessions.begin() as session:
        now = await database_now(session)
        first = await reminders.announce_due(session, now, limit=2)
    rest = await busy.run_clock(announce_unit_reports_due)
    assert (first, rest) == (2, await owing(busy) - 2)
