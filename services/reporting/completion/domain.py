"""How much of a plan is done: what one assignment counts for, and the figures from summed cells.

A cell is the sum of all assignments of one scope (plan, unit, sub-criterion) with the same last
allowed day. An event changes cells by new − old; today's figures come from the cells alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from operator import add, attrgetter, sub
from typing import NamedTuple, Self
from uuid import UUID

from chassis.words import N_, Sentence
from contracts.tasks import AssignmentState, ContributionState
from reporting.explanations.domain import Explanation, percent
from reporting.shown import text

_OF_DUE = N_("Hoàn thành {done} trong {total} nhiệm vụ đã đến hạn: {rate}")
_OF_ALL = N_("Hoàn thành {done} trong {total} nhiệm vụ phải hoàn thành trong kỳ: {rate}")
_IN_TIME = N_("{unit} gửi đúng hạn {done} trong {total} đóng góp phối hợp đã đến hạn: {rate}")
_RATE_IN_TIME = N_("100 × số đóng góp gửi đúng hạn / số đã đến hạn; chưa có thì không tính")
_RATE = N_("100 × số hoàn thành / số phải hoàn thành; không có nhiệm vụ thì không tính")


@dataclass(frozen=True, slots=True)
class Counts:
    """Assignments in a cell. Differences may be negative, a cell itself never is.

    `total` … `waiting` have a last allowed day and are the only ones in any denominator; the rest
    stand beside the figures. `waiting`: a result is submitted, not yet accepted or returned.
    `paused` and `extended` are counted in the others, too: what is paused stays in `total` without
    a day, so that it is never due; `on_time_extended` are those of `done_on_time` that were late by
    their first deadline.
    """

    total: int = 0
    done: int = 0
    done_on_time: int = 0
    waiting: int = 0
    continuous: int = 0
    untriggered: int = 0
    needs_person: int = 0
    cancelled: int = 0
    paused: int = 0
    extended: int = 0
    on_time_extended: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(*map(add, _values(self), _values(other)))

    def __sub__(self, other: Self) -> Self:
        return type(self)(*map(sub, _values(self), _values(other)))

    @property
    def done_on_time_first(self) -> int:
        """Those on time by the deadline before any extension."""
        return self.done_on_time - self.on_time_extended


_values = attrgetter(*(field.name for field in fields(Counts)))


class Cell(NamedTuple):
    """The counts of one last allowed day; `due_on` None: nothing in it has one."""

    due_on: date | None
    counts: Counts


def contribution(state: AssignmentState) -> Cell:
    """Return the cell one version of an assignment belongs to, and what it adds there.

    Needs no clock: what is due or overdue follows from the cell's day when the cells are read.
    Returned results are not done; an accepted one is on time by the day it was submitted. What is
    paused has no day while it is.

    Source: composed, docs/indices.md 5.
    """
    cell = _owed(state)
    if state.paused_on is None or state.status in {"done", "cancelled"}:
        return cell
    return Cell(None, replace(cell.counts, paused=1))


def _owed(state: AssignmentState) -> Cell:
    if state.status == "cancelled":
        return Cell(None, Counts(cancelled=1))
    if state.deadline_kind == "continuous":
        return Cell(None, Counts(continuous=1))
    if state.due_on is None:
        untriggered = state.deadline_kind == "triggered"
        return Cell(None, Counts(untriggered=int(untriggered), needs_person=int(not untriggered)))
    done = state.status == "done"
    on_time = done and _by(state.submitted_on, state.due_on)
    waiting = state.status == "submitted"
    extended = state.first_due_on is not None
    saved = on_time and extended and not _by(state.submitted_on, state.first_due_on)
    return Cell(
        state.due_on,
        Counts(
            1, int(done), int(on_time), int(waiting), extended=int(extended),
            on_time_extended=int(saved),
        ),
    )  # fmt: skip


def _by(submitted_on: date | None, due_on: date | None) -> bool:
    return submitted_on is not None and due_on is not None and submitted_on <= due_on


def helping(state: AssignmentState) -> list[tuple[UUID, Cell]]:
    """Return the cells of what coordinating units were asked for in an assignment, by unit.

    There `total` is asked, `done` given (and not returned), `done_on_time` given in time. What was
    withdrawn counts nowhere, nor what a cancelled assignment needed; what is paused has no day.

    Source: composed, docs/indices.md 5.
    """
    if state.status == "cancelled":
        return []
    return [
        (each.unit_id, _asked(each, paused=state.paused_on is not None))
        for each in state.contributions
        if each.status != "withdrawn"
    ]


def _asked(each: ContributionState, *, paused: bool) -> Cell:
    given = each.given_on is not None
    counts = Counts(1, int(given), int(given and bool(each.on_time)))
    return Cell(None if paused and not given else each.due_on, counts)


class Change(NamedTuple):
    """What to add to one cell."""

    due_on: date | None
    counts: Counts


def changes(old: AssignmentState | None, new: AssignmentState | None) -> list[Change]:
    """Return what turns the old version's contribution into the new one's: at most two cells.

    None: no version before, or not in this scope any more (another unit, a link taken back).
    """
    delta: dict[date | None, Counts] = {}
    if old is not None:
        cell = contribution(old)
        delta[cell.due_on] = Counts() - cell.counts
    if new is not None:
        cell = contribution(new)
        delta[cell.due_on] = delta.get(cell.due_on, Counts()) + cell.counts
    return [Change(due_on, counts) for due_on, counts in delta.items() if counts != Counts()]


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """What a task-fed sub-criterion is scored by. `overdue`: past the day, no result handed in."""

    total: int
    done: int
    on_time: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Completion:
    """Where a plan, a unit or a sub-criterion stands on one day.

    `counts` of everything; `due` of what has its last allowed day on that day or before (the day
    itself is due, not overdue); `overdue` is past it with no result submitted.
    """

    counts: Counts
    due: Counts
    overdue: int

    @property
    def rate_all(self) -> Fraction | None:
        """Done of all that must be done in the period, in percent; None when there is nothing."""
        return rate(self.counts.done, self.counts.total)

    @property
    def rate_due(self) -> Fraction | None:
        """Done of what is due, in percent; done early counts here once its day has come."""
        return rate(self.due.done, self.due.total)

    @property
    def whole(self) -> TaskCounts:
        """Counts over the whole period: what is proven."""
        return _task_counts(self.counts, self.overdue)

    @property
    def so_far(self) -> TaskCounts:
        """Counts over what is due: where today's pace leads."""
        return _task_counts(self.due, self.overdue)


