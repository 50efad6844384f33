"""Instructions as they are shown: all to those who oversee, to units their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.web import Paging, ResponseBody, paginate
from contracts.tasks import AssignmentStatus, IssuingBody
from tasks.access import RIGHTS
from tasks.assignments.became import BecameView, became_of, next_of, roots_of, status_of
from tasks.assignments.models import Assignment
from tasks.assignments.scope import led_before
from tasks.directory.models import Person
from tasks.instructions.models import AboutKind, Instruction

_WRITER, _LEADER = aliased(Person), aliased(Person)
_NAMES = (
    "id", "version", "unit_id", "words", "deadline_text", "issuing_body", "document_number",
    "document_issued_on", "document_title", "about_kind", "about_text", "about_path", "issued_at",
    "plan_id",
)  # fmt: skip


class InstructionView(ResponseBody):
    """An instruction. `leader_name`: whose it is; `written_by_name`: who wrote it down for them.

    `assignments`: all that it became, each in the plan and with the unit where it stands now.
    `assignment_id`, `assignment_number`, `due_on`: of the one due next, else the last.
    `assignment_status`: of all as one, done only when all are.
    """

    id: UUID
    version: int
    unit_id: UUID
    words: str
    deadline_text: str
    issuing_body: IssuingBody
    document_number: str | None
    document_issued_on: date | None
    document_title: str | None
    about_kind: AboutKind | None
    about_text: str | None
    about_path: str | None
    issued_at: datetime
    leader_name: str | None
    written_by_name: str | None
    plan_id: UUID
    assignment_id: UUID
    assignment_number: str
    assignment_status: AssignmentStatus
    due_on: date | None
    assignments: list[BecameView]


@dataclass(frozen=True)
class Asked:
    """Which instructions are asked for; what is left out narrows nothing."""

    unit_id: UUID | None = None
    plan_id: UUID | None = None
    assignment_id: UUID | None = None
    issuing_body: IssuingBody | None = None


async def page(
    session: AsyncSession, actor: Actor, asked: Asked, paging: Paging
) -> tuple[list[InstructionView], str | None]:
    """Return what the actor may see, the newest first."""
    ids = select(Instruction.id).where(visible(actor), *_conditions(asked))
    found, cursor = await paginate(
        session, ids, paging, Instruction.issued_at.desc(), Instruction.id.desc()
    )
    views = await _views(session, actor, found)
    return [views[id_] for id_ in found], cursor


async def one(session: AsyncSession, actor: Actor, id_: UUID) -> InstructionView:
    """Return an instruction the actor may see. Raises NotFound."""
    found = await _views(session, actor, [id_])
    if id_ not in found:
        raise NotFound("Không tìm thấy ý kiến chỉ đạo này", code="instruction_not_found")
    return found[id_]


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of what the actor may see; a unit: what it was told, leads or led."""
    if RIGHTS.may(actor, "instruction.read"):
        return true()
    if not RIGHTS.may(actor, "instruction.read", actor.unit_id):
        return false()
    led = or_(Assignment.unit_id == actor.unit_id, led_before(actor.unit_id))
    theirs = _began_as(led)
    return or_(Instruction.unit_id == actor.unit_id, theirs)


def _began_as(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition of what became assignments like these, here or in an earlier plan."""
    rows: Select[UUID] = select(Assignment.id).where(condition)
    return Instruction.assignment_id.in_(roots_of(rows))


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    unit, plan = Assignment.unit_id == asked.unit_id, Assignment.plan_id == asked.plan_id
    given: list[tuple[Any, Any]] = [
        (asked.unit_id, or_(Instruction.unit_id == asked.unit_id, _began_as(unit))),
        (asked.plan_id, or_(Instruction.plan_id == asked.plan_id, _began_as(plan))),
        (asked.assignment_id, _began_as(Assignment.id == asked.assignment_id)),
        (asked.issuing_body, Instruction.issuing_body == asked.issuing_body),
    ]
    return [condition for value, condition in given if value]


async def _views(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID]
) -> dict[UUID, InstructionView]:
    if not ids:
        return {}
    statement = (
        select(Instruction, _WRITER.name, _LEADER.name)
        .outerjoin(_WRITER, _WRITER.id == Instruction.issued_by)
        .outerjoin(_LEADER, _LEADER.id == Instruction.on_behalf_of)
        .where(Instruction.id.in_(ids), visible(actor))
    )
    found = (await session.execute(statement)).all()
    became = await became_of(session, [row[0].assignment_id for row in found])
    return {row[0].id: _view(row, became) for row in found}


def _view(row: Any, became: Mapping[UUID, list[BecameView]]) -> InstructionView:
    instruction, writer, leader = row
    rows = became[instruction.assignment_id]
    next_one = next_of(rows)
    return InstructionView(
        **{name: getattr(instruction, name) for name in _NAMES},
        leader_name=leader or writer,
        written_by_name=writer if leader else None,
        assignment_id=next_one.assignment_id,
        assignment_number=next_one.number,
        assignment_status=status_of(rows),
        due_on=next_one.due_on,
        assignments=rows,
    )
