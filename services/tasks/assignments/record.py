"""The one writer of assignments: the row, its history line and its event, version by version.

API, clock, calendar and import all come here, so that no version lacks a line or an event, and no
column is forgotten: what is written is what the table has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Select, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit, traces
from chassis.access import Actor
from chassis.ids import new_id
from chassis.messaging import outbox
from contracts.events import Event
from contracts.tasks import AssignmentState
from tasks.assignments.models import FIXED, Assignment, Entry, EntryKind, ResultStatus
from tasks.calendar.moment import Moment

BATCH = 500  # versions per statement
_COLUMNS: list[str] = list(Assignment.__table__.columns.keys())
_CHANGEABLE = [c.name for c in Assignment.__table__.columns if c.info != FIXED]
_OF_LINE: list[str] = list(Entry.__table__.columns.keys())


@dataclass(frozen=True)
class Step:
    """What happened to an assignment, which already is as it shall be, but for its version.

    `facts` go by their names: into the columns of the history line, and into the event.
    `before`: its state until now, for the audit; None when the clock acts.
    """

    assignment: Assignment
    kind: EntryKind
    event: type[Event]
    facts: Mapping[str, Any] = field(default_factory=dict)
    before: AssignmentState | None = None


async def take(session: AsyncSession, statement: Select[Assignment]) -> Sequence[Assignment]:
    """Load assignments to change. The session lets go of them: it would write them, too."""
    found = (await session.scalars(statement)).all()
    for assignment in found:
        session.expunge(assignment)
    return found


async def create(session: AsyncSession, steps: Sequence[Step], at: Moment, actor: Actor) -> None:
    """Write new assignments; what made them stands in the audit of the act that did."""
    await _write_all(session, _CREATE, steps, at, actor.person_id, _COLUMNS)


async def change(session: AsyncSession, steps: Sequence[Step], at: Moment) -> None:
    """Write the next version of assignments that only time has changed."""
    await _write_all(session, _CHANGE, steps, at, None)


async def change_by(session: AsyncSession, steps: Sequence[Step], at: Moment, actor: Actor) -> None:
    """Write the next version of assignments that somebody has changed, a line in the audit each."""
    states = await _write_all(session, _CHANGE, steps, at, actor.person_id)
    lines = [_audited(step, state, at, actor) for step, state in zip(steps, states, strict=True)]
    await audit.record_all(session, lines)


async def act_on_many(
    session: AsyncSession,
    steps: Sequence[Step],
    at: Moment,
    actor: Actor,
    *,
    decision: ResultStatus | None = None,
) -> None:
    """Write the next version of each, as `act` does of one, by a statement for each table.

    `decision` is about the results that the facts name: seen to be undecided under the locks.
    """
    if decision and steps:
        said = steps[0].facts
        decided = {
            "decision": decision,
            "note": said.get("reason") or said.get("note"),
            "at": at.now,
            "actor_id": actor.person_id,
            "result_ids": [step.facts["result_id"] for step in steps],
        }
        await session.execute(_DECIDE_ALL, decided)
    await change_by(session, steps, at, actor)


async def act(
    session: AsyncSession,
    step: Step,
    at: Moment,
    actor: Actor,
    *,
    decision: ResultStatus | None = None,
) -> bool:
    """Write the next version of one assignment and its line in the audit, by one statement.

    `decision` is about the result that the facts name. Return False when that was decided before:
    then the caller must not commit.
    """
    await session.flush()
    [state], written = _next([step], at, actor.person_id, _CHANGEABLE)
    of_result = {"decision": decision, "result_id": step.facts["result_id"] if decision else None}
    given = {**written, **of_result, **_audited(step, state, at, actor)}
    decided = (await session.execute(_ACT, given)).scalar_one()
    return decision is None or decided == 1


async def _write_all(
    session: AsyncSession,
    statement: TextClause,
    steps: Sequence[Step],
    at: Moment,
    actor_id: UUID | None,
    names: Sequence[str] = _CHANGEABLE,
) -> list[AssignmentState]:
    await session.flush()
    states: list[AssignmentState] = []
    for start in range(0, len(steps), BATCH):
        new, written = _next(steps[start : start + BATCH], at, actor_id, names)
        await session.execute(statement, written)
        states += new
    return states


def _next(
    steps: Sequence[Step], at: Moment, actor_id: UUID | None, names: Sequence[str]
) -> tuple[list[AssignmentState], dict[str, Any]]:
    """Count each version up; return the new states, and the parameters of a statement.

    `names`: the columns that are written.
    """
    for step in steps:
        step.assignment.version += 1
    states = [step.assignment.state() for step in steps]
    events = [_event(step, state) for step, state in zip(steps, states, strict=True)]
    rows = [{name: getattr(step.assignment, name) for name in names} for step in steps]
    lines = [_line(step, at, actor_id) for step in steps]
    return states, {
        "rows": to_json(rows).decode(),
        "lines": to_json(lines).decode(),
        **outbox.columns(events, now=at.now, actor_id=actor_id),
    }


def _event(step: Step, state: AssignmentState) -> Event:
    known = {name: value for name, value in step.facts.items() if name in step.event.model_fields}
    return step.event.model_validate({"assignment": state, **known})


def _line(step: Step, at: Moment, actor_id: UUID | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "assignment_id": step.assignment.id,
        "version": step.assignment.version,
        "at": at.now,
        "kind": step.kind,
        "actor_id": actor_id,
        "changes": [],
        **{name: value for name, value in step.facts.items() if name in _OF_LINE},
    }


def _audited(step: Step, state: AssignmentState, at: Moment, actor: Actor) -> dict[str, Any]:
    old, new = traces.difference(step.before, state)
    return audit.entry(
        actor_id=actor.person_id,
        action=f"assignment.{step.kind}",
        subject_id=step.assignment.id,
        before=old,
        after=new,
        reason=step.facts.get("reason") or step.facts.get("note"),
        now=at.now,
    )


# ---------------------------------------------------------------- statements

_ROWS = "jsonb_populate_recordset(NULL::assignment, CAST(:rows AS jsonb))"
_NAMES = ", ".join(_COLUMNS)
_SET = ", ".join(f"{name} = new.{name}" for name in _CHANGEABLE if name != "id")
_LINE_NAMES = ", ".join(_OF_LINE)

_CREATED = f"INSERT INTO assignment ({_NAMES}) SELECT {_NAMES} FROM {_ROWS} RETURNING id, plan_id"  # noqa: S608 - ours
_CHANGED = f"""
    UPDATE assignment AS old SET {_SET} FROM {_ROWS} AS new WHERE old.id = new.id
    RETURNING old.id, old.plan_id
