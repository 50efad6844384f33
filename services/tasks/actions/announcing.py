"""Leaving traces: the event in the outbox and the line in the audit, in one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.access import Actor
from chassis.messaging import outbox
from contracts.events import Event, Payload


async def announce(
    session: AsyncSession,
    actor: Actor,
    event: Event,
    action: str,
    *,
    before: Payload | None,
    after: Payload,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Store the event and the audit entry of one act; of a change only what differs is audited."""
    await session.flush()
    await outbox.add(session, event, now=now, actor_id=actor.person_id)
    old, new = difference(before, after)
    await note(session, actor, action, event.subject, old, new, now=now, reason=reason)


async def note(
    session: AsyncSession,
    actor: Actor,
    action: str,
    subject_id: UUID,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    *,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Write an audit entry alone, for what concerns nobody outside this service."""
    await audit.record(
        session,
        actor_id=actor.person_id,
        action=action,
        subject_id=subject_id,
        before=before,
        after=after,
        reason=reason,
        now=now,
    )


def difference(
    before: Payload | None, after: Payload
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return the fields that changed, old and new; everything when there was nothing before."""
    new = after.model_dump(mode="json")
    if before is None:
        return None, new
    old = before.model_dump(mode="json")
    names = [name for name in new if new[name] != old.get(name)]
    return {name: old.get(name) for name in names}, {name: new[name] for name in names}
