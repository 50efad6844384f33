"""Public events are kept as they leave, for other systems: one statement per batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.discarding import undo_directory
from chassis.messaging.events import EventRouter, Received
from chassis.messaging.unknown import Unknown
from contracts.envelope import Envelope
from contracts.outside import outside
from notifications.subscribers.subscriptions.matching import units_of

CHANNEL = "public_event"
"""Told when events were kept; whoever hands them out listens."""
MONTHS = 24
"""For so many whole months an event can be read again, besides the one in which it happened."""
_AHEAD = 2  # months for which there are partitions before they begin

# The lists of units come as the text of arrays: arrays of different lengths are no array.
_KEEP = text(f"""
    WITH kept AS (
      INSERT INTO public_event (id, type, subject, version, unit_ids, occurred_at, envelope)
      SELECT id, type, subject, version, CAST(units AS uuid[]), occurred_at, envelope
      FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:subjects AS uuid[]),
        CAST(:versions AS bigint[]), CAST(:units AS text[]), CAST(:times AS timestamptz[]),
        CAST(:envelopes AS text[]))
        WITH ORDINALITY AS g(id, type, subject, version, units, occurred_at, envelope, n)
      ORDER BY n ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT pg_notify('{CHANNEL}', '') FROM kept LIMIT 1
""")  # noqa: S608 - no value from outside

_WITHDRAW = text("""
    UPDATE public_event SET type = 'discarded', envelope = '', unit_ids = '{}'
    WHERE id = ANY(CAST(:ids AS uuid[]))
""")


async def keep(session: AsyncSession, events: Sequence[Received[Any]]) -> None:
    """Keep some events in the caller's transaction; one that is there already stays as it is.

    In the order of their ids, so that two that keep the same ones do not deadlock.
    """
    envelopes = sorted((_envelope(each) for each in events), key=lambda each: each.id)
    if envelopes:
        await session.execute(_KEEP, _columns(envelopes))


async def copy(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep what came by catching up: a handler."""
    await keep(session, events)


async def withdraw(
    session: AsyncSession,
    router: EventRouter,
    events: Sequence[Unknown],
    told: Sequence[Envelope],
) -> None:
    """Undo forged events: they leave no more, and a copy does not come back. An `Undo`."""
    await undo_directory(session, router, events, told)
    await session.execute(_WITHDRAW, {"ids": [each.id for each in events]})


def written(envelope: Envelope) -> str:
    """Return the JSON of an event as it leaves, the same on every transport."""
    return outside(envelope).model_dump_json(exclude_none=True)


async def keep_months(session: AsyncSession, now: datetime) -> None:
    """Add partitions for the coming months and drop what is older than MONTHS."""
    first = now.year * 12 + now.month - 1
    for month in range(first, first + _AHEAD + 1):
        await session.execute(text(
            f"CREATE TABLE IF NOT EXISTS {_partition(month)} PARTITION OF public_event "
            f"FOR VALUES FROM ('{_day(month)}') TO ('{_day(month + 1)}')"
        ))  # fmt: skip
    oldest = first - MONTHS
    for name in await _partitions(session):
        if name < _partition(oldest):
            await session.execute(text(f"DROP TABLE {name}"))
    await session.execute(text(
        f"DELETE FROM public_event_default WHERE occurred_at < '{_day(oldest)}'"  # noqa: S608
    ))  # fmt: skip


async def _partitions(session: AsyncSession) -> Iterable[str]:
    """Return the names of the partitions that hold a month."""
    found = await session.execute(text("""
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'public_event'::regclass AND relname ~ '^public_event_[0-9]{4}_[0-9]{2}$'
        ORDER BY relname
    """))  # fmt: skip
    return found.scalars().all()


def _partition(month: int) -> str:
    return f"public_event_{month // 12:04}_{month % 12 + 1:02}"


def _day(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}-01"


def _envelope(received: Received[Any]) -> Envelope:
    if received.envelope is None:
        raise ValueError(f"{received.id} came without its envelope")
    return received.envelope


def _columns(envelopes: Sequence[Envelope]) -> dict[str, Any]:
    return {
        "ids": [each.id for each in envelopes],
        "types": [each.type for each in envelopes],
        "subjects": [each.subject for each in envelopes],
        "versions": [each.aggregateversion for each in envelopes],
        "units": [_array(units_of(each.data)) for each in envelopes],
        "times": [each.time for each in envelopes],
        "envelopes": [written(each) for each in envelopes],
    }


def _array(ids: Iterable[object]) -> str:
    return "{" + ",".join(sorted(map(str, ids))) + "}"
