"""Finding an assignment under its lock, and storing the next version with its traces."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.ids import new_id
from contracts.events import Event
from contracts.tasks import AssignmentState
from tasks.access import scope
from tasks.actions.announcing import announce
from tasks.actions.moment import Moment, moment
from tasks.actions.states import assignment_state
from tasks.models import Assignment, Entry
from tasks.models.assignment import EntryKind


async def find(session: AsyncSession, actor: Actor, id_: UUID, *, lock: bool = False) -> Assignment:
    """Return an assignment the actor may see. Raises NotFound for any other."""
    statement = scope(select(Assignment).where(Assignment.id == id_), actor)
    if lock:
        statement = statement.with_for_update(of=Assignment)
    found = await session.scalar(statement)
    if found is None:
        raise NotFound("Không tìm thấy nhiệm vụ này", code="assignment_not_found")
    return found


@dataclass(frozen=True)
class Change:
    """An assignment about to change: who, when, and what it was before."""

    session: AsyncSession
    actor: Actor
    assignment: Assignment
    before: AssignmentState
    at: Moment

    @classmethod
    async def begin(cls, session: AsyncSession, actor: Actor, assignment: Assignment) -> "Change":
        """Remember the state before; the row must be locked."""
        at = await moment(session)
        return cls(session, actor, assignment, assignment_state(assignment), at)

    async def store(self, kind: EntryKind, event: type[Event], **facts: Any) -> Assignment:
        """Count the version up and store row, history line, event and audit entry.

        `facts` named like a column of the history go there, all that the event knows goes to it.
        """
        assignment = self.assignment
        assignment.version += 1
        after = assignment_state(assignment)
        self.session.add(entry_of(assignment, kind, self.at, self.actor.person_id, facts))
        known = {name: value for name, value in facts.items() if name in event.model_fields}
        await announce(
            self.session,
            self.actor,
            event.model_validate({"assignment": after, **known}),
            f"assignment.{kind}",
            before=self.before,
            after=after,
            now=self.at.now,
            reason=facts.get("reason") or facts.get("note"),
        )
        return assignment


def entry_of(
    assignment: Assignment,
    kind: EntryKind,
    at: Moment,
    actor_id: UUID | None,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Return the history line of the version just made."""
    columns = Entry.__table__.columns.keys()
    own = {name: value for name, value in (facts or {}).items() if name in columns}
    return Entry(
        id=new_id(),
        assignment_id=assignment.id,
        version=assignment.version,
        at=at.now,
        kind=kind,
        actor_id=actor_id,
        **{"changes": [], **own},
    )
