"""An instruction is written and issued at once: its unit has an assignment with that source."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from contracts.tasks import InstructionIssued, IssuingBody
from tasks.access import RIGHTS
from tasks.by_hand.actions import enter
from tasks.by_hand.domain import Row
from tasks.calendar.moment import Moment
from tasks.directory.models import Person, Unit
from tasks.instructions.domain import (
    About,
    Document,
    check_about,
    check_document,
    check_named,
    check_unit,
    source_of,
)
from tasks.instructions.models import Instruction
from tasks.plans.actions import find
from tasks.plans.domain import check_in_force


@dataclass(frozen=True)
class Wording:
    """An instruction as it was written."""

    plan_id: UUID
    unit_id: UUID
    words: str
    deadline_text: str
    issuing_body: IssuingBody
    document: Document
    about: About | None
    on_behalf_of: UUID | None


async def issue(session: AsyncSession, actor: Actor, written: Wording, at: Moment) -> Instruction:
    """Issue an instruction: an assignment of its unit in a plan that is in force.

    Raises NotFound for the plan, RuleBroken `plan_draft`, `plan_closed`, `plan_cancelled`;
    InputRefused for a unit that has ended, nobody named, a document of a day to come, or a path
    that leads outside.
    """
    leaders = await _directors(session)
    for_others = RIGHTS.may(actor, "instruction.issue_on_behalf")
    check_named(written.on_behalf_of, leaders, for_others=for_others)
    check_about(written.about)
    check_document(written.document, at.today)
    unit = await session.get(Unit, written.unit_id)
    check_unit(at_work=unit is not None and unit.active)
    check_in_force((await find(session, written.plan_id, lock=True)).status)
    leader = leaders[written.on_behalf_of] if written.on_behalf_of else actor.name
    row = Row(
        content=written.words,
        lead_unit_ids=[written.unit_id],
        deadline_text=written.deadline_text,
        source=source_of(written.issuing_body, written.document, leader),
    )
    made = (await enter(session, actor, written.plan_id, row, preview=False)).assignments
    document, about = written.document, written.about
    instruction = Instruction(
        id=new_id(), version=1, unit_id=written.unit_id, words=written.words,
        deadline_text=written.deadline_text, issuing_body=written.issuing_body,
        document_number=document.number, document_issued_on=document.issued_on,
        document_title=document.title, about_kind=about and about.kind,
        about_text=about and about.text, about_path=about and about.path, issued_at=at.now,
        issued_by=actor.person_id, on_behalf_of=written.on_behalf_of, plan_id=written.plan_id,
        assignment_id=made[0].id, assignment_number=made[0].number,
    )  # fmt: skip
    session.add(instruction)
    state = instruction.state([each.id for each in made])
    facts = state.model_dump(mode="json", exclude={"version"})
    await traces.leave(
        session, actor, "instruction.issue", instruction.id, InstructionIssued(instruction=state),
        now=at.now, after=facts,
    )  # fmt: skip
    return instruction


async def _directors(session: AsyncSession) -> dict[UUID, str]:
    """Return the leaders of the department at work, by id."""
    at_work = select(Person.id, Person.name).where(Person.role == "director", Person.active)
    return {row.id: row.name for row in await session.execute(at_work)}
