"""What units lead and help with, and who works in them: what a reorganisation is about."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.assignments.domain import LIVE
from tasks.assignments.models import Assignment
from tasks.directory.models import Person, Unit, UnitGroup


def touched(ids: Collection[UUID]) -> Select[Assignment]:
    """Select what is not over and is led or helped by the units; what went on elsewhere is over."""
    theirs = or_(Assignment.unit_id.in_(ids), Assignment.coordinating_unit_ids.overlap(sorted(ids)))
    return (
        select(Assignment)
        .where(theirs, Assignment.status.in_(sorted(LIVE)), Assignment.carried_to_id.is_(None))
        .order_by(Assignment.id)
    )


async def people_of(
    session: AsyncSession, ids: Collection[UUID], *, lock: bool = False
) -> Sequence[Person]:
    """Return who works in the units, by name."""
    statement = select(Person).where(Person.unit_id.in_(ids), Person.active)
    statement = statement.order_by(Person.sort_key, Person.id)
    return (await session.scalars(statement.with_for_update() if lock else statement)).all()


async def below(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Unit]:
    """Return the active units that stand below the units and are none of them."""
    statement = select(Unit).where(Unit.parent_id.in_(ids), Unit.id.not_in(ids), Unit.active)
    return (await session.scalars(statement.order_by(Unit.id).with_for_update())).all()


async def groups_of(session: AsyncSession, ids: Collection[UUID]) -> Sequence[UnitGroup]:
    """Return the groups that name one of the units."""
    groups = await session.scalars(select(UnitGroup).order_by(UnitGroup.name))
    return [group for group in groups if not set(ids).isdisjoint(group.unit_ids)]
