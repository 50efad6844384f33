"""Lines of an assignment's history that no version stands for: people were urged about it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.assignments.urged import Urging, UrgingRow
from tasks.assignments.views import Change, EntryView
from tasks.directory.models import Person

_URGED = (
    select(
        Urging.id, Urging.made_at, Urging.letter_number, Urging.letter_issued_on, UrgingRow.told,
        Person.name,
    )
    .join(UrgingRow, UrgingRow.urging_id == Urging.id)
    .outerjoin(Person, Person.id == Urging.made_by)
    .order_by(Urging.made_at.desc(), Urging.id.desc())
)  # fmt: skip


async def urged(session: AsyncSession, assignment_id: UUID) -> list[EntryView]:
    """Return when people were urged about an assignment, by whom, by which letter."""
    found = await session.execute(_URGED.where(UrgingRow.assignment_id == assignment_id))
    return [_line(*row) for row in found]


def in_order(lines: Sequence[EntryView], more: Sequence[EntryView]) -> list[EntryView]:
    """Return all lines, the newest first; one that is no version stands behind that of its time."""
    if not more:
        return list(lines)
    placed = []
    for each in more:
        before = [line.version for line in lines if line.at <= each.at]
        placed.append(each.model_copy(update={"version": max(before, default=0)}))
    return sorted([*lines, *placed], key=lambda line: (line.version, line.at), reverse=True)


def _line(
    urging_id: UUID,
    at: datetime,
    number: str | None,
    issued_on: date | None,
    told: list[str],
    name: str | None,
) -> EntryView:
    said = {"urging_id": str(urging_id), "told": ", ".join(told)}
    if number:
        said |= {"letter_number": number, "letter_issued_on": str(issued_on)}
    return EntryView(
        id=urging_id, version=0, at=at, kind="urged", actor_name=name, percent=None, note=None,
        difficulty=None, reason=None, on_time=None, working_days_left=None, files=[],
        changes=[Change(field=field, before=None, after=after) for field, after in said.items()],
    )  # fmt: skip
