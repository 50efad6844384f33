"""What an assignment counts for, and figures from cells that only ever change by new − old."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.tasks import AssignmentState
from reporting.completion.domain import (
    Cell,
    Counts,
    TaskCounts,
    changes,
    contribution,
    explain,
    summarise,
)
from reporting.explanations.evaluation import evaluate_exactly
from reporting.shown import shown

DUE = date(2025, 6, 30)
ID = UUID(int=1)


def assignment(
    status="in_progress", due_on=DUE, kind="fixed", submitted_on=None, **changed
) -> AssignmentState:
    return AssignmentState(
        assignment_id=ID, version=1, number="NV-2025-0001", plan_id=ID, plan_year=2025, task_id=ID,
        task_number="1", section="I", subject_matter="", content="", product="", unit_id=ID,
        coordinating_unit_ids=[], accountable_person_id=None, occurrence="", deadline_kind=kind,
        deadline_text="", starts_on=None, due_on=due_on, last_working_day=None, status=status,
        progress_percent=0, submitted_on=submitted_on,
        accepted_at=datetime(2025, 7, 1, tzinfo=UTC) if status == "done" else None, **changed,
    )  # fmt: skip


STATES = st.builds(
    assignment,
    status=st.sampled_from(
        ["not_started", "in_progress", "submitted", "returned", "done", "cancelled"]
    ),
    due_on=st.none() | st.dates(date(2025, 6, 1), date(2025, 6, 9)),
    kind=st.sampled_from(["fixed", "recurring", "continuous", "triggered", "needs_person"]),
    submitted_on=st.none() | st.dates(date(2025, 6, 1), date(2025, 6, 9)),
    paused_on=st.none() | st.just(date(2025, 6, 2)),
    first_due_on=st.none() | st.dates(date(2025, 5, 1), date(2025, 6, 9)),
)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (assignment(), Counts(total=1)),
        (assignment("returned"), Counts(total=1)),
        (assignment("submitted"), Counts(total=1, waiting=1)),
        (assignment("done", submitted_on=DUE), Counts(total=1, done=1, done_on_time=1)),
        (assignment("done", submitted_on=DUE + timedelta(1)), Counts(total=1, done=1)),
        (assignment(kind="continuous"), Counts(continuous=1)),
        (assignment(kind="triggered", due_on=None), Counts(untriggered=1)),
        (assignment(kind="triggered"), Counts(total=1)),
        (assignment(kind="needs_person", due_on=None), Counts(needs_person=1)),
        (assignment(kind="needs_person"), Counts(total=1)),  # the Office has set the day
        (assignment("cancelled"), Counts(cancelled=1)),
    ],
)
def test_an_assignment_counts_by_its_status_and_only_with_a_day_enters_a_denominator(state, counts):
    assert contribution(state).counts == counts
    assert (contribution(state).due_on is None) == (counts.total == 0)


FIRST = DUE - timedelta(20)


@pytest.mark.parametrize(
    ("submitted_on", "on_time", "on_time_first"),
    [(FIRST, 1, 1), (FIRST + timedelta(1), 1, 0), (DUE, 1, 0), (DUE + timedelta(1), 0, 0)],
)
def test_on_time_is_counted_by_the_deadline_now_and_by_the_first(
    submitted_on, on_time, on_time_first
):
    counts = contribution(
        assignment("done", submitted_on=submitted_on, first_due_on=FIRST, extended_times=1)
    ).counts
    assert (counts.done_on_time, counts.done_on_time_first) == (on_time, on_time_first)
    assert counts.extended == 1


def test_what_is_paused_stays_in_all_is_never_due_and_is_counted():
    cells = [contribution(assignment(paused_on=DUE)), contribution(assignment())]
    found = summarise(cells, today=DUE + timedelta(1))
    assert (found.counts.total, found.due.total, found.overdue) == (2, 1, 1)
    assert found.counts.paused == 1
    told = explain(found)
    assert told.facts["paused"] == 1


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_what_is_over_is_paused_no_more(status):
    over = assignment(status, submitted_on=DUE)
    assert contribution(over.model_copy(update={"paused_on": DUE})) == contribution(over)


def test_explanations_count_what_was_extended():
    extended = assignment("done", submitted_on=DUE, first_due_on=FIRST, extended_times=1)
    told = explain(summarise([contribution(extended)], today=DUE))
    facts = {name: told.facts[name] for name in ("done_on_time", "done_on_time_first", "extended")}
    assert facts == {"done_on_time": 1, "done_on_time_first": 0, "extended": 1}


def test_seventeen_of_sixty_two_is_another_figure_than_seventeen_of_those_due():
    cells = [Cell(DUE, Counts(20, 17, 15)), Cell(date(2025, 12, 31), Counts(42))]

    completion = summarise(cells, today=DUE)

    assert shown(completion.rate_all) == Decimal("27.42")
    assert shown(completion.rate_due) == Decimal("85.00")


@pytest.mark.parametrize(("today", "due", "overdue"), [(29, 0, 0), (30, 2, 0), (31, 2, 1)])
def test_on_its_last_allowed_day_an_assignment_is_due_and_only_the_day_after_overdue(
    today, due, overdue
):
    cells = [contribution(assignment()), contribution(assignment("submitted"))]

    completion = summarise(cells, today=date(2025, 6, 1) + timedelta(today - 1))

    assert (completion.due.total, completion.overdue) == (due, overdue)


def test_nothing_to_do_has_no_rate():
    completion = summarise([contribution(assignment(kind="continuous"))], today=DUE)

    assert completion.rate_all is None
    assert completion.rate_due is None
    assert completion.whole == TaskCounts(0, 0, 0, 0)
    assert explain(completion).value is None


def test_done_early_counts_in_all_at_once_and_in_due_when_its_day_has_come():
    cells = [contribution(assignment("done", submitted_on=date(2025, 1, 2)))]

    early, later = (summarise(cells, today=day) for day in (date(2025, 1, 3), DUE))

    assert early.whole.done == 1
    assert early.so_far == TaskCounts(0, 0, 0, 0)
    assert later.so_far == TaskCounts(1, 1, 1, 0)


def test_a_moved_deadline_touches_the_two_cells_and_an_unchanged_one_none():
    later = DUE + timedelta(30)

    moved = changes(assignment(), assignment(due_on=later))

    assert {(c.due_on, c.counts.total) for c in moved} == {(DUE, -1), (later, 1)}
    assert changes(assignment(), assignment("returned")) == []


@given(st.lists(STATES, min_size=1), st.dates(date(2025, 6, 1), date(2025, 6, 10)))
def test_cells_that_followed_every_version_give_the_figures_of_the_last_one(versions, today):
    cells: dict[date | None, Counts] = {}
    for old, new in zip([None, *versions], versions, strict=False):
        for due_on, delta in changes(old, new):
            cells[due_on] = cells.get(due_on, Counts()) + delta

    followed = summarise([Cell(*item) for item in cells.items()], today)

    assert followed == summarise([contribution(versions[-1])], today)


@given(st.lists(STATES), st.dates(date(2025, 6, 1), date(2025, 6, 10)), st.booleans())
def test_the_explanation_gives_the_rate(states, today, only_due):
    completion = summarise(map(contribution, states), today)

    rate = completion.rate_due if only_due else completion.rate_all
    assert evaluate_exactly(explain(completion, only_due=only_due)) == rate
