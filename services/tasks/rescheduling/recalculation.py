"""A changed working calendar moves last working days; whoever knows them must hear of it."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import AssignmentChanged
from tasks.assignments.domain import LIVE
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change_by, take
from tasks.assignments.scope import scope
from tasks.calendar.domain import WorkingCalendar
from tasks.calendar.moment import Moment


async def follow_calendar(session: AsyncSession, actor: Actor, year: int, at: Moment) -> int:
    """Recompute what is live and due in the year or just after it; return how many moved."""
    statement = _due_in(year).order_by(Assignment.id).with_for_update(of=Assignment)
    steps = [
        step
        for assignment in await take(session, statement)
        if (step := _moved(assignment, at)) is not None
    ]
    await change_by(session, steps, at, actor)
    return len(steps)


async def would_move(
    session: AsyncSession, actor: Actor, year: int, calendar: WorkingCalendar
) -> list[tuple[Assignment, date | None]]:
    """Return what is live and would have another last working day, and which; nothing changes.

    By due day; `actor` sees all of them, or fewer than there are.
    """
    found = await session.scalars(
        scope(_due_in(year), actor).order_by(Assignment.due_on, Assignment.id)
    )
    last = ((each, _last(each, calendar)) for each in found)
    return [(each, day) for each, day in last if day != each.last_working_day]


def _due_in(year: int) -> Select[Assignment]:
    until = date(year + 1, 1, 31)  # a day off at the year's end can move a day of January
    due = Assignment.due_on.between(date(year, 1, 1), until)
    return select(Assignment).where(due, Assignment.status.in_(sorted(LIVE)))


def _last(assignment: Assignment, calendar: WorkingCalendar) -> date | None:
    due_on = assignment.due_on
    return calendar.last_working_day_on_or_before(due_on) if due_on else None


def _moved(assignment: Assignment, at: Moment) -> Step | None:
    last = _last(assignment, at.calendar)
    if last == assignment.last_working_day:
        return None
    changed = {
        "field": "last_working_day",
        "before": str(assignment.last_working_day),
        "after": str(last),
    }
    before = assignment.state()
    assignment.last_working_day = last
    return Step(assignment, "changed", AssignmentChanged, {"changes": [changed]}, before)
