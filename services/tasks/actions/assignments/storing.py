"""Finding an assignment, and storing the next version of a locked one with its traces."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit, outbox
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.ids import new_id
from contracts.events import Event
from contracts.tasks import AssignmentState
from tasks.access import scope
from tasks.actions.announcing import difference
from tasks.actions.moment import Moment, exceptions, moment_of
from tasks.actions.states import assignment_state
from tasks.models import Assignment, Entry, Person
from tasks.models.assignment import EntryKind

CHANGEABLE = ("version", "accountable_person_id", "deadline_kind", "starts_on", "due_on",
              "last_working_day", "triggered_on", "status", "progress_percent", "submitted_on",
              "accepted_at")  # fmt: skip
_NAMES = ", ".join(CHANGEABLE)
_OF_ENTRY = ", ".join(Entry.__table__.columns.keys())
_STORE = text(f"""
    WITH changed AS (
      UPDATE assignment SET ({_NAMES}) = (
        SELECT {_NAMES} FROM jsonb_populate_record(NULL::assignment, CAST(:row AS jsonb)))
      WHERE id = :audit_subject_id
    ), told AS (
      INSERT INTO assignment_entry ({_OF_ENTRY})
      SELECT {_OF_ENTRY} FROM jsonb_populate_record(NULL::assignment_entry, CAST(:entry AS jsonb))
    )
    {audit.INSERT}
""")  # noqa: S608 - our own column names
_PERSON = select(Person.name).where(Person.id == Assignment.accountable_person_id)
_LOCKED = (
    select(Assignment, func.now(), exceptions(), _PERSON.scalar_subquery())
    .where(Assignment.id == bindparam("id"))
    .with_for_update(of=Assignment)
)


async def find(session: AsyncSession, actor: Actor, id_: UUID) -> Assignment:
    """Return an assignment the actor may see. Raises NotFound for any other."""
    found = await session.scalar(scope(select(Assignment).where(Assignment.id == id_), actor))
    if found is None:
        raise _unknown()
    return found


def _unknown() -> NotFound:
    return NotFound("Không tìm thấy nhiệm vụ này", code="assignment_not_found")


@dataclass
class Change:
    """A locked assignment about to change: who, when, and what it was before."""

    session: AsyncSession
    actor: Actor
    assignment: Assignment
    before: AssignmentState
    at: Moment
    person_name: str | None = None
    """Of the accountable person."""

    def __post_init__(self) -> None:
        """Keep the session from writing the row, which `store` does together with its traces."""
        self.session.expunge(self.assignment)

    @classmethod
    async def begin(cls, session: AsyncSession, actor: Actor, id_: UUID) -> "Change":
        """Lock an assignment the actor may see. Raises NotFound for any other."""
        row = (await session.execute(scope(_LOCKED, actor), {"id": id_})).first()
        if row is None:
            raise _unknown()
        assignment, now, days_off, person_name = row
        at = moment_of(now, days_off)
        return cls(session, actor, assignment, assignment_state(assignment), at, person_name)

    async def store(self, kind: EntryKind, event: type[Event], **facts: Any) -> None:
        """Count the version up and store row, history line, event and audit entry.

        `facts` named like a column of the history go there, all that the event knows goes to it.
        """
        self.assignment.version += 1
        after = assignment_state(self.assignment)
        known = {name: value for name, value in facts.items() if name in event.model_fields}
        said = event.model_validate({"assignment": after, **known})
        actor_id, now = self.actor.person_id, self.at.now
        await self._write(kind, after, facts)
        await outbox.add(self.session, said, now=now, actor_id=actor_id)

    async def _write(self, kind: EntryKind, after: AssignmentState, facts: dict[str, Any]) -> None:
        """Write row, history and audit by one statement, after what the session has in hand."""
        await self.session.flush()
        old, new = difference(self.before, after)
        traces = audit.entry(
            actor_id=self.actor.person_id,
            action=f"assignment.{kind}",
            subject_id=self.assignment.id,
            before=old,
            after=new,
            reason=facts.get("reason") or facts.get("note"),
            now=self.at.now,
        )
        line = columns_of_entry(self.assignment, kind, self.at, self.actor.person_id, facts)
        row = {name: getattr(self.assignment, name) for name in CHANGEABLE}
        written = {"row": to_json(row).decode(), "entry": to_json(line).decode()}
        await self.session.execute(_STORE, {**written, **traces})


def entry_of(
    assignment: Assignment,
    kind: EntryKind,
    at: Moment,
    actor_id: UUID | None,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Return the history line of the version just made."""
    return Entry(**columns_of_entry(assignment, kind, at, actor_id, facts or {}))


def columns_of_entry(
    assignment: Assignment,
    kind: EntryKind,
    at: Moment,
    actor_id: UUID | None,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Return the columns of that line."""
    columns = Entry.__table__.columns.keys()
    own = {name: value for name, value in facts.items() if name in columns}
    return {
        "id": new_id(),
        "assignment_id": assignment.id,
        "version": assignment.version,
        "at": at.now,
        "kind": kind,
        "actor_id": actor_id,
        "changes": [],
        **own,
    }
