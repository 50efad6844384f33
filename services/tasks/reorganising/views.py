"""What goes over, for review: each row old and new, before anything is done."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.i18n import Language, say
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus, Role
from tasks.assignments.models import Assignment
from tasks.directory.models import Unit
from tasks.reorganising.domain import why_not
from tasks.reorganising.rows import groups_of, people_of, touched


class LedRow(ResponseBody):
    """An assignment that is not over. `why_not`: it cannot go over before that is done."""

    assignment_id: UUID
    number: str
    content: str
    unit_id: UUID
    status: AssignmentStatus
    progress_percent: int
    due_on: date | None
    paused_on: date | None
    accountable_person_id: UUID | None
    why_not: str | None


class HelpedRow(ResponseBody):
    """An assignment of another unit that the units help with: their successor helps instead."""

    assignment_id: UUID
    number: str
    content: str
    unit_id: UUID


class PersonRow(ResponseBody):
    """Somebody who works in one of the units."""

    person_id: UUID
    name: str
    post: str
    role: Role
    unit_id: UUID


class Reorganisation(ResponseBody):
    """What is about some units now: led, helped with, who works there, in which groups they are."""

    led: list[LedRow]
    helped: list[HelpedRow]
    people: list[PersonRow]
    groups: list[str]


class Reorganised(ResponseBody):
    """How much went over."""

    handed_over: int
    helped: int
    moved: int
    closed: int


async def reorganisation(
    session: AsyncSession, units: Collection[Unit], language: Language
) -> Reorganisation:
    """Return what is about the units, by number and by name."""
    ids = {unit.id for unit in units}
    rows = sorted(await session.scalars(touched(ids)), key=lambda row: (row.year, row.sequence))
    people = await people_of(session, ids)
    return Reorganisation(
        led=[_led(row, language) for row in rows if row.unit_id in ids],
        helped=[_helped(row) for row in rows if row.unit_id not in ids],
        people=[
            PersonRow(
                person_id=each.id, name=each.name, post=each.post, role=each.role,
                unit_id=each.unit_id,
            )
            for each in people
        ],
        groups=[group.name for group in await groups_of(session, ids)],
    )  # fmt: skip


def _led(row: Assignment, language: Language) -> LedRow:
    reason = why_not(row.status)
    return LedRow(
        assignment_id=row.id, number=row.number, content=row.task.content, unit_id=row.unit_id,
        status=row.status, progress_percent=row.progress_percent, due_on=row.due_on,
        paused_on=row.paused_on, accountable_person_id=row.accountable_person_id,
        why_not=reason and say(reason, language),
    )  # fmt: skip


def _helped(row: Assignment) -> HelpedRow:
    return HelpedRow(
        assignment_id=row.id, number=row.number, content=row.task.content, unit_id=row.unit_id
    )
