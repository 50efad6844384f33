"""Who acts for bodies, of those who work here now: named for them, or of their units."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.directory import person
from reporting.bodies.models import Body
from reporting.bodies.scope import OF_A_UNIT


async def people_of(session: AsyncSession, bodies: Sequence[Body]) -> dict[UUID, list[UUID]]:
    """Return who acts for each body, by its id, in the order of their own ids."""
    columns = person.c
    named = columns.id.in_({each for body in bodies for each in body.people})
    of_units = columns.unit_id.in_({body.unit_id for body in bodies if body.unit_id})
    wanted = named | (of_units & columns.role.in_(OF_A_UNIT))
    found = (
        await session.execute(
            select(columns.id, columns.unit_id, columns.role)
            .where(wanted, columns.active)
            .order_by(columns.id)
        )
    ).all()
    return {
        body.id: [
            each.id
            for each in found
            if each.id in body.people
            or (body.unit_id and each.unit_id == body.unit_id and each.role in OF_A_UNIT)
        ]
        for body in bodies
    }
