"""The writer's side: a row in the writer's own transaction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import live_event

CHANNEL = "live"
KEPT = timedelta(days=1)
# PostgreSQL sends equal notifications of one transaction once, so any number of pushes is one.
_PUSH = text("""
    WITH pushed AS (
      INSERT INTO live_event (topic, event, payload, coalesce_key)
      VALUES (:topic, :event, CAST(:payload AS jsonb), :coalesce_key) RETURNING id
    )
    SELECT pg_notify('live', '') FROM pushed
""")


@dataclass(frozen=True)
class LiveEvent:
    """One message for the screens that follow a topic."""

    id: int
    topic: str
    event: str
    payload: dict[str, Any]
    coalesce_key: str | None


async def push(
    session: AsyncSession,
    topic: str,
    payload: Mapping[str, Any],
    *,
    event: str = "message",
    coalesce: str | None = None,
) -> None:
    """Send a payload to everybody who follows the topic, when the transaction commits.

    `event` is the SSE event name. Of messages with the same `coalesce` key at most one goes out
    per 200 ms, the newest: for figures that move with every answer.
    """
    document = json.dumps(to_jsonable_python(payload), ensure_ascii=False)
    facts = {"topic": topic, "event": event, "payload": document, "coalesce_key": coalesce}
    await session.execute(_PUSH, facts)


async def purge(session: AsyncSession, now: datetime) -> None:
    """Delete rows older than a day; a job for the service's clock."""
    await session.execute(delete(live_event).where(live_event.c.created_at < now - KEPT))
