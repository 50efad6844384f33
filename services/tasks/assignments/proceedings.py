"""What happened to one assignment beside its results: extensions, commitments, hand-overs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.i18n import Language, say
from chassis.tables import stored_file
from tasks.assignments import later_day
from tasks.assignments.change import AssignmentChange
from tasks.assignments.models import Assignment, Commitment, Entry, Extension
from tasks.assignments.views import CommitmentView, ExtensionView, FileView, HandoverView
from tasks.calendar.moment import Moment
from tasks.directory.models import Person
from tasks.plans.models import Plan
from tasks.plans.views import Warned

_ASKED_BY, _DECIDED_BY = aliased(Person), aliased(Person)
_EXTENSIONS = (
    select(Extension, _ASKED_BY.name, _DECIDED_BY.name, Plan.closes_on)
    .join(Assignment, Assignment.id == Extension.assignment_id)
    .join(Plan, Plan.id == Assignment.plan_id)
    .outerjoin(_ASKED_BY, _ASKED_BY.id == Extension.requested_by)
    .outerjoin(_DECIDED_BY, _DECIDED_BY.id == Extension.decided_by)
    .order_by(Extension.requested_at.desc(), Extension.id.desc())
)


async def extensions_of(
    session: AsyncSession, assignment_id: UUID, at: Moment, language: Language
) -> list[ExtensionView]:
    """Return every request for a later deadline, the newest first."""
    rows = await session.execute(_EXTENSIONS.where(Extension.assignment_id == assignment_id))
    return [_extension(*row, at, language) for row in rows]


async def one_extension(
    change: AssignmentChange, extension: Extension, language: Language
) -> ExtensionView:
    """Return a request that was just made or decided."""
    found = await change.session.execute(_EXTENSIONS.where(Extension.id == extension.id))
    return _extension(*found.one(), change.at, language)


def _extension(
    extension: Extension,
    asked_by: str | None,
    decided_by: str | None,
    closes_on: date,
    at: Moment,
    language: Language,
) -> ExtensionView:
    names: dict[str, Any] = {"requested_by_name": asked_by, "decided_by_name": decided_by}
    stored = {name: getattr(extension, name) for name in Extension.__table__.columns.keys()}  # noqa: SIM118 - a collection, not a dict
    view = ExtensionView(**stored, **names)
    if extension.status == "open":
        day, due_on = extension.requested_due_on, extension.due_on
        found = later_day.remarks(due_on, day, closes_on, at.calendar)
        view.warnings = [Warned(code=r.code, message=say(r.sentence, language)) for r in found]
    return view


async def commitments_of(session: AsyncSession, assignment_id: UUID) -> list[CommitmentView]:
    """Return the written commitments, the newest first."""
    statement = (
        select(Commitment, Person.name)
        .outerjoin(Person, Person.id == Commitment.made_by)
        .where(Commitment.assignment_id == assignment_id)
        .order_by(Commitment.version.desc())
    )
    rows = (await session.execute(statement)).all()
    files = await commitment_files(session, assignment_id) if rows else {}
    return [_commitment(made, name, files.get(made.version)) for made, name in rows]


async def one_commitment(session: AsyncSession, made: Commitment) -> CommitmentView:
    """Return a commitment that was just made."""
    found = await commitments_of(session, made.assignment_id)
    return next(each for each in found if each.id == made.id)


def _commitment(made: Commitment, name: str | None, file: FileView | None) -> CommitmentView:
    """Return a commitment as it is shown."""
    stored = {name: getattr(made, name) for name in Commitment.__table__.columns.keys()}  # noqa: SIM118 - a collection, not a dict
    return CommitmentView(**stored, made_by_name=name, file=file)


async def commitment_files(session: AsyncSession, assignment_id: UUID) -> dict[int, FileView]:
    """Return the file of each commitment by the version of the assignment that entered it."""
    statement = (
        select(Commitment.version, stored_file)
        .join(stored_file, stored_file.c.id == Commitment.file_id)
        .where(Commitment.assignment_id == assignment_id)
    )
    rows = (await session.execute(statement)).all()
    return {row.version: FileView.model_validate(row) for row in rows}


async def handovers_of(session: AsyncSession, assignment_id: UUID) -> list[HandoverView]:
    """Return which unit led until when, the newest first."""
    statement = (
        select(Entry)
        .where(Entry.assignment_id == assignment_id, Entry.kind == "handed_over")
        .order_by(Entry.version.desc())
    )
    return [_handover(entry) for entry in await session.scalars(statement)]


def _handover(entry: Entry) -> HandoverView:
    moved = next(change for change in entry.changes if change["field"] == "unit_id")
    return HandoverView(at=entry.at, from_unit_id=moved["before"], to_unit_id=moved["after"])


def unit_then(now: UUID, handovers: Sequence[HandoverView], at: datetime) -> UUID:
    """Return the unit that led at an instant. `now`: the one that leads today."""
    unit = now
    for each in handovers:
        if each.at > at:
            unit = each.from_unit_id
    return unit
