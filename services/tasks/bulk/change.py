"""Many assignments that somebody is about to change: locked together, written together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.events import Event
from tasks.assignments.change import AssignmentChange
from tasks.assignments.models import Assignment, EntryKind, Result, ResultStatus
from tasks.assignments.record import Step, act_on_many, take
from tasks.assignments.scope import scope
from tasks.calendar.moment import Moment


@dataclass
class Gathered:
    """What the acts on some assignments want written, in their order."""

    steps: list[Step] = field(default_factory=list)
    decision: ResultStatus | None = None

    async def write(self, session: AsyncSession, at: Moment, actor: Actor) -> None:
        """Write all of it."""
        await act_on_many(session, self.steps, at, actor, decision=self.decision)


@dataclass
class GatheredChange(AssignmentChange):
    """A change of one among many: what it records is written with that of the others.

    `result_id`: the result that waits for a decision, None when none does.
    """

    gathered: Gathered = field(default_factory=Gathered)
    result_id: UUID | None = None

    async def record(
        self,
        kind: EntryKind,
        event: type[Event],
        *,
        decision: ResultStatus | None = None,
        **facts: Any,
    ) -> None:
        """Keep the next version for `Gathered.write`."""
        self.gathered.steps.append(Step(self.assignment, kind, event, facts, self.before))
        self.gathered.decision = decision


async def lock(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID]
) -> Mapping[UUID, Assignment]:
    """Lock those of the assignments that the actor may see, in one order for everybody."""
    seen = scope(select(Assignment).where(Assignment.id.in_(ids)), actor)
    ordered = seen.order_by(Assignment.id).with_for_update(of=Assignment)
    return {each.id: each for each in await take(session, ordered)}


async def waiting_results(
    session: AsyncSession, ids: Sequence[UUID]
) -> Mapping[UUID, tuple[UUID, date]]:
    """Return id and day of the result that waits, by assignment; asked once they are locked."""
    waiting = select(Result.assignment_id, Result.id, Result.submitted_on).where(
        Result.assignment_id.in_(ids), Result.status == "submitted"
    )
    return {of: (id_, day) for of, id_, day in (await session.execute(waiting)).all()}
