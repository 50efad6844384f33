"""Open requests for a later deadline, and that they end with what they are about."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.assignments.models import Assignment, Extension
from tasks.calendar.moment import Moment


async def withdraw_request(
    session: AsyncSession, assignments: Sequence[Assignment], at: Moment
) -> None:
    """Withdraw the open requests of assignments that are done, ended or led by another unit.

    The caller records the assignments, whose state says that nothing is asked for any more.
    """
    asking = [each for each in assignments if each.requested_due_on is not None]
    if not asking:
        return
    for each in asking:
        each.requested_due_on = None
    await session.execute(
        update(Extension)
        .where(Extension.assignment_id.in_([e.id for e in asking]), Extension.status == "open")
        .values(status="withdrawn", decided_at=at.now)
        .execution_options(synchronize_session=False)
    )
