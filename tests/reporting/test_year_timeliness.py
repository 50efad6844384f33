"""What came in time: by the deadlines as they are, and as they first were; each counted exactly."""

import random
from datetime import date, timedelta

import pytest
from tests.reporting.conftest import assignment, created, envelope
from tests.reporting.years import Year

from chassis.clock import database_now, local_date
from contracts.tasks import AssignmentChanged, AssignmentState
from reporting.completion.domain import Completion, Counts
from reporting.completion.timeliness import Extended, Timely, explain, timely
from reporting.explanations.evaluation import evaluate

PATH = "/v1/indices/completion"


@pytest.fixture
async def year(office, consumer, database, survey) -> Year:
    return Year(office, consumer, database, survey)


@pytest.fixture
async def today(database) -> date:
    """Return the department's day: it begins seven hours before that of the database."""
    async with database.sessions() as session:
        return local_date(await database_now(session))


async def take(consumer, states: list[AssignmentState]) -> None:
    await consumer.apply([envelope(created(state)) for state in states])
    await consumer.apply([
        envelope(AssignmentChanged(assignment=state.model_copy(update={"version": 2})))
        for state in states
    ])  # fmt: skip


def drawn(pick: random.Random, plan_id, number: int, today: date) -> AssignmentState:
    """Return an assignment in any state, due around today, put off or not."""
    first = today + timedelta(days=pick.randrange(-20, 20))
    extended = pick.random() < 0.5
    due_on = first + timedelta(days=pick.randrange(1, 15)) if extended else first
    status = pick.choice(["not_started", "submitted", "done", "done", "cancelled"])
    came = first + timedelta(days=pick.randrange(-5, 20))
    return assignment(plan_id, number, unit=number % 3).model_copy(update={
        "due_on": due_on, "first_due_on": first if extended else None, "status": status,
        "submitted_on": came if status in ("submitted", "done") else None,
        "paused_on": today if pick.random() < 0.15 else None,
    })  # fmt: skip


def counted(states: list[AssignmentState], today: date, *, first: bool) -> list[int]:
    """Count one by one what is due, done and on time by one kind of deadline."""
    found = [0, 0, 0]
    for state in states:
        day = state.first_due_on if first and state.first_due_on else state.due_on
        done = state.status == "done"
        owed = state.status != "cancelled" and (done or state.paused_on is None)
        if owed and day <= today:
            came = done and state.submitted_on <= day
            found = [n + more for n, more in zip(found, (1, done, came), strict=True)]
    return found


def told(view: dict) -> list[int]:
    return [view["due"], view["done"], view["on_time"]]


@pytest.mark.parametrize("seed", range(3))
async def test_both_deadlines_are_counted_as_one_by_one_over_the_year_and_each_plan(
    seed, year, consumer, office, today
):
    pick = random.Random(seed)
    plans = [await year.issue("Một"), await year.issue("Hai")]
    states = [drawn(pick, plans[n % 2], n, today) for n in range(60)]
    await take(consumer, states)
    seen = (await office.get("auditor", PATH, year=2025)).json()

    for view, of in [
        (seen, states),
        *((p, [s for s in states if str(s.plan_id) == p["completion"]["plan_id"]])
          for p in seen["plans"]),
    ]:  # fmt: skip
        assert told(view["by_current_deadline"]) == counted(of, today, first=False)
        assert told(view["by_first_deadline"]) == counted(of, today, first=True)
    assert [plan["title"] for plan in seen["plans"]] == ["Một", "Hai"]


async def test_who_is_in_time_only_by_an_extension_is_late_by_the_first_deadline(
    year, consumer, office, today
):
    plan_id = await year.issue("Kế hoạch")
    late = assignment(plan_id, 1).model_copy(update={
        "first_due_on": today - timedelta(days=9), "due_on": today - timedelta(days=2),
        "submitted_on": today - timedelta(days=3), "status": "done",
    })  # fmt: skip
    put_off = assignment(plan_id, 2).model_copy(update={
        "first_due_on": today - timedelta(days=1), "due_on": today + timedelta(days=9),
    })  # fmt: skip
    await take(consumer, [late, put_off])
    seen = (await office.get("director", PATH, year=2025)).json()

    assert told(seen["by_current_deadline"]) == [1, 1, 1]
    assert told(seen["by_first_deadline"]) == [2, 1, 0]
    assert seen["by_current_deadline"]["rate_on_time"] == "100.00"
    assert seen["by_first_deadline"]["rate_on_time"] == "0.00"


async def test_it_says_first_how_much_of_the_work_it_covers_and_explains_every_rate(
    year, consumer, office, today
):
    plan_id = await year.issue("Kế hoạch")
    due = assignment(plan_id, 1).model_copy(update={"due_on": today})
    endless = assignment(plan_id, 2).model_copy(
        update={"due_on": None, "deadline_kind": "continuous"}
    )
    unread = assignment(plan_id, 3).model_copy(
        update={"due_on": None, "deadline_kind": "needs_person"}
    )
    await take(consumer, [due, endless, unread])
    seen = (await office.get("unit_officer", PATH, year=2025)).json()

    assert seen["coverage"] == {
        "with_deadline": 1, "all": 3, "continuous": 1, "untriggered": 0, "needs_person": 1,
    }  # fmt: skip
    assert [each["step"] for each in seen["explained"]] == [
        "done_of_all", "done_of_due", "on_time_by_current_deadline", "on_time_by_first_deadline",
    ]  # fmt: skip
    assert [each["children"][0]["title"][:8] for each in seen["explained"]] == ["Kế hoạch"] * 4
    assert len(seen["units"]) == 1


async def test_a_year_without_any_plan_has_no_rate_and_no_zero_percent(year, office):
    seen = (await office.get("director", PATH, year=2031)).json()

    assert (seen["by_first_deadline"]["rate_on_time"], seen["completion"]["rate_all"]) == (
        None, None,
    )  # fmt: skip
    assert (seen["plans"], seen["coverage"]["all"], seen["coordination"]) == ([], 0, None)
    assert (await office.get("director", PATH)).status_code == 422


def test_a_share_is_explained_so_that_it_can_be_worked_out_again():
    completion = Completion(Counts(10, 7, 6), Counts(7, 6, 5), 1)
    extended = Extended(Timely(2, 2, 2), Timely(3, 2, 0))
    found = timely(completion, extended, "first")
    told_of = explain(found, "first", plans=[("Một", found)])

    assert found == Timely(8, 6, 3)
    assert evaluate(told_of) == found.rate_on_time
    assert timely(completion, extended, "current") == Timely(7, 6, 5)