def summarise(cells: Iterable[Cell], today: date) -> Completion:
    """Add up cells as of `today`, a day in the department's time zone. Cost: one step per cell.

    Source of what is due and overdue: composed, docs/indices.md 5.
    """
    every, due, overdue = Counts(), Counts(), 0
    for due_on, counts in cells:
        every += counts
        if due_on is not None and due_on <= today:
            due += counts
        if due_on is not None and due_on < today:
            overdue += counts.total - counts.done - counts.waiting
    return Completion(every, due, overdue)


def rate(done: int, total: int) -> Fraction | None:
    """Return done of total in percent, exact; None when there is nothing to do."""
    return Fraction(100 * done, total) if total else None


def explain(
    completion: Completion,
    *,
    only_due: bool = False,
    plans: Sequence[tuple[str, Completion]] = (),
) -> Explanation:
    """Explain how done/all (or done/due) came about, in percent (docs/indices.md 5).

    `plans`: of a year's completion, the title and the completion of each plan that it adds up.
    """
    counts = completion.due if only_due else completion.counts
    value = rate(counts.done, counts.total)
    sentence = _OF_DUE if only_due else _OF_ALL
    facts = {"done": counts.done, "total": counts.total, "rate": percent(value)}
    return Explanation(
        rule="rate",
        step="done_of_due" if only_due else "done_of_all",
        text=Sentence(sentence, facts),
        formula=Sentence(_RATE),
        facts={"done": counts.done, "total": counts.total, **_beside(completion)},
        parts=tuple(_of_plan(title, explain(each, only_due=only_due)) for title, each in plans),
        value=None if value is None else text(value),
    )


def explain_coordination(unit: str, completion: Completion) -> Explanation:
    """Explain how many of the contributions a unit owes came in time, in percent (5).

    `completion`: of the cells `helping` fills for it.
    """
    due = completion.due
    value = rate(due.done_on_time, due.total)
    facts = {"done": due.done_on_time, "total": due.total, "rate": percent(value), "unit": unit}
    return Explanation(
        rule="rate",
        step="contributed_in_time",
        text=Sentence(_IN_TIME, facts),
        formula=Sentence(_RATE_IN_TIME),
        facts={
            "done": due.done_on_time,
            "total": due.total,
            "contributions_asked": completion.counts.total,
            "contributions_given": completion.counts.done,
        },
        value=None if value is None else text(value),
    )


def _of_plan(title: str, found: Explanation) -> Explanation:
    """Return how one plan's rate came about, with the plan's title before it."""
    told = Sentence("{plan}: {rate}", {**found.text.facts, "plan": title, "rate": found.text})
    return replace(found, text=told)


def _beside(completion: Completion) -> dict[str, int]:
    """Facts that stand beside the rate and are in no denominator, with those that are late."""
    counts = completion.counts
    return {
        "done_on_time": counts.done_on_time,
        "done_on_time_first": counts.done_on_time_first,
        "extended": counts.extended,
        "overdue": completion.overdue,
        "waiting": counts.waiting,
        "continuous": counts.continuous,
        "untriggered": counts.untriggered,
        "needs_person": counts.needs_person,
        "cancelled": counts.cancelled,
        "paused": counts.paused,
    }


def _task_counts(counts: Counts, overdue: int) -> TaskCounts:
    return TaskCounts(counts.total, counts.done, counts.done_on_time, overdue)
