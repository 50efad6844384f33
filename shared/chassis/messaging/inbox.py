"""The inbox: one row per event, so that an event takes effect once; and the retry of what failed.

A failed event waits here, not on the broker: visible, counted, its neighbours unharmed, the same on
every broker version. The partition key is the day of the envelope's `time`, which never changes on
redelivery, so that the key stays unique across partitions.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from contracts.envelope import Envelope

# 10 s, 30 s, 2 min, 10 min, 1 h, 6 h: a passing fault heals fast, a bug waits for its mend
BACK_OFF = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 3600, 21600))
MAX_ATTEMPTS = len(BACK_OFF) + 1
LARGEST_VERSION = 2**63 - 1  # the column's

_ADMIT = text("""
    INSERT INTO inbox (id, day, type, time, subject, version, state)
    SELECT g.id, g.day, g.type, g.time, g.subject, g.version, 'done'
    FROM unnest(CAST(:ids AS uuid[]), CAST(:days AS date[]), CAST(:types AS text[]),
      CAST(:times AS timestamptz[]), CAST(:subjects AS uuid[]), CAST(:versions AS bigint[]))
      AS g(id, day, type, time, subject, version)
    ORDER BY g.id ON CONFLICT DO NOTHING RETURNING id
""")
_FAIL = text("""
    INSERT INTO inbox (id, day, type, time, subject, version, state, attempts, next_attempt_at,
      error, envelope)
    VALUES (:id, :day, :type, :time, :subject, :version, :state, :attempts,
      now() + CAST(:after AS interval), :error, :envelope)
    ON CONFLICT (day, id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
      next_attempt_at = excluded.next_attempt_at, error = excluded.error,
      envelope = excluded.envelope
    WHERE inbox.state <> 'done'
""")
_TAKE_DUE = text("""
    SELECT id, day, attempts, envelope FROM inbox
    WHERE state = 'failed' AND next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_DONE = text("""
    UPDATE inbox SET state = 'done', envelope = NULL, error = NULL WHERE day = :day AND id = :id
""")


def day_of(envelope: Envelope) -> date:
    """Return the partition of an event."""
    return envelope.time.astimezone(UTC).date()


def can_keep(envelope: Envelope) -> bool:
    """Whether an event can be written down here, which also a failed one must be."""
    try:
        day_of(envelope)
    except OverflowError:  # a time before all calendars
        return False
    return envelope.time.tzinfo is not None and abs(envelope.aggregateversion) <= LARGEST_VERSION


async def admit(session: AsyncSession, envelopes: Sequence[Envelope]) -> set[UUID]:
    """Insert a row per event; return the ids that were not there before. Sorted: no deadlocks."""
    if not envelopes:
        return set()
    rows = await session.execute(
        _ADMIT,
        {
            "ids": [e.id for e in envelopes],
            "days": [day_of(e) for e in envelopes],
            "types": [e.type for e in envelopes],
            "times": [e.time for e in envelopes],
            "subjects": [e.subject for e in envelopes],
            "versions": [e.aggregateversion for e in envelopes],
        },
    )
    return set(rows.scalars())


async def record_failure(
    session: AsyncSession,
    envelope: Envelope,
    error: str,
    *,
    attempts: int,
    after: timedelta | None = None,
    park: bool = False,
) -> str:
    """Keep a failed event with its payload for the next attempt, or park it; return its state.

    Args:
        envelope: the event.
        error: what went wrong, for the operator.
        attempts: how many were made, this one included.
        after: time to the next attempt; None takes the schedule's.
        park: never try again on its own.
    """
    parked = park or attempts >= MAX_ATTEMPTS
    state = "parked" if parked else "failed"
    wait = timedelta(0) if parked else after or BACK_OFF[attempts - 1]
    await session.execute(_FAIL, _columns(envelope, error, state, attempts, wait))
    return state


def _columns(
    envelope: Envelope, error: str, state: str, attempts: int, wait: timedelta
) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "day": day_of(envelope),
        "type": envelope.type,
        "time": envelope.time,
        "subject": envelope.subject,
        "version": envelope.aggregateversion,
        "state": state,
        "attempts": attempts,
        "after": wait,
        "error": _storable(error),
        "envelope": envelope.model_dump_json(exclude_none=True),
    }


def _storable(text_: str) -> str:
    """Return at most 2000 letters of a text without what PostgreSQL refuses."""
    whole = text_[:2000].encode(errors="replace").decode()
    return whole.replace("\x00", "\ufffd")


async def park_unreadable(session: AsyncSession, body: bytes, error: str, now: datetime) -> None:
    """Keep a message that cannot be decoded, once: its id is a function of its bytes."""
    await session.execute(
        _FAIL,
        {
            "id": uuid5(NAMESPACE_OID, hashlib.sha256(body).hexdigest()),
            "day": now.astimezone(UTC).date(),
            "type": "unreadable",
            "time": now,
            "subject": None,
            "version": None,
            "state": "parked",
            "attempts": 1,
            "after": timedelta(0),
            "error": _storable(error),
            "envelope": body[:262_144].decode(errors="replace").replace("\x00", "\ufffd"),
        },
    )


async def take_due(session: AsyncSession) -> tuple[Envelope, int] | None:
    """Lock and return one failed event whose time has come, with the attempts made so far."""
    row = (await session.execute(_TAKE_DUE)).first()
    return None if row is None else (Envelope.model_validate_json(row.envelope), row.attempts)


async def mark_done(session: AsyncSession, envelope: Envelope) -> None:
    """Close a failed event that now went through."""
    await session.execute(_DONE, {"day": day_of(envelope), "id": envelope.id})


async def replay(session: AsyncSession, *, id: UUID | None = None, like: str | None = None) -> int:
    """Put parked events back into the line, one by id or all whose error contains `like`."""
    result = await session.execute(
        text("""UPDATE inbox SET state = 'failed', attempts = 0, next_attempt_at = now()
             WHERE state = 'parked' AND type <> 'unreadable'
             AND (CAST(:id AS uuid) IS NULL OR id = :id)
             AND (CAST(:like AS text) IS NULL OR position(:like in error) > 0) RETURNING id"""),
        {"id": id, "like": like},
    )
    return len(result.all())


async def show(session: AsyncSession, id: UUID) -> Any:
    """Return an event that failed, whole; None when there is none by this id."""
    return (
        await session.execute(
            text("""SELECT id, type, subject, version, time, received_at, state, attempts, error,
                 envelope FROM inbox WHERE id = :id AND state <> 'done'"""),
            {"id": id},
        )
    ).first()


async def discard(session: AsyncSession, id: UUID, reason: str, now: datetime) -> bool:
    """Close a parked event without effect, for the reason given; return whether there was one."""
    row = (
        await session.execute(
            text("""UPDATE inbox SET state = 'done', envelope = NULL
                 WHERE id = :id AND state = 'parked' RETURNING type, error"""),
            {"id": id},
        )
    ).first()
    if row is None:
        return False
    before = {"type": row.type, "error": row.error}
    await audit.record(
        session, actor_id=None, action="event.discard", subject_id=id, before=before, after=None,
        reason=reason, now=now,
    )  # fmt: skip
    return True


async def parked(session: AsyncSession) -> list[Any]:
    """Return what is parked or failing, newest first, for operators."""
    rows = await session.execute(
        text("""SELECT id, type, subject, state, attempts, next_attempt_at, error, received_at
             FROM inbox WHERE state <> 'done' ORDER BY received_at DESC LIMIT 500""")
    )
    return list(rows)
