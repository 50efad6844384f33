"""Finding an assignment, and storing the next version of a locked one with its traces."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit, traces
from chassis.access import Actor
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from chassis.messaging import outbox
from contracts.events import Event
from contracts.tasks import AssignmentState
from tasks.assignments.models import Assignment, Entry, EntryKind, Result, ResultStatus
from tasks.assignments.scope import scope
from tasks.calendar.moment import Moment, exceptions, moment_of
from tasks.directory.models import Person

CHANGEABLE = ("version", "accountable_person_id", "deadline_kind", "starts_on", "due_on",
              "last_working_day", "triggered_on", "status", "progress_percent", "submitted_on",
              "accepted_at")  # fmt: skip
_NAMES = ", ".join(CHANGEABLE)
_OF_ENTRY = ", ".join(Entry.__table__.columns.keys())
# Without a decision `:result_id` is null, and no result is decided.
_STORE = text(f"""
    WITH decided AS (
      UPDATE result SET status = :decision, decision_note = :audit_reason, decided_at = :audit_at,
        decided_by = :audit_actor_id
      WHERE id = :result_id AND status = 'submitted' RETURNING id
    ), changed AS (
      UPDATE assignment SET ({_NAMES}) = (
        SELECT {_NAMES} FROM jsonb_populate_record(NULL::assignment, CAST(:row AS jsonb)))
      WHERE id = :audit_subject_id
    ), told AS (
      INSERT INTO assignment_entry ({_OF_ENTRY})
      SELECT {_OF_ENTRY} FROM jsonb_populate_record(NULL::assignment_entry, CAST(:entry AS jsonb))
    ), said AS (SELECT * FROM {outbox.EVENTS}), {outbox.INSERT}
    {audit.INSERT} RETURNING (SELECT count(*) FROM decided), {outbox.NOTIFY}
""")  # noqa: S608 - our own column names
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
    submitted_on: date | None = None
    """The day of the result the change is about; None when the assignment has no such result."""

    def __post_init__(self) -> None:
        """Keep the session from writing the row, which `store` does together with its traces."""
        self.session.expunge(self.assignment)

    @classmethod
    async def begin(
        cls, session: AsyncSession, actor: Actor, id_: UUID, result_id: UUID | None = None
    ) -> "Change":
        """Lock an assignment the actor may see. Raises NotFound for any other."""
        given = {"id": id_, "result_id": result_id}
        row = (await session.execute(scope(_LOCKED, actor), given)).first()
        if row is None:
            raise _unknown()
        assignment, now, days_off, *more = row
        at = moment_of(now, days_off)
        return cls(session, actor, assignment, assignment.state(), at, *more)

    async def store(
        self,
        kind: EntryKind,
        event: type[Event],
        *,
        decision: ResultStatus | None = None,
        **facts: Any,
    ) -> None:
        """Count the version up and store row, history line, event and audit entry.

        `facts` named like a column of the history go there, all that the event knows goes to it.
        `decision` is about the result they name. Raises Conflict when that was decided already.
        """
        self.assignment.version += 1
        after = self.assignment.state()
        known = {name: value for name, value in facts.items() if name in event.model_fields}
        said = event.model_validate({"assignment": after, **known})
        decided = await self._write(kind, after, said, decision, facts)
        if decision and not decided:
            raise Conflict(
                "Kết quả này đã được duyệt hoặc trả lại; hãy xem kết quả mới nhất",
                code="result_decided",
            )

    async def _write(
        self,
        kind: EntryKind,
        after: AssignmentState,
        said: Event,
        decision: ResultStatus | None,
        facts: dict[str, Any],
    ) -> int:
        """Write all of it by one statement, after what the session has in hand.

        Return how many results were decided.
        """
        await self.session.flush()
        old, new = traces.difference(self.before, after)
        line_of_audit = audit.entry(
            actor_id=self.actor.person_id,
            action=f"assignment.{kind}",
            subject_id=self.assignment.id,
            before=old,
            after=new,
            reason=facts.get("reason") or facts.get("note"),
            now=self.at.now,
        )
        line = columns_of_entry(self.assignment, kind, self.at, self.actor.person_id, facts)
        event = outbox.columns([said], now=self.at.now, actor_id=self.actor.person_id)
        row = {name: getattr(self.assignment, name) for name in CHANGEABLE}
        written = {
            "row": to_json(row).decode(),
            "entry": to_json(line).decode(),
            "decision": decision,
            "result_id": facts["result_id"] if decision else None,
        }
        return int(
            (await self.session.execute(_STORE, {**written, **event, **line_of_audit})).scalar_one()
        )


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
