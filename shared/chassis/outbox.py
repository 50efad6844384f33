"""Events leave with the change that made them: log row and pointer in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from contracts.envelope import Envelope
from contracts.events import Event

CHANNEL = "outbox"

_INSERT = text("""
    WITH given AS (
      SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:subjects AS uuid[]),
        CAST(:versions AS bigint[]), CAST(:times AS timestamptz[]), CAST(:envelopes AS text[]))
        WITH ORDINALITY AS g(id, type, subject, version, occurred_at, envelope, n) ORDER BY n
    ), logged AS (
      INSERT INTO event_log (id, type, subject, version, occurred_at, recorded_at, envelope)
      SELECT id, type, subject, version, occurred_at, occurred_at, envelope FROM given ORDER BY n
      RETURNING seq, recorded_at
    ), pointed AS (
      INSERT INTO outbox (seq, recorded_at) SELECT seq, recorded_at FROM logged
    )
    SELECT pg_notify('outbox', '')
""")


def envelope_of(
    event: Event, *, id: UUID, time: datetime, actor_id: UUID | None = None
) -> Envelope:
    """Return the envelope of an event: structured CloudEvents 1.0."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    anonymous = getattr(event, "unversioned", False)  # a citizen's answer names no actor or request
    return Envelope(
        id=id,
        type=event.type,
        source=f"/nhip/{event.producer()}",
        subject=event.subject,
        time=time,
        aggregateversion=event.version,
        actorid=None if anonymous else actor_id,
        requestid=None if anonymous else request_id,
        data=event.model_dump(mode="json"),
    )


async def add(
    session: AsyncSession,
    *events: Event,
    now: datetime,
    actor_id: UUID | None = None,
    event_ids: Sequence[UUID] | None = None,
) -> None:
    """Append events to the log and point the relay at them, in the caller's transaction.

    `event_ids` replaces the fresh ids where the id is a function of the event (survey answers).
    One statement whatever the number of events.
    """
    if not events:
        return
    ids = list(event_ids) if event_ids is not None else [new_id() for _ in events]
    envelopes = [
        envelope_of(event, id=id_, time=now, actor_id=actor_id)
        for event, id_ in zip(events, ids, strict=True)
    ]
    await session.execute(_INSERT, rows_of(envelopes))


def rows_of(envelopes: Sequence[Envelope]) -> dict[str, list[object]]:
    """Return the columns of the log's rows, one list each."""
    return {
        "ids": [e.id for e in envelopes],
        "types": [e.type for e in envelopes],
        "subjects": [e.subject for e in envelopes],
        "versions": [e.aggregateversion for e in envelopes],
        "times": [e.time for e in envelopes],
        "envelopes": [e.model_dump_json(exclude_none=True) for e in envelopes],
    }
