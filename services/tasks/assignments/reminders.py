"""What only time brings about: reminders before the deadline, and the day after it."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from contracts.tasks import AssignmentDueSoon, AssignmentOverdue
from tasks.assignments.domain import OPEN, REMINDER_STEPS, overdue_by, reminder_step
from tasks.assignments.models import Assignment
from tasks.assignments.record import entry_of
from tasks.calendar.moment import Moment, moment
from tasks.plans.models import Plan

MOST = 500  # per run and transaction; the rest follows a minute later


async def announce_due_soon(session: AsyncSession, *, limit: int = MOST) -> int:
    """Announce each reminder step of each due day once; return how many."""
    at = await moment(session)
    announced = []
    for assignment in await _take(session, _due_soon(at), limit):
        step = reminder_step(assignment.status, assignment.due_on, at.today, at.calendar)
        if step is None:
            continue
        assignment.reminded_for, assignment.reminded_step = assignment.due_on, step
        assignment.version += 1
        session.add(entry_of(assignment, "due_soon", at, None, {"working_days_left": step}))
        state = assignment.state()
        announced.append(AssignmentDueSoon(assignment=state, working_days_left=step))
    await session.flush()
    await outbox.add(session, *announced, now=at.now)
    return len(announced)


async def announce_overdue(session: AsyncSession, *, limit: int = MOST) -> int:
    """Announce what became overdue, once per due day; return how many."""
    at = await moment(session)
    announced = []
    for assignment in await _take(session, _newly_overdue(at), limit):
        due_on = assignment.due_on
        if due_on is None or not overdue_by(assignment.status, due_on, at.today):
            continue
        assignment.overdue_announced_for = due_on
        assignment.version += 1
        session.add(entry_of(assignment, "overdue", at, None))
        since = due_on + timedelta(days=1)
        state = assignment.state()
        announced.append(AssignmentOverdue(assignment=state, overdue_since=since))
    await session.flush()
    await outbox.add(session, *announced, now=at.now)
    return len(announced)


async def _take(
    session: AsyncSession, statement: Select[Assignment], limit: int
) -> Sequence[Assignment]:
    """Lock up to `limit` rows that nobody else is changing; those wait for the next run."""
    locked = statement.limit(limit).with_for_update(of=Assignment, skip_locked=True)
    return (await session.scalars(locked)).all()


def _owed() -> Select[Assignment]:
    """Select what units still owe under plans in force; drafts bind nobody."""
    return (
        select(Assignment)
        .join(Plan, Plan.id == Assignment.plan_id)
        .where(Plan.status == "active", Assignment.status.in_(sorted(OPEN)))
        .order_by(Assignment.due_on, Assignment.id)
    )


def _due_soon(at: Moment) -> Select[Assignment]:
    """Narrow to rows whose present step is nearer than the one last announced for this due day.

    Working days left <= n means: the last working day is no later than n working days from today.
    """
    horizons = [(n, at.calendar.add_working_days(at.today, n)) for n in sorted(REMINDER_STEPS)]
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
