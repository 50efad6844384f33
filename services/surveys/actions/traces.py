"""Leaving traces: the event in the outbox and the line in the audit, in one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.access import Actor
from chassis.messaging import outbox
from contracts.events import Event


async def note(
    session: AsyncSession,
    actor: Actor | None,
    action: str,
    subject_id: UUID,
    after: dict[str, Any],
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
) -> None:
    """Write who did what; `actor` None is the clock."""
    await audit.record(
        session,
        actor_id=actor.person_id if actor else None,
        action=action,
        subject_id=subject_id,
        before=before,
        after=after,
        reason=None,
        now=now,
    )


async def announce(session: AsyncSession, actor: Actor | None, event: Event, now: datetime) -> None:
    """Store the event of what has just been changed."""
    await session.flush()
    await outbox.add(session, event, now=now, actor_id=actor.person_id if actor else None)
