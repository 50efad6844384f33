"""The directory as it stands, whole: who may be told, and what units are called."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import TIME_ZONE
from notifications.rules.recipients import Directory, Person

# Units beside people: one round trip for the whole directory.
_DIRECTORY = text(f"""
    SELECT p.id, p.unit_id, p.role, p.email <> '' AS has_address, p.active,
      CAST(NULL AS text) AS unit_name, a.substitute_id
    FROM person p LEFT JOIN absence a ON a.person_id = p.id
      AND (now() AT TIME ZONE '{TIME_ZONE.key}')::date BETWEEN a.absent_from AND a.absent_until
    UNION ALL SELECT id, NULL, NULL, NULL, NULL, name, NULL FROM unit
""")  # noqa: S608 - our own words


@dataclass(frozen=True)
class Known:
    """Names of units, ids of people, and those who are active."""

    units: dict[UUID, str]
    people: set[UUID]
    active: Directory


async def known(session: AsyncSession) -> Known:
    """Return the directory."""
    rows = (await session.execute(_DIRECTORY)).all()
    units = {row.id: row.unit_name for row in rows if row.unit_name is not None}
    people = [row for row in rows if row.unit_name is None]
    active = Directory(
        Person(row.id, row.unit_id, row.role, row.has_address, row.substitute_id)
        for row in people
        if row.active
    )
    return Known(units, {row.id for row in people}, active)
