"""What is asked about an assignment, and that it ends with it: extensions, contributions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.assignments.asked import OWED, Contribution
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


async def withdraw_contributions(
    session: AsyncSession,
    assignments: Sequence[Assignment],
    at: Moment,
    *,
    of_unit: UUID | None = None,
) -> None:
    """Withdraw what coordinating units owe and nobody needs any more; the caller records it.

    What was due before and never came stays so. `of_unit`: all that this unit owes, which leads
    from now on.
    """
    gone: list[str] = []

    def after(each: dict[str, Any]) -> dict[str, Any]:
        needless = each["due_on"] >= str(at.today)
        theirs = needless if of_unit is None else each["unit_id"] == str(of_unit)
        if each["status"] not in OWED or not theirs:
            return each
        gone.append(each["contribution_id"])
        return {**each, "status": "withdrawn"}

    for assignment in assignments:
        assignment.contributions = [after(each) for each in assignment.contributions]
    if gone:
        await session.execute(
            update(Contribution)
            .where(Contribution.id.in_([UUID(id_) for id_ in gone]))
            .values(status="withdrawn", decided_at=at.now)
            .execution_options(synchronize_session=False)
        )
