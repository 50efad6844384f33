"""An assignment that somebody is about to change: found, locked, and theirs to change."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.events import Event
from contracts.tasks import AssignmentState
from tasks.access import RIGHTS
from tasks.assignments import record
from tasks.assignments.domain import Act, check_not_carried
from tasks.assignments.models import Assignment, EntryKind, Result, ResultStatus
from tasks.assignments.scope import scope
from tasks.calendar.moment import Moment, exceptions, moment_of
from tasks.directory.models import Person

_DECIDED_BEFORE = N_("Kết quả này đã được duyệt hoặc trả lại; hãy xem kết quả mới nhất")
_PERSON = select(Person.name).where(Person.id == Assignment.accountable_person_id)
_SUBMITTED = select(Result.submitted_on).where(
    Result.id == bindparam("result_id"), Result.assignment_id == Assignment.id
)
_LOCKED = (
    select(
        Assignment,
        func.now(),
        exceptions(),
        _PERSON.scalar_subquery(),
        _SUBMITTED.scalar_subquery(),
    )
    .where(Assignment.id == bindparam("id"))
    .with_for_update(of=Assignment)
)


async def find(session: AsyncSession, actor: Actor, id_: UUID) -> Assignment:
    """Return an assignment the actor may see. Raises NotFound for any other."""
    found = await session.scalar(scope(select(Assignment).where(Assignment.id == id_), actor))
    if found is None:
        raise unknown()
    return found


def unknown() -> NotFound:
    """Return the refusal of an assignment that is not there, or not for the actor."""
    return NotFound("Không tìm thấy nhiệm vụ này", code="assignment_not_found")


def check_open_to(
    actor: Actor, act: Act, assignment: Assignment, of_unit: UUID | None = None
) -> None:
    """Raise NotAllowed unless the act is the actor's, RuleBroken where another plan goes on.

    `of_unit`: whose the act is, where that is not the lead unit.
    """
    RIGHTS.check(actor, f"assignment.{act}", of_unit or assignment.unit_id)
    check_not_carried(carried=assignment.carried_to_id is not None)


@dataclass
class AssignmentChange:
    """A locked assignment about to change: who, when, and what it was before.

    `person_name`: of the accountable person. `submitted_on`: the day of the result the change is
    about, None when the assignment has no such result.
    """

    session: AsyncSession
    actor: Actor
    assignment: Assignment
    before: AssignmentState
    at: Moment
    person_name: str | None = None
    submitted_on: date | None = None

    @classmethod
    async def begin(
        cls,
        session: AsyncSession,
        actor: Actor,
        act: Act,
        id_: UUID,
        result_id: UUID | None = None,
        *,
        of_unit: UUID | None = None,
    ) -> "AssignmentChange":
        """Lock an assignment for an act. Raises NotFound unless seen, NotAllowed unless theirs.

        `of_unit`: whose the act is, where that is not the lead unit.
        And RuleBroken `assignment_carried` where another plan goes on with it.
        """
        given = {"id": id_, "result_id": result_id}
        row = (await session.execute(scope(_LOCKED, actor), given)).first()
        if row is None:
            raise unknown()
        assignment, now, days_off, *more = row
        check_open_to(actor, act, assignment, of_unit)
        session.expunge(assignment)  # the record writes it, not the session
        at = moment_of(now, days_off)
        return cls(session, actor, assignment, assignment.state(), at, *more)

    async def record(
        self,
        kind: EntryKind,
        event: type[Event],
        *,
        decision: ResultStatus | None = None,
        **facts: Any,
    ) -> None:
        """Write the next version. `decision` is about the result that the facts name.

        Raises RuleBroken `result_decided` when that was decided already.
        """
        step = record.Step(self.assignment, kind, event, facts, self.before)
        if not await record.act(self.session, step, self.at, self.actor, decision=decision):
            raise decided()


def decided() -> RuleBroken:
    """Return the refusal of a second decision about one result."""
    return RuleBroken("result_decided", Sentence(_DECIDED_BEFORE))
