"""A changed working calendar moves last working days; whoever knows them must hear of it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import AssignmentChanged
from tasks.assignments.domain import LIVE
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change_by, take
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
    steps = [
        step
        for assignment in await take(session, statement)
        if (step := _moved(assignment, at)) is not None
    ]
    await change_by(session, steps, at, actor)
    return len(steps)


def _moved(assignment: Assignment, at: Moment) -> Step | None:
    last = assignment.due_on and at.calendar.last_working_day_on_or_before(assignment.due_on)
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
