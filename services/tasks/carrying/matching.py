"""Which assignments of the plan that takes over are what is carried, under the same words."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.assignments.domain import OPEN
from tasks.assignments.models import Assignment
from tasks.words import key

Words = tuple[UUID, str, str]


def words_of(assignment: Assignment) -> Words:
    """Return what makes it the same: unit, content, occurrence; spelling and accents aside."""
    return (
        assignment.unit_id,
        key(assignment.task.content),
        key(assignment.occurrence),
    )


async def of_plan(session: AsyncSession, plan_id: UUID, *, lock: bool = False) -> list[Assignment]:
    """Return what a plan has that may go on with something: open, and not yet going on."""
    statement = (
        select(Assignment)
        .where(
            Assignment.plan_id == plan_id,
            Assignment.status.in_(sorted(OPEN)),
            Assignment.carried_from_id.is_(None),
            Assignment.carried_to_id.is_(None),
        )
        .order_by(Assignment.id)
    )
    if lock:
        statement = statement.with_for_update(of=Assignment)
    return list((await session.scalars(statement)).all())


def matched(old: Iterable[Assignment], there: Sequence[Assignment]) -> dict[UUID, Assignment]:
    """Return for each that the other plan has already, the one there; each is taken once."""
    free: dict[Words, list[Assignment]] = {}
    for each in there:
        free.setdefault(words_of(each), []).append(each)
    return {
        each.id: free[words].pop(0)
        for each in old
        if (words := words_of(each)) in free and free[words]
    }
