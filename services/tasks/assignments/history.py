"""One assignment with its results, and its whole history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.i18n import Language
from tasks.assignments.change import find
from tasks.assignments.domain import OpenDay, days_open, kind_as_read
from tasks.assignments.evidence import files_of
from tasks.assignments.models import Assignment, Entry, Result
from tasks.assignments.origin import origin_of
from tasks.assignments.proceedings import (
    commitment_files,
    commitments_of,
    extensions_of,
    handovers_of,
    unit_then,
)
from tasks.assignments.scope import scope
from tasks.assignments.urged_lines import in_order, urged
from tasks.assignments.views import (
    AssignmentDetail,
    AssignmentPresenter,
    Elsewhere,
    EntryView,
    FileView,
    HandoverView,
    ResultView,
    Serves,
    Timeline,
)
from tasks.calendar.moment import moment
from tasks.directory.models import Person
from tasks.plans.models import Plan


async def assignment_detail(
    session: AsyncSession, actor: Actor, id_: UUID, language: Language
) -> AssignmentDetail:
    """Return an assignment the actor may see, with its results. Raises NotFound."""
    assignment = await find(session, actor, id_)
    person_id = assignment.accountable_person_id
    person = await session.get(Person, person_id) if person_id else None
    at = await moment(session)
    view = AssignmentPresenter(at, actor).view(assignment, person.name if person else None)
    handovers = await handovers_of(session, id_) if assignment.former_unit_ids else []
    detail = AssignmentDetail(
        **view.model_dump(),
        results=await _results(session, id_, assignment.unit_id, handovers),
        extensions=await extensions_of(session, id_, at, language),
        commitments=await commitments_of(session, id_),
        handovers=handovers,
        serves=await _served(session, assignment),
        origin=await origin_of(session, assignment, with_people=actor.reach is None),
        days_open=_days_open(assignment),
        carried_from=await _elsewhere(session, actor, assignment.carried_from_id),
        carried_to=await _elsewhere(session, actor, assignment.carried_to_id),
    )
    return detail if actor.reach is None else _for_partners(detail)


def _days_open(assignment: Assignment) -> list[OpenDay]:
    task = assignment.task
    return days_open(
        kind_as_read(task.deadline_kind, assignment.deadline_kind),
        ruled=task.deadline_rule is not None,
        extended=assignment.first_due_on is not None,
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
    committed = {}
    if any(entry.kind == "committed" for entry, _ in rows):
        committed = await commitment_files(session, id_)
    lines = [_entry(entry, name, files, committed) for entry, name in rows]
    return Timeline(data=in_order(lines, await urged(session, id_)))


def _for_partners(detail: AssignmentDetail) -> AssignmentDetail:
    """Return when what came and what became of it: no names, no words, no files."""
    told = {
        field: [each.model_copy(update=_PRIVATE[field]) for each in getattr(detail, field)]
        for field in _PRIVATE
    }
    return detail.model_copy(update=told)


_PRIVATE: dict[str, dict[str, Any]] = {
    "results": {"submitted_by_name": None, "decided_by_name": None, "decision_note": None,
                "note": "", "files": []},
    "extensions": {"requested_by_name": None, "decided_by_name": None, "decision_note": None,
                   "reason": ""},
    "commitments": {"made_by_name": None, "document_number": "", "note": "", "file": None},
}  # fmt: skip


def _entry(
    entry: Entry,
    name: str | None,
    files: dict[UUID, list[FileView]],
    committed: dict[int, FileView],
) -> EntryView:
    shown = entry.result_id if entry.kind == "result_submitted" else None
    of_commitment = [committed[entry.version]] if entry.version in committed else []
    return EntryView.model_validate(
        {
            **{column: getattr(entry, column) for column in Entry.__table__.columns.keys()},  # noqa: SIM118 - a collection, not a dict
            "actor_name": name,
            "files": files[shown] if shown else of_commitment,
        }
    )


async def _results(
    session: AsyncSession, assignment_id: UUID, unit_id: UUID, handovers: Sequence[HandoverView]
) -> list[ResultView]:
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
            unit_id=unit_then(unit_id, handovers, result.submitted_at),
            submitted_by_name=submitted_by,
            decided_at=result.decided_at,
            decided_by_name=decided_by,
            decision_note=result.decision_note,
            files=files[result.id],
        )
        for result, submitted_by, decided_by in rows
    ]
