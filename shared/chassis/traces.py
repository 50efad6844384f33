"""What an act leaves behind: its line in the audit and its events, by one statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.access import Actor
from chassis.messaging import outbox
from contracts.events import Event

Facts = Mapping[str, Any] | BaseModel
_LEAVE = text(
    f"WITH said AS (SELECT * FROM {outbox.EVENTS}), {outbox.INSERT} {audit.INSERT} "  # noqa: S608 - ours
    f"RETURNING {outbox.NOTIFY}"
)


class Left(NamedTuple):
    """What an act on one of several things leaves: an event, and what differs, as for `leave`."""

    subject_id: UUID
    event: Event
    before: Facts | None = None
    after: Facts | None = None


async def leave(
    session: AsyncSession,
    actor: Actor | None,
    action: str,
    subject_id: UUID,
    *events: Event,
    now: datetime,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str | None = None,
) -> None:
    """Write who did what to which thing, and the events of it, in the caller's transaction.

    Args:
        actor: None for the clock.
        action: `noun.act`, as the table of rights calls it.
        before, after: ids and figures, no citizen's data. Given both, only what differs is kept.
    """
    await session.flush()
    actor_id = actor.person_id if actor else None
    old, new = difference(before, after)
    line = audit.entry(
        actor_id=actor_id, action=action, subject_id=subject_id, before=old, after=new,
        reason=reason, now=now,
    )  # fmt: skip
    if not events:
        await session.execute(audit.RECORD, line)
        return
    await session.execute(_LEAVE, {**line, **outbox.columns(events, now=now, actor_id=actor_id)})


async def leave_all(
    session: AsyncSession, actor: Actor | None, action: str, left: Sequence[Left], *, now: datetime
) -> None:
    """Write as `leave` does what one act did to each of several things, by two statements."""
    await session.flush()
    actor_id = actor.person_id if actor else None
    lines = []
    for each in left:
        old, new = difference(each.before, each.after)
        lines.append(audit.entry(
            actor_id=actor_id, action=action, subject_id=each.subject_id, before=old, after=new,
            reason=None, now=now,
        ))  # fmt: skip
    await audit.record_all(session, lines)
    await outbox.add(session, *(each.event for each in left), now=now, actor_id=actor_id)


def difference(
    before: Facts | None, after: Facts | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the fields that changed, old and new; everything when one side is missing."""
    old, new = _plain(before), _plain(after)
    if old is None or new is None:
        return old, new
    names = [name for name in new if name not in old or new[name] != old[name]]
    return {name: old.get(name) for name in names}, {name: new[name] for name in names}


def _plain(facts: Facts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return facts.model_dump(mode="json") if isinstance(facts, BaseModel) else dict(facts)
