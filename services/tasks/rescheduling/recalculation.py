"""A changed working calendar moves last working days; whoever keeps them must hear of it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import AssignmentChanged
from tasks.assignments.domain import LIVE
from tasks.assignments.models import Assignment
from tasks.assignments.record import Change
from tasks.calendar.moment import Moment


async def follow_calendar(session: AsyncSession, actor: Actor, year: int, at: Moment) -> int:
    """Recompute what is live and due in the year or just after it; return how many moved."""
    until = date(year + 1, 1, 31)  # a day off at the year's end can move a day of January
    due = Assignment.due_on.between(date(year, 1, 1), until)
    statement = (
        select(Assignment)
        .where(due, Assignment.status.in_(sorted(LIVE)))
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    )
    moved = 0
    for assignment in await session.scalars(statement):
        moved += await _follow(session, actor, assignment, at)
    return moved


async def _follow(session: AsyncSession, actor: Actor, assignment: Assignment, at: Moment) -> bool:
    last = assignment.due_on and at.calendar.last_working_day_on_or_before(assignment.due_on)
    if last == assignment.last_working_day:
        return False
    change = Change(session, actor, assignment, assignment.state(), at)
    shown = {
        "field": "last_working_day",
        "before": str(assignment.last_working_day),
        "after": str(last),
    }
    assignment.last_working_day = last
    await change.store("changed", AssignmentChanged, changes=[shown])
    return True
