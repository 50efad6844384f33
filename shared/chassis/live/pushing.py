"""The writer's side: a row in the writer's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import to_json
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import live_event

CHANNEL = "live"
KEPT = timedelta(days=1)
_PUSH = text("""
    WITH pushed AS (
      INSERT INTO live_event (topic, event, payload, coalesce_key)
      SELECT topic, event, CAST(payload AS jsonb), coalesce_key
      FROM unnest(CAST(:topics AS text[]), CAST(:events AS text[]), CAST(:payloads AS text[]),
        CAST(:keys AS text[])) WITH ORDINALITY AS g(topic, event, payload, coalesce_key, n)
      ORDER BY n
    )
    SELECT pg_notify('live', '')
""")


@dataclass(frozen=True)
class LiveEvent:
    """One message for the screens that follow a topic."""

    id: int
    topic: str
    event: str
    payload: dict[str, Any]
    coalesce_key: str | None


@dataclass(frozen=True)
class Push:
    """A payload for everybody who follows a topic. `event` is the SSE event name.

    Of pushes with the same `coalesce` key at most one goes out per 200 ms, the newest: for figures
    that move with every answer.
    """

    topic: str
    payload: Mapping[str, Any]
    event: str = "message"
    coalesce: str | None = None


async def push(session: AsyncSession, *pushes: Push) -> None:
    """Send payloads when the transaction commits. One statement whatever their number."""
    if not pushes:
        return
    columns = {
        "topics": [each.topic for each in pushes],
        "events": [each.event for each in pushes],
        "payloads": [to_json(each.payload).decode() for each in pushes],
        "keys": [each.coalesce for each in pushes],
    }
    await session.execute(_PUSH, columns)


async def purge_live_events(session: AsyncSession, now: datetime) -> None:
    """Delete rows older than a day; a job for the service's clock."""
    await session.execute(delete(live_event).where(live_event.c.created_at < now - KEPT))
