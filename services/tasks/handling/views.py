"""Handling proposals as they are shown to the three roles that may read them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.tables import stored_file
from chassis.web import Paging, ResponseBody, paginate
from tasks.access import RIGHTS
from tasks.assignments.models import Assignment
from tasks.assignments.views import FileView
from tasks.directory.models import Person
from tasks.handling.models import HandlingKinds, HandlingProposal
from tasks.handling.scope import about_others, unknown
from tasks.inspections.models import Finding
from tasks.plans.models import Task

_PROPOSER, _DECIDER = aliased(Person), aliased(Person)
_PLAIN = ("id", "version", "person_id", "unit_id", "as_head", "kind", "evidence", "measure",
          "proposed_at", "decision", "decided_on", "decided_at")  # fmt: skip


class KindView(ResponseBody):
    """A kind of proposal. What is not in use stays for those that have it."""

    code: str
    name: str
    in_use: bool


class KindsView(ResponseBody):
    """The kinds there are: composed, not from a document, until the Office changes them."""

    version: int
    kinds: list[KindView]
    reason: str
    allowed: list[str]


class FindingReference(ResponseBody):
    """A finding that speaks for it, and the inspection it is of."""

    id: UUID
    inspection_id: UUID
    words: str
    criterion_code: str | None


class AssignmentReference(ResponseBody):
    """An assignment that speaks for it."""

    id: UUID
    number: str
    content: str
    status: str


class HandlingProposalView(ResponseBody):
    """A proposal. `decision` null: nobody has decided. `allowed`: what the caller may do now."""

    id: UUID
    version: int
    person_id: UUID
    person_name: str
    person_post: str
    unit_id: UUID
    as_head: bool
    kind: str
    kind_name: str
    evidence: str
    findings: list[FindingReference]
    assignments: list[AssignmentReference]
    files: list[FileView]
    measure: str
    proposed_at: datetime
    proposed_by_name: str | None
    decision: str | None
    decided_on: date | None
    decided_at: datetime | None
    decided_by_name: str | None
    allowed: list[str]


async def page(
    session: AsyncSession, actor: Actor, paging: Paging, *, decided: bool | None
) -> tuple[list[HandlingProposalView], str | None]:
    """Return proposals, the newest first. `decided` None: all of them."""
    ids = select(HandlingProposal.id).where(about_others(actor))
    if decided is not None:
        undecided = HandlingProposal.decision.is_(None)
        ids = ids.where(~undecided if decided else undecided)
    keys = (HandlingProposal.proposed_at.desc(), HandlingProposal.id.desc())
    found, cursor = await paginate(session, ids, paging, *keys)
    views = await _views(session, actor, found)
    return [views[id_] for id_ in found], cursor


async def one(session: AsyncSession, actor: Actor, id_: UUID) -> HandlingProposalView:
    """Return a proposal. Raises NotFound."""
    found = await _views(session, actor, [id_])
    if id_ not in found:
        raise unknown()
    return found[id_]


async def kinds(session: AsyncSession, actor: Actor) -> KindsView:
    """Return the list of kinds."""
    found = (await session.scalars(select(HandlingKinds))).one()
    return KindsView(
        version=found.version,
        kinds=[KindView(**each) for each in found.kinds],
        reason=found.reason,
        allowed=RIGHTS.allowed(actor, "handling_kinds", ("change",)),
    )


async def _views(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID]
) -> dict[UUID, HandlingProposalView]:
    if not ids:
        return {}
    statement = (
        select(HandlingProposal, Person, _PROPOSER.name, _DECIDER.name)
        .join(Person, Person.id == HandlingProposal.person_id)
        .outerjoin(_PROPOSER, _PROPOSER.id == HandlingProposal.proposed_by)
        .outerjoin(_DECIDER, _DECIDER.id == HandlingProposal.decided_by)
        .where(HandlingProposal.id.in_(ids), about_others(actor))
    )
    rows = (await session.execute(statement)).all()
    names = {each["code"]: each["name"] for each in (await _kinds(session))}
    findings = await _named(session, rows, "finding_ids", _findings)
    assignments = await _named(session, rows, "assignment_ids", _assignments)
    files = await _named(session, rows, "file_ids", _files)
    return {
        row[0].id: _view(row, actor, names, findings=findings, assignments=assignments, files=files)
        for row in rows
    }


async def _kinds(session: AsyncSession) -> list[dict[str, Any]]:
    return (await session.scalars(select(HandlingKinds))).one().kinds


def _findings(ids: set[UUID]) -> Executable:
    columns = (Finding.id, Finding.inspection_id, Finding.words, Finding.criterion_code)
    return select(*columns).where(Finding.id.in_(ids))


def _assignments(ids: set[UUID]) -> Executable:
    columns = (Assignment.id, Assignment.number, Task.content, Assignment.status)
    joined = select(*columns).join(Task, Task.id == Assignment.task_id)
    return joined.where(Assignment.id.in_(ids))


def _files(ids: set[UUID]) -> Select[Any]:
    return select(stored_file).where(stored_file.c.id.in_(ids))


async def _named(
    session: AsyncSession, rows: Sequence[Any], field: str, chosen: Any
) -> dict[UUID, Any]:
    ids = {id_ for row in rows for id_ in getattr(row[0], field)}
    return {row.id: row for row in await session.execute(chosen(ids))} if ids else {}


def _view(row: Any, actor: Actor, names: dict[str, str], **named: Any) -> HandlingProposalView:
    proposal, person, proposer, decider = row
    open_acts = ["decide"] if proposal.decision is None else []

    def of(kind: str, field: str) -> list[Any]:
        return [named[kind][id_] for id_ in getattr(proposal, field) if id_ in named[kind]]

    return HandlingProposalView(
        **{name: getattr(proposal, name) for name in _PLAIN},
        person_name=person.name,
        person_post=person.post,
        kind_name=names.get(proposal.kind, proposal.kind),
        findings=[FindingReference.model_validate(r) for r in of("findings", "finding_ids")],
        assignments=[
            AssignmentReference.model_validate(r) for r in of("assignments", "assignment_ids")
        ],
        files=[FileView.model_validate(r) for r in of("files", "file_ids")],
        proposed_by_name=proposer,
        decided_by_name=decider,
        allowed=RIGHTS.allowed(actor, "handling_proposal", open_acts),
    )
