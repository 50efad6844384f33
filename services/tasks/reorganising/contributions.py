"""What units that end were asked for goes on to whoever takes their place."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.assignments.asked import OWED, Contribution
from tasks.assignments.models import Assignment
from tasks.assignments.requests import withdraw_contributions
from tasks.calendar.moment import Moment

OPEN = (*OWED, "given")  # given, and nobody has said yet whether it will do


async def pass_on(
    session: AsyncSession,
    rows: Sequence[Assignment],
    heirs: Mapping[UUID, UUID | None],
    at: Moment,
) -> None:
    """Let successors owe what units that end were asked for; the caller records the assignments.

    Where nobody takes the place, what is owed is withdrawn; what was accepted stays where it was.
    """
    for ended, heir in heirs.items():
        theirs = [row for row in rows if _asked_of(row, ended)]
        if heir is None:
            await withdraw_contributions(session, theirs, at, of_unit=ended)
        elif theirs:
            await _become(session, theirs, ended, heir)


async def _become(
    session: AsyncSession, rows: Sequence[Assignment], ended: UUID, heir: UUID
) -> None:
    for row in rows:
        row.contributions = [
            {**each, "unit_id": str(heir)} if _is_open(each, ended) else each
            for each in row.contributions
        ]
    await session.execute(
        update(Contribution)
        .where(
            Contribution.assignment_id.in_([row.id for row in rows]),
            Contribution.unit_id == ended,
            Contribution.status.in_(OPEN),
        )
        .values(unit_id=heir)
        .execution_options(synchronize_session=False)
    )


def _asked_of(row: Assignment, unit_id: UUID) -> bool:
    return any(_is_open(each, unit_id) for each in row.contributions)


def _is_open(contribution: Mapping[str, Any], unit_id: UUID) -> bool:
    return contribution["unit_id"] == str(unit_id) and contribution["status"] in OPEN
