"""Events that took effect here and that no producer's log holds: somebody else published them.

A producer logs an event before it leaves. What is here and not there was forged with the producer's
own credential; or the producer's database was restored to a moment before the event.
What is parked took no effect: `parked` shows and discards it.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.catching_up import CatchingUp, Producer, differs
from chassis.messaging.events import EventRouter
from chassis.messaging.feed import Bucket
from contracts.envelope import Envelope

EVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_OF_INBOX = text("""
    SELECT id, subject FROM inbox
    WHERE type = :type AND time >= :since AND time < :until AND state <> 'parked'
""")
_OF_FACTS = """
    SELECT {id} AS id, CAST(NULL AS uuid) AS subject FROM {table}
    WHERE {time} >= :since AND {time} < :until
"""
_DISCARDED = text("""
    UPDATE inbox SET type = 'discarded', state = 'done', envelope = NULL, next_attempt_at = NULL,
      error = :reason
    WHERE id = ANY(CAST(:ids AS uuid[])) AND type = ANY(CAST(:types AS text[]))
""")


@dataclass(frozen=True)
class Unknown:
    """An event that its producer does not know, of some minute.

    `subject` None: its fact row says it.
    """

    id: UUID
    type: str
    subject: UUID | None
    minute: datetime


async def find(logs: CatchingUp, but: Collection[str] = ()) -> list[Unknown]:
    """Return what the inbox (14 days) and the guarding facts (all) hold and no log does.

    `but`: types that need not be looked at.

    Own rows are read before their producer's: an event that arrives meanwhile is not among them.
    No transaction stays open while a producer is asked.
    """
    found: list[Unknown] = []
    for producer in logs.producers:
        types = [t for t in logs.router.types_of(producer.name) if t not in but]
        async with logs.database.sessions() as session:
            mine = await logs.digest(session, types, *EVER)
        theirs = {(b.type, b.minute): b for b in await producer.digest(types, *EVER)}
        for bucket in mine:
            if differs(bucket, theirs.get((bucket.type, bucket.minute))):
                async with logs.database.sessions() as session:
                    events = await _here(session, logs.router, bucket)
                known = await _known(producer, bucket)
                found += [event for event in events if event.id not in known]
    return found


async def told_of(
    producer: Producer, types: list[str], subjects: Collection[UUID], whole: Collection[str] = ()
) -> list[Envelope]:
    """Return all that a producer's log says about some aggregates, in its order.

    `whole`: types of which all is returned, whatever it is about.
    """
    return [
        envelope
        async for page in producer.from_the_beginning(types)
        for envelope in page
        if envelope.subject in subjects or envelope.type in whole
    ]


async def mark_discarded(session: AsyncSession, events: Collection[Unknown], reason: str) -> None:
    """Let the inbox keep the ids, so that a copy has no effect, and nothing else of the events."""
    given = {"ids": [e.id for e in events], "types": [e.type for e in events], "reason": reason}
    await session.execute(_DISCARDED, given)


async def _here(session: AsyncSession, router: EventRouter, bucket: Bucket) -> list[Unknown]:
    guard = router.routes[bucket.type].guarded_by
    query = text(_OF_FACTS.format(**asdict(guard))) if guard else _OF_INBOX
    span = {"since": bucket.minute, "until": bucket.minute + timedelta(minutes=1)}
    given = span if guard else {"type": bucket.type, **span}
    rows = await session.execute(query, given)
    return [Unknown(row.id, bucket.type, row.subject, bucket.minute) for row in rows]


async def _known(producer: Producer, bucket: Bucket) -> set[UUID]:
    return {e.id async for page in producer.between(bucket) for e in page}
