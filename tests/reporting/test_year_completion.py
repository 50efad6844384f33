"""A year's completion is over all its plans, each also alone; everywhere by one rule."""

from datetime import date
from uuid import uuid4

import pytest
from tests.reporting.ballots import look
from tests.reporting.conftest import UNITS, accepted, assignment, created, envelope
from tests.reporting.years import Year

from contracts.tasks import AssignmentCancelled, PlanChanged, PlanReplaced, PlanState

COUNTS = ("done", "all", "done_due", "due")


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    """A year with a plan of 7, of which 5 are done, and a second of 3, of which none is."""
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    year.plans = [await year.issue("Kế hoạch CCHC"), await year.issue("Kế hoạch bổ sung")]
    for plan_id, done, total in zip(year.plans, (5, 0), (7, 3), strict=True):
        await fill(consumer, plan_id, done, total)
    return year


async def fill(consumer, plan_id, done: int, total: int) -> None:
    states = [assignment(plan_id, i, unit=i % 2) for i in range(total)]
    await consumer.apply([envelope(created(state)) for state in states])
    await consumer.apply([envelope(accepted(state)) for state in states[:done]])


def counts(view: dict) -> tuple[int, ...]:
    return tuple(view[name] for name in COUNTS)


async def test_the_overview_counts_all_plans_of_the_year_and_each_alone(year):
    seen = await year.overview()

    assert counts(seen["completion"]) == (5, 10, 5, 10)
    assert seen["completion"]["rate_all"] == "50.00"
    assert [(plan["title"], *counts(plan)[:2]) for plan in seen["plans"]] == [
        ("Kế hoạch CCHC", 5, 7), ("Kế hoạch bổ sung", 0, 3),
    ]  # fmt: skip
    assert sum(unit["all"] for unit in seen["units"]) == 10


async def test_the_row_of_the_par_index_counts_the_same(year):
    told = await year.explained("1.1.3", "secured")

    assert told["evaluation"]["facts"] == {"total": 10, "done": 5, "on_time": 5, "overdue": 5}


async def test_the_explanation_adds_up_plan_by_plan(year):
    client = await year.office.client("unit_officer")
    told = (await client.get("/v1/indices/completion_of_year/2025/explain")).json()

    assert told.get("value") == "50.00", told
    assert [(c["title"].split(":")[0], c["value"]) for c in told["children"]] == [
        ("Kế hoạch CCHC", "71.43"), ("Kế hoạch bổ sung", "0.00"),
    ]  # fmt: skip
    assert len([fact for fact in told["facts"] if fact["kind"] == "assignment"]) == 10


async def test_the_year_and_its_plans_are_answered_on_their_own(year):
    told = (await year.office.get("auditor", "/v1/indices/completion_of_year/2025")).json()

    assert (told["year"], told["plan_id"], counts(told)[:2]) == (2025, None, (5, 10))
    assert [unit["all"] for unit in told["units"]] == [6, 4]
    assert [plan["plan_id"] for plan in told["plans"]] == [str(each) for each in year.plans]


async def test_what_is_announced_of_the_plans_adds_up_to_the_year(year, database):
    await look(database)
    newest = {each["scope_id"]: each for each in await year.states("completion")}

    assert {str(plan) for plan in year.plans} == newest.keys()
    told = [(int(each["numerator"]), int(each["denominator"])) for each in newest.values()]
    assert [sum(column) for column in zip(*told, strict=True)] == [5, 10]


async def test_a_plan_that_has_ended_still_counts_and_a_draft_does_not(year, consumer):
    before = counts((await year.overview())["completion"])
    ended = await year.issue("Kế hoạch quý I", status="closed")
    await fill(consumer, ended, 2, 2)
    draft = await year.issue("Dự thảo", status="draft")
    await fill(consumer, draft, 4, 4)

    seen = await year.overview()
    assert before == (5, 10, 5, 10)
    assert counts(seen["completion"]) == (7, 12, 7, 12)
    assert [plan["title"] for plan in seen["plans"]][-1] == "Kế hoạch quý I"


async def test_a_year_in_which_nothing_is_due_has_no_rate_and_not_zero_percent(
    office, consumer, database, survey, demo_criteria
):
    year = Year(office, consumer, database, survey)
    await year.issue("Kế hoạch chưa có nhiệm vụ")

    seen = (await year.overview())["completion"]
    assert (seen["all"], seen["rate_all"], seen["rate_due"]) == (0, None, None)


async def test_a_year_without_a_plan_has_no_completion(office):
    told = (await office.get("director", "/v1/overview", year=2033)).json()

    assert (told["completion"], told["plans"]) == (None, [])


async def test_of_a_plan_that_nobody_knows_nothing_is_said(office):
    path = f"/v1/indices/completion/{uuid4()}"
    assert (await office.get("director", path)).status_code == 404


async def replaced(year, consumer, *, by: str) -> None:
    """Have the second plan give way to a third: one of its three goes on there."""
    old_id, new_id = year.plans[1], await year.issue(by)
    old, new = assignment(old_id, 90), assignment(new_id, 91)
    await consumer.apply([envelope(created(old))])
    gone = old.model_copy(
        update={"version": 2, "status": "cancelled", "carried_to_id": new.assignment_id}
    )
    goes_on = new.model_copy(update={"carried_from_id": old.assignment_id})
    state = PlanState(
        plan_id=old_id, version=2, year=2025, title="Kế hoạch bổ sung", unit_id=UNITS[0],
        status="closed", closes_on=date(2025, 11, 29), targets=[], successor_id=new_id,
    )  # fmt: skip
    await consumer.apply([envelope(AssignmentCancelled(assignment=gone))])
    await consumer.apply([envelope(created(goes_on))])
    await consumer.apply([envelope(PlanReplaced(plan=state, carried=1))])


async def test_what_a_replacing_plan_goes_on_with_counts_once_in_the_year(year, consumer):
    await replaced(year, consumer, by="Kế hoạch thay thế")
    seen = await year.overview()

    assert counts(seen["completion"]) == (5, 11, 5, 11)
    assert [(plan["title"], *counts(plan)[:2]) for plan in seen["plans"]] == [
        ("Kế hoạch CCHC", 5, 7), ("Kế hoạch bổ sung", 0, 3), ("Kế hoạch thay thế", 0, 1),
    ]  # fmt: skip


async def test_a_closed_plan_keeps_its_part_of_the_years_figures(year, consumer):
    before = counts((await year.overview())["completion"])
    state = PlanState(
        plan_id=year.plans[1], version=2, year=2025, title="Kế hoạch bổ sung", unit_id=UNITS[0],
        status="closed", closes_on=date(2025, 11, 29), targets=[], closed_on=date(2025, 12, 30),
    )  # fmt: skip
    await consumer.apply([envelope(PlanChanged(plan=state))])
    assert counts((await year.overview())["completion"]) == before
