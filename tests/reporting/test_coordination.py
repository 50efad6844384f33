"""The figure of coordination: contributions given in time, of those asked for and due, by unit."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from tests.reporting.ballots import drift
from tests.reporting.conftest import UNITS, assignment, created, envelope, plan
from tests.reporting.reader import as_read

from contracts.tasks import (
    AssignmentCancelled,
    AssignmentPaused,
    ContributionGiven,
    ContributionReturned,
    ContributionState,
)
from reporting.completion.views import completion, coordination_view
from reporting.explanations.evaluation import evaluate
from reporting.shown import shown

PLAN = UUID(int=11)
DUE, TODAY = date(2025, 6, 30), date(2025, 8, 1)
HELPER = UNITS[1]


def contribution(*, unit: int = 1, due_on: date = DUE, **given) -> ContributionState:
    """Asked for; `given_on` and `on_time` when it came."""
    facts = {"status": "given" if given.get("given_on") else "asked", "given_on": None,
             "on_time": None, **given}  # fmt: skip
    return ContributionState(contribution_id=uuid4(), unit_id=UNITS[unit], due_on=due_on, **facts)


def with_contributions(*contributions: ContributionState, number: int = 1):
    return assignment(PLAN, number).model_copy(update={"contributions": list(contributions)})


async def of(database, unit: int | None = 1):
    scope = "helps" if unit is None else f"helps:{UNITS[unit]}"
    async with database.sessions() as session:
        return coordination_view(await completion(session, PLAN, TODAY, scope))


async def take(consumer, *events) -> None:
    await consumer.apply([envelope(event) for event in (plan(PLAN), *events)])


async def test_given_in_time_of_asked_and_due_is_a_units_figure(consumer, database):
    state = with_contributions(
        contribution(given_on=DUE, on_time=True),
        contribution(given_on=date(2025, 7, 3), on_time=False),
        contribution(),
        contribution(due_on=date(2025, 9, 1)),
        contribution(status="withdrawn"),
        contribution(unit=2, given_on=DUE, on_time=True),
    )
    await take(consumer, created(state))
    found, whole = await of(database), await of(database, None)
    assert (found.asked, found.given, found.due, found.in_time) == (4, 2, 3, 1)
    assert str(found.rate) == "33.33"
    assert (whole.asked, whole.in_time) == (5, 2)
    assert await drift(database) == 0


async def test_nothing_due_yet_is_no_rate(consumer, database):
    await take(consumer, created(with_contributions(contribution(due_on=date(2025, 9, 1)))))
    found = await of(database)
    assert (found.asked, found.due, found.rate) == (1, 0, None)


async def test_what_comes_moves_the_figure_and_what_is_returned_moves_it_back(consumer, database):
    asked = contribution()
    state = with_contributions(asked)
    given = asked.model_copy(update={"status": "given", "given_on": DUE, "on_time": True})
    back = asked.model_copy(update={"status": "returned"})
    second = state.model_copy(update={"version": 2, "contributions": [given]})
    third = state.model_copy(update={"version": 3, "contributions": [back]})
    id_ = asked.contribution_id
    await take(consumer, created(state))
    await take(
        consumer,
        ContributionGiven(assignment=second, contribution_id=id_, asked_by_id=None, file_count=0),
    )
    came = await of(database)
    await take(
        consumer, ContributionReturned(assignment=third, contribution_id=id_, given_by_id=None)
    )
    after = await of(database)
    assert (came.in_time, came.due) == (1, 1)
    assert (after.in_time, after.due) == (0, 1)
    assert await drift(database) == 0


async def test_a_cancelled_assignment_needs_nothing_and_a_paused_one_has_no_day(consumer, database):
    ended, held = (
        with_contributions(contribution(), contribution(given_on=DUE, on_time=True), number=n)
        for n in (1, 2)
    )
    await take(consumer, created(ended), created(held))
    gone = ended.model_copy(update={"version": 2, "status": "cancelled"})
    paused = held.model_copy(update={"version": 2, "paused_on": DUE})
    await take(
        consumer,
        AssignmentCancelled(assignment=gone, because="cancelled"),
        AssignmentPaused(assignment=paused),
    )
    found = await of(database)
    assert (found.asked, found.due, found.in_time) == (2, 1, 1)
    assert await drift(database) == 0


async def test_contributions_move_no_figure_of_completion(consumer, database):
    await take(consumer, created(with_contributions(contribution(), contribution())))
    async with database.sessions() as session:
        whole = await completion(session, PLAN, TODAY)
        own = await completion(session, PLAN, TODAY, f"unit:{HELPER}")
    assert (whole.counts.total, own.counts.total) == (1, 0)


@pytest.fixture
async def asked(office, consumer):
    state = with_contributions(
        contribution(given_on=DUE, on_time=True),
        contribution(given_on=date(2025, 7, 3), on_time=False),
        contribution(),
    )
    await take(consumer, created(state))
    return office


async def test_the_units_table_shows_it_also_for_a_unit_that_only_helps(asked):
    overview = (await asked.get("director", "/v1/overview", year=2025)).json()
    year = (await asked.get("director", "/v1/indices/completion_of_year/2025")).json()
    expected = {"asked": 3, "given": 2, "due": 3, "in_time": 1, "rate": "33.33"}
    for units in (overview["units"], year["units"]):
        lines = {line["unit_id"]: line for line in units}
        assert lines[str(HELPER)]["coordination"] == expected
        assert lines[str(HELPER)]["all"] == 0
        assert lines[str(UNITS[0])]["coordination"] is None


async def test_the_explanation_names_each_contribution_and_can_be_calculated_again(asked):
    path = f"/v1/indices/coordination/2025/units/{HELPER}/explain"
    node = (await asked.get("unit_officer", path)).json()
    told = [fact["value"] for fact in node["facts"] if fact["kind"] == "assignment"]
    stranger = await asked.get("director", f"/v1/indices/coordination/2025/units/{uuid4()}/explain")
    assert node["value"] == "33.33"
    assert shown(evaluate(as_read(node))) == Decimal("33.33")
    assert "1 trong 3" in node["title"]
    assert told == [
        "hạn 30/06/2025, gửi 30/06/2025, đúng hạn",
        "hạn 30/06/2025, gửi 03/07/2025, quá hạn",
        "hạn 30/06/2025, chưa gửi",
    ]
    assert stranger.status_code == 404
