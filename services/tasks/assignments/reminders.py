"""What only time brings about: reminders before the deadline, and the day after it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import TIME_ZONE
from contracts.tasks import AssignmentDueSoon, AssignmentOverdue, AssignmentUpdateMissed
from tasks.assignments.domain import (
    OPEN,
    is_overdue,
    quarter_before,
    reminder_step,
    working_days_left,
)
from tasks.assignments.models import Assignment, Entry
from tasks.assignments.record import Step, change, take
from tasks.calendar.moment import Moment, moment_at
from tasks.ladder.actions import ladder
from tasks.plans.models import Plan

_HEARD = ("created", "progress", "result_submitted", "result_returned", "resumed", "handed_over")
MOST = 500  # per transaction; the rest follows at once in others


async def announce_due_soon(session: AsyncSession, now: datetime, *, limit: int = MOST) -> int:
    """Announce each reminder step of each due day once; return how many."""
    at = await moment_at(session, now)
    before = (await ladder(session)).before
    if not before:
        return 0
    steps = []
    for assignment in await take(session, _free(_due_soon(at, before), limit)):
        due_on = assignment.due_on
        step = reminder_step(assignment.status, due_on, at.today, at.calendar, before)
        if due_on is not None and step is not None:
            assignment.reminded_for, assignment.reminded_step = due_on, step
            left = working_days_left(due_on, at.today, at.calendar)  # fewer than the step when late
            facts = {"working_days_left": left, "step": step}
            steps.append(Step(assignment, "due_soon", AssignmentDueSoon, facts))
    await change(session, steps, at)
    return len(steps)


async def announce_overdue(session: AsyncSession, now: datetime, *, limit: int = MOST) -> int:
    """Announce what became overdue, once per due day; return how many."""
    at = await moment_at(session, now)
    steps = []
    for assignment in await take(session, _free(_newly_overdue(at), limit)):
        due_on = assignment.due_on
        if due_on is not None and is_overdue(assignment.status, due_on, at.today):
            assignment.overdue_announced_for = due_on
            facts = {"overdue_since": due_on + timedelta(days=1)}
            steps.append(Step(assignment, "overdue", AssignmentOverdue, facts))
    await change(session, steps, at)
    return len(steps)


async def announce_missed_updates(
    session: AsyncSession, now: datetime, *, limit: int = MOST
) -> int:
    """Announce, once a quarter, what is continuous and had no word in the last one.

    Return how many. Source: composed: nobody is urged about continuous tasks but for a missed
    periodic update.
    """
    at = await moment_at(session, now)
    first, last = quarter_before(at.today)
    steps = []
    for assignment in await take(session, _free(_silent(first, last), limit)):
        assignment.overdue_announced_for = last
        facts = {"quarter_ended_on": last}
        steps.append(Step(assignment, "update_missed", AssignmentUpdateMissed, facts))
    await change(session, steps, at)
    return len(steps)


def _silent(first: date, last: date) -> Select[Assignment]:
    """Narrow to what is continuous since before the quarter, without a word in it or after it."""
    since = datetime.combine(first, time(), TIME_ZONE)
    heard = select(Entry.id).where(
        Entry.assignment_id == Assignment.id, Entry.kind.in_(_HEARD), Entry.at >= since
    )
    not_yet = Assignment.overdue_announced_for.is_distinct_from(last)
    return _owed().where(
        Assignment.deadline_kind == "continuous", Plan.issued_on < first, not_yet, ~exists(heard)
    )


def _free(statement: Select[Assignment], limit: int) -> Select[Assignment]:
    """Lock up to `limit` rows that nobody else is changing; those wait for the next run."""
    return statement.limit(limit).with_for_update(of=Assignment, skip_locked=True)


def _owed() -> Select[Assignment]:
    """Select what units still owe under plans in force; drafts bind nobody, nor what is paused."""
    return (
        select(Assignment)
        .join(Plan, Plan.id == Assignment.plan_id)
        .where(Plan.status == "active", Assignment.status.in_(sorted(OPEN)))
        .where(Assignment.paused_on.is_(None))
        .order_by(Assignment.due_on, Assignment.id)
    )


def _due_soon(at: Moment, before: Sequence[int]) -> Select[Assignment]:
    """Narrow to rows whose present step is nearer than the one last announced for this due day.

    Working days left <= n means: the last working day is no later than n working days from today.
    """
    horizons = [(n, at.calendar.add_working_days(at.today, n)) for n in sorted(before)]
    step = case(*((Assignment.last_working_day <= horizon, n) for n, horizon in horizons))
    not_yet = or_(
        Assignment.reminded_for.is_distinct_from(Assignment.due_on),
        Assignment.reminded_step > step,
    )
    return _owed().where(_between(at.today, horizons[-1][1]), not_yet)


def _between(today: date, furthest: date) -> ColumnElement[bool]:
    return and_(Assignment.due_on >= today, Assignment.last_working_day <= furthest)


def _newly_overdue(at: Moment) -> Select[Assignment]:
    not_yet = Assignment.overdue_announced_for.is_distinct_from(Assignment.due_on)
    return _owed().where(Assignment.due_on < at.today, not_yet)
