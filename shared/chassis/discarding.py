"""Undoes what events did that no producer's log holds, and writes down which and why.

An aggregate that such an event spoke of is forgotten and told anew from its producer's log: the
forged version may have kept true ones out, whichever came first.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.ids import new_id
from chassis.messaging.decoding import received
from chassis.messaging.events import EventRouter
from chassis.messaging.unknown import Unknown, mark_discarded
from chassis.tables import person, unit
from contracts.envelope import Envelope
from contracts.events import event_class

Undo = Callable[[AsyncSession, EventRouter, Sequence[Unknown], Sequence[Envelope]], Awaitable[None]]
"""Undoes events in the caller's transaction. The envelopes: all that the logs say about the
aggregates of these events, in their order."""
_DIRECTORY = {"unit": unit, "person": person}


async def discard(
    session: AsyncSession,
    router: EventRouter,
    undo: Undo,
    events: Sequence[Unknown],
    told: Sequence[Envelope],
    reason: str,
    now: datetime,
) -> None:
    """Discard events, in the caller's transaction. A copy that comes later has no effect either."""
    await undo(session, router, events, told)
    await mark_discarded(session, events, reason)
    await _write_down(session, events, reason, now)


async def undo_directory(
    session: AsyncSession,
    router: EventRouter,
    events: Sequence[Unknown],
    told: Sequence[Envelope],
) -> None:
    """Tell units and people anew. What was done because of other events stays done."""
    for aggregate, subjects in by_aggregate(events).items():
        if aggregate in _DIRECTORY:
            await forget_directory(session, aggregate, subjects)
    await tell(session, router, (e for e in told if aggregate_of(e.type) in _DIRECTORY))


async def forget_directory(
    session: AsyncSession, aggregate: str, subjects: Collection[UUID]
) -> None:
    """Forget units or people."""
    table = _DIRECTORY[aggregate]
    await session.execute(delete(table).where(table.c.id.in_(subjects)))


async def tell(session: AsyncSession, router: EventRouter, told: Iterable[Envelope]) -> None:
    """Hand true events to their handlers, past the inbox, which knows them."""
    handlers: dict[Callable[..., Any], list[Envelope]] = {}
    for envelope in told:
        handlers.setdefault(router.routes[envelope.type].handler, []).append(envelope)
    for handler, envelopes in handlers.items():
        await handler([received(envelope, replay=True) for envelope in envelopes], session)


def by_aggregate(events: Iterable[Unknown]) -> dict[str, list[UUID]]:
    """Return the ids of the aggregates that events spoke of, by their kind."""
    pairs = {(aggregate_of(e.type), e.subject) for e in events if e.subject}
    found: dict[str, list[UUID]] = {}
    for aggregate, subject in sorted(pairs):
        found.setdefault(aggregate, []).append(subject)
    return found


def aggregate_of(type_: str) -> str:
    """Return what an event of a type is about."""
    return event_class(type_).aggregate


async def _write_down(
    session: AsyncSession, events: Collection[Unknown], reason: str, now: datetime
) -> None:
    for type_, some in groupby(sorted(events, key=lambda e: e.type), key=lambda e: e.type):
        ids = [str(event.id) for event in some]
        await audit.record(
            session, actor_id=None, action="event.discard", subject_id=new_id(),
            before={"type": type_, "count": len(ids), "ids": ids}, after=None, reason=reason,
            now=now,
        )  # fmt: skip