"""  # noqa: S608
# Of one, the row is named: from a list the planner expects a hundred, and may read the whole table.
_CHANGED_ONE = _CHANGED.replace("old.id = new.id", "old.id = new.id AND old.id = :audit_subject_id")
_LINES = f"""
    INSERT INTO assignment_entry ({_LINE_NAMES}) SELECT {_LINE_NAMES}
    FROM jsonb_populate_recordset(NULL::assignment_entry, CAST(:lines AS jsonb))
"""  # noqa: S608
# Without a decision `:result_id` is null, and no result is decided.
_DECIDED = """
    UPDATE result SET status = :decision, decision_note = :audit_reason, decided_at = :audit_at,
      decided_by = :audit_actor_id
    WHERE id = :result_id AND status = 'submitted' RETURNING id
"""
_DECIDE_ALL = text("""
    UPDATE result SET status = :decision, decision_note = :note, decided_at = :at,
      decided_by = :actor_id
    WHERE id = ANY(CAST(:result_ids AS uuid[])) AND status = 'submitted'
""")
# Of a draft nobody hears anything; its assignments are announced when it is issued.
_SAID = f"""
    SELECT event.* FROM {outbox.EVENTS} JOIN rows ON rows.id = event.subject
    JOIN plan ON plan.id = rows.plan_id AND plan.status <> 'draft'
      AND NOT plan.cancelled_draft
"""  # noqa: S608
_AND_EVENTS = f"lines AS ({_LINES}), said AS ({_SAID}), {outbox.INSERT}"

_CREATE = text(f"WITH rows AS ({_CREATED}), {_AND_EVENTS} SELECT {outbox.NOTIFY}")
_CHANGE = text(f"WITH rows AS ({_CHANGED}), {_AND_EVENTS} SELECT {outbox.NOTIFY}")
_ACT = text(f"""
    WITH decided AS ({_DECIDED}), rows AS ({_CHANGED_ONE}), {_AND_EVENTS} {audit.INSERT}
    RETURNING (SELECT count(*) FROM decided), {outbox.NOTIFY}
""")  # noqa: S608
