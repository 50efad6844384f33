"""One assignment with its results, and its whole history."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from starlette.responses import Response

from chassis.tables import stored_file
from chassis.web import CurrentActor, ServiceRouter, Transaction, set_etag
from tasks.assignments.models import Entry, Result, ResultFile
from tasks.assignments.record import find
from tasks.assignments.views import (
    AssignmentDetail,
    EntryView,
    FileView,
    ResultView,
    Shower,
    Timeline,
)
from tasks.calendar.moment import moment
from tasks.directory.models import Person

router = ServiceRouter(prefix="/v1/assignments", tags=["assignments"])


@router.get("/{id}", policy="assignment.read")
async def read_assignment(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> AssignmentDetail:
    """Return an assignment with its results and its ETag."""
    assignment = await find(session, actor, id)
    person_id = assignment.accountable_person_id
    person = await session.get(Person, person_id) if person_id else None
    view = Shower(await moment(session)).show(assignment, person.name if person else None)
    set_etag(response, assignment.version)
    return AssignmentDetail(**view.model_dump(), results=await _results(session, id))


@router.get("/{id}/timeline", policy="assignment.read")
async def read_timeline(id: UUID, session: Transaction, actor: CurrentActor) -> Timeline:
    """Return everything that happened to an assignment, the newest first."""
    await find(session, actor, id)
    statement = (
        select(Entry, Person.name)
        .outerjoin(Person, Person.id == Entry.actor_id)
        .where(Entry.assignment_id == id)
        .order_by(Entry.version.desc())
    )
    rows = (await session.execute(statement)).all()
    files = await _files(session, {e.result_id for e, _ in rows if e.kind == "result_submitted"})
    return Timeline(data=[_entry(entry, name, files) for entry, name in rows])


def _entry(entry: Entry, name: str | None, files: dict[UUID, list[FileView]]) -> EntryView:
    shown = entry.result_id if entry.kind == "result_submitted" else None
    return EntryView.model_validate(
        {
            **{column: getattr(entry, column) for column in Entry.__table__.columns.keys()},  # noqa: SIM118 - a collection, not a dict
            "actor_name": name,
            "files": files[shown] if shown else [],
        }
    )


async def _results(session: AsyncSession, assignment_id: UUID) -> list[ResultView]:
    unit, office = aliased(Person), aliased(Person)
    statement = (
        select(Result, unit.name, office.name)
        .outerjoin(unit, unit.id == Result.submitted_by)
        .outerjoin(office, office.id == Result.decided_by)
        .where(Result.assignment_id == assignment_id)
        .order_by(Result.submitted_at.desc(), Result.id.desc())
    )
    rows = (await session.execute(statement)).all()
    files = await _files(session, {result.id for result, _, _ in rows})
    return [
        ResultView(
            id=result.id,
            status=result.status,
            note=result.note,
            submitted_at=result.submitted_at,
            submitted_by_name=submitted_by,
            decided_at=result.decided_at,
            decided_by_name=decided_by,
            decision_note=result.decision_note,
            files=files[result.id],
        )
        for result, submitted_by, decided_by in rows
    ]


async def _files(
    session: AsyncSession, result_ids: Collection[UUID | None]
) -> dict[UUID, list[FileView]]:
    found: dict[UUID, list[FileView]] = defaultdict(list)
    if not result_ids:
        return found
    statement = (
        select(ResultFile.result_id, stored_file)
        .join(stored_file, stored_file.c.id == ResultFile.file_id)
        .where(ResultFile.result_id.in_(result_ids))
        .order_by(ResultFile.result_id, ResultFile.position)
    )
    for row in (await session.execute(statement)).all():
        found[row.result_id].append(FileView.model_validate(row))
    return found
