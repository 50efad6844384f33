"""Acts about handling proposals: the Office proposes, the Director decides, nothing is automatic.

Nobody is told. An event would carry it through the log, the broker and what every consumer keeps;
whoever may read proposals sees on their page how many wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import local_date
from chassis.files import FileStore, StoredFile
from chassis.ids import new_id
from chassis.rules import Problem
from chassis.tables import stored_file
from chassis.web import check_version
from chassis.words import Sentence
from tasks.access import RIGHTS
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.directory.models import Person
from tasks.evidence.places import places_of
from tasks.files.actions import upload as store
from tasks.files.models import SealedFile
from tasks.handling import domain
from tasks.handling.models import HandlingKinds, HandlingProposal
from tasks.handling.scope import check_open, find
from tasks.inspections.models import Finding


@dataclass(frozen=True)
class Proposal:
    """A proposal as the Office writes it: about a person, or about who heads a unit."""

    person_id: UUID | None
    head_of_unit_id: UUID | None
    kind: str
    evidence: str
    measure: str
    finding_ids: Sequence[UUID]
    assignment_ids: Sequence[UUID]
    file_ids: Sequence[UUID]


async def propose(
    session: AsyncSession, actor: Actor, given: Proposal, at: Moment
) -> HandlingProposal:
    """Write a proposal down. Raises NotFound, NotAllowed, InputRefused for what cannot be."""
    check_open(actor)
    RIGHTS.check(actor, "handling_proposal.create")
    domain.check_who(given.person_id, given.head_of_unit_id)
    kinds = (await session.scalars(select(HandlingKinds))).one().kinds
    domain.check_kind(given.kind, {k["code"]: k["name"] for k in kinds if k["in_use"]})
    person = await _person(session, given)
    domain.check_about(person.id, actor.person_id)
    await _check_references(session, actor, given)
    proposal = HandlingProposal(
        id=new_id(), version=1, person_id=person.id, unit_id=person.unit_id,
        as_head=given.head_of_unit_id is not None, kind=given.kind, evidence=given.evidence,
        finding_ids=list(given.finding_ids), assignment_ids=list(given.assignment_ids),
        file_ids=list(given.file_ids), measure=given.measure, proposed_at=at.now,
        proposed_by=actor.person_id, decision=None, decided_on=None, decided_at=None,
        decided_by=None,
    )  # fmt: skip
    session.add(proposal)
    await _seal(session, given.file_ids, person.id)
    await _trace(session, actor, "create", proposal, at)
    return proposal


async def upload(
    session: AsyncSession, files: FileStore, actor: Actor, name: str, content: bytes
) -> StoredFile:
    """Store a file for a proposal to be, sealed from the beginning. Raises NotFound, NotAllowed."""
    check_open(actor)
    RIGHTS.check(actor, "handling_proposal.create")
    return await store(session, files, actor, name, content, sealed=True)


async def _seal(session: AsyncSession, file_ids: Sequence[UUID], about_id: UUID) -> None:
    """Say whom files are about; of two proposals at once with the same file one is refused."""
    if not file_ids:
        return
    rows = [{"file_id": id_, "about_id": about_id} for id_ in sorted(file_ids)]
    made = insert(SealedFile).values(rows)
    sealed = made.on_conflict_do_update(
        index_elements=["file_id"], set_={"about_id": about_id},
        where=SealedFile.about_id.is_(None),
    )  # fmt: skip
    done = set(await session.scalars(sealed.returning(SealedFile.file_id)))
    domain.check_references("file_ids", file_ids, done, domain.FILE_UNKNOWN)


async def decide(
    session: AsyncSession, actor: Actor, id_: UUID, text: str, on: date | None, at: Moment
) -> HandlingProposal:
    """Decide, once, in words and by a day. Raises NotFound, NotAllowed, RuleBroken, InputRefused.

    What follows is done by people, elsewhere.
    """
    proposal = await find(session, actor, id_, lock=True)
    RIGHTS.check(actor, "handling_proposal.decide")
    day = on or at.today
    domain.check_deciding(proposal.decided_on, day, at.today, local_date(proposal.proposed_at))
    proposal.decision, proposal.decided_on = text, day
    proposal.decided_at, proposal.decided_by = at.now, actor.person_id
    proposal.version += 1
    await _trace(session, actor, "decide", proposal, at)
    return proposal


async def set_kinds(
    session: AsyncSession,
    actor: Actor,
    seen: int,
    kinds: list[dict[str, Any]],
    reason: str,
    at: Moment,
) -> HandlingKinds:
    """Change the list of kinds. Raises StaleVersion, InputRefused for one that would be gone."""
    check_open(actor)
    RIGHTS.check(actor, "handling_kinds.change")
    found = (await session.scalars(select(HandlingKinds).with_for_update())).one()
    check_version(found.version, seen)
    used = await session.scalars(select(HandlingProposal.kind).distinct())
    domain.check_kept([each["code"] for each in kinds], list(used))
    before = {"kinds": found.kinds}
    found.kinds, found.reason, found.version = kinds, reason, found.version + 1
    await traces.leave(
        session, actor, "handling_kinds.change", found.id, now=at.now, before=before,
        after={"kinds": kinds}, reason=reason,
    )  # fmt: skip
    return found


async def _trace(
    session: AsyncSession, actor: Actor, act: str, proposal: HandlingProposal, at: Moment
) -> None:
    """Say that it happened, and not about whom: the audit is read by more than may read this."""
    after = {"version": proposal.version}
    action = f"handling_proposal.{act}"
    await traces.leave(session, actor, action, proposal.id, now=at.now, after=after)


async def _person(session: AsyncSession, given: Proposal) -> Person:
    """Return whom it is about. Raises InputRefused."""
    statement: Select[Person] = select(Person).where(Person.active).order_by(Person.id)
    if given.person_id is not None:
        statement = statement.where(Person.id == given.person_id)
        problem = Problem("/person_id", Sentence(domain.PERSON_UNKNOWN))
    else:
        of_unit = (Person.unit_id == given.head_of_unit_id, Person.role == "unit_head")
        statement = statement.where(*of_unit)
        problem = Problem("/head_of_unit_id", Sentence(domain.NO_HEAD))
    found = await session.scalar(statement.limit(1))
    if found is None:
        domain.refuse([problem])
        raise AssertionError
    return found


async def _check_references(session: AsyncSession, actor: Actor, given: Proposal) -> None:
    """Of files: own ones, uploaded for this; what stands elsewhere would vanish there."""
    findings = select(Finding.id).where(Finding.id.in_(given.finding_ids))
    assignments = select(Assignment.id).where(Assignment.id.in_(given.assignment_ids))
    elsewhere = list(await places_of(session, actor, given.file_ids))
    of_others = SealedFile.about_id.is_not(None)
    sealed = select(SealedFile.file_id).where(SealedFile.file_id.in_(given.file_ids), of_others)
    columns = stored_file.c
    own = select(columns.id).where(
        columns.id.in_(given.file_ids), columns.uploaded_by == actor.person_id,
        columns.id.not_in(elsewhere), columns.id.not_in(sealed),
    )  # fmt: skip
    for field, ids, known, template in (
        ("finding_ids", given.finding_ids, findings, domain.FINDING_UNKNOWN),
        ("assignment_ids", given.assignment_ids, assignments, domain.ASSIGNMENT_UNKNOWN),
        ("file_ids", given.file_ids, own, domain.FILE_UNKNOWN),
    ):
        if ids:
            found = set(await session.scalars(known))
            domain.check_references(field, ids, found, template)
