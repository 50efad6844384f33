"""One assignment with its results, and its whole history."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from tasks.assignments.change import find
from tasks.assignments.evidence import files_of
from tasks.assignments.models import Assignment, Entry, Result
from tasks.assignments.scope import scope
from tasks.assignments.views import (
    AssignmentDetail,
    AssignmentPresenter,
    Elsewhere,
    EntryView,
    FileView,
    ResultView,
    Serves,
    Timeline,
)
from tasks.calendar.moment import moment
from tasks.directory.models import Person
from tasks.plans.models import Plan


async def assignment_detail(session: AsyncSession, actor: Actor, id_: UUID) -> AssignmentDetail:
    """Return an assignment the actor may see, with its results. Raises NotFound."""
    assignment = await find(session, actor, id_)
    person_id = assignment.accountable_person_id
    person = await session.get(Person, person_id) if person_id else None
    presenter = AssignmentPresenter(await moment(session), actor)
    view = presenter.view(assignment, person.name if person else None)
    results = await _results(session, id_)
    if actor.reach is not None:
        results = [_for_partners(result) for result in results]
    return AssignmentDetail(
        **view.model_dump(),
        results=results,
        serves=await _served(session, assignment),
        carried_from=await _elsewhere(session, actor, assignment.carried_from_id),
        carried_to=await _elsewhere(session, actor, assignment.carried_to_id),
    )


async def _served(session: AsyncSession, assignment: Assignment) -> Serves | None:
    objectives = await session.scalar(select(Plan.objectives).where(Plan.id == assignment.plan_id))
    task = str(assignment.task_id)
    found = next((each for each in objectives or () if task in each["task_ids"]), None)
    return Serves(text=found["text"], source=found["source"]) if found else None


async def _elsewhere(session: AsyncSession, actor: Actor, id_: UUID | None) -> Elsewhere | None:
    if id_ is None:
        return None
    other = select(Assignment, Plan.title).join(Plan, Plan.id == Assignment.plan_id)
    row = (await session.execute(scope(other.where(Assignment.id == id_), actor))).first()
    if row is None:
        return None
    found, title = row
    return Elsewhere(id=found.id, number=found.number, plan_id=found.plan_id, plan_title=title)


async def timeline(session: AsyncSession, actor: Actor, id_: UUID) -> Timeline:
    """Return all that happened to an assignment the actor may see. Raises NotFound."""
    await find(session, actor, id_)
    statement = (
        select(Entry, Person.name)
        .outerjoin(Person, Person.id == Entry.actor_id)
        .where(Entry.assignment_id == id_)
        .order_by(Entry.version.desc())
    )
    rows = (await session.execute(statement)).all()
    files = await files_of(session, {e.result_id for e, _ in rows if e.kind == "result_submitted"})
    return Timeline(data=[_entry(entry, name, files) for entry, name in rows])


def _for_partners(result: ResultView) -> ResultView:
    """Return when a result came and what became of it: no names, no words, no files."""
    nothing = {"submitted_by_name": None, "decided_by_name": None, "decision_note": None}
    return result.model_copy(update={**nothing, "note": "", "files": []})


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
    files = await files_of(session, {result.id for result, _, _ in rows})
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
