"""The directory as it stands, whole: who may be told, and what units are called."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import TIME_ZONE
from notifications.rules.recipients import Directory, Person

# Units beside people, and the time beside both: one round trip for the whole directory.
_DIRECTORY = text(f"""
    SELECT p.id, p.unit_id, p.role, p.email <> '' AS has_address, p.active,
      CAST(NULL AS text) AS unit_name, a.substitute_id, CAST(NULL AS timestamptz) AS now
    FROM person p LEFT JOIN absence a ON a.person_id = p.id
      AND (now() AT TIME ZONE '{TIME_ZONE.key}')::date BETWEEN a.absent_from AND a.absent_until
    UNION ALL SELECT id, NULL, NULL, NULL, NULL, name, NULL, NULL FROM unit
    UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, now()
""")  # noqa: S608 - our own words


@dataclass(frozen=True)
class Known:
    """Names of units, ids of people, those who are active; and when, by the database's clock."""

    units: dict[UUID, str]
    people: set[UUID]
    active: Directory
    now: datetime


async def known(session: AsyncSession) -> Known:
    """Return the directory."""
    rows = (await session.execute(_DIRECTORY)).all()
    units = {row.id: row.unit_name for row in rows if row.unit_name is not None}
    people = [row for row in rows if row.role is not None]
    now: datetime = next(row.now for row in rows if row.now is not None)
    active = Directory(
        Person(row.id, row.unit_id, row.role, row.has_address, row.substitute_id)
        for row in people
        if row.active
    )
    return Known(units, {row.id for row in people}, active, now.astimezone(UTC))
