"""Takes events that no producer's log holds out of the facts, and what they moved out of the cells.

An aggregate that such an event spoke of is forgotten and told anew from its producer's log: the
forged version may have kept true ones out, whichever came first. What releases of figures showed is
not touched: a figure shown stays on record.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.ids import new_id
from chassis.messaging.decoding import received
from chassis.messaging.events import EventRouter
from chassis.messaging.unknown import Unknown, mark_discarded
from contracts.envelope import Envelope
from contracts.events import event_class
from contracts.surveys import ResponseSubmitted
from reporting.completion import actions as completion
from reporting.criteria.links import links_of
from reporting.proof.rebuild import PATIENCE, rebuild_round

# Cells first, then facts, then the pool: as batches and releases lock them.
_LOCKED = text("""
    SELECT FROM answer_cell WHERE round_id IN (
      SELECT round_id FROM response_fact WHERE event_id = ANY(CAST(:ids AS uuid[])))
    ORDER BY round_id, unit_id, lane FOR UPDATE
""")
_BALLOTS = text("""
    DELETE FROM response_fact WHERE event_id = ANY(CAST(:ids AS uuid[]))
    RETURNING round_id, response_id
""")
_POOL = text("""
    UPDATE steering_pool SET ballots = ARRAY(
      SELECT id FROM unnest(ballots) WITH ORDINALITY AS held(id, place)
      WHERE id <> ALL(CAST(:ballots AS uuid[])) ORDER BY place)
    WHERE round_id = :round_id
""")
_UNREVIEWED = text("""
    UPDATE response_fact SET revision = 1, excluded = false
    WHERE response_id = ANY(CAST(:ids AS uuid[])) RETURNING round_id
""")
_PROJECTIONS = {
    "unit": "unit", "person": "person", "plan": "plan", "round": "survey_round",
    "questionnaire": "questionnaire",
}  # fmt: skip


async def discard(
    session: AsyncSession,
    router: EventRouter,
    events: Sequence[Unknown],
    told: Sequence[Envelope],
    reason: str,
    now: datetime,
) -> None:
    """Discard events, in the caller's transaction, and write down which and why.

    Args:
        session: the transaction.
        router: reporting's handlers.
        events: what no log holds.
        told: all that the logs say about the aggregates of these events, in their order.
        reason: why, for the audit.
        now: the moment.
    """
    await session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
    rounds = await _forget_ballots(session, [e.id for e in events if _is_ballot(e)])
    others = sorted((e for e in events if not _is_ballot(e)), key=_aggregate)
    for aggregate, some in groupby(others, key=_aggregate):
        subjects = sorted({event.subject for event in some if event.subject})
        rounds |= await _forget(session, aggregate, subjects)
    await _tell(session, router, told)
    for round_id in sorted(rounds):
        await rebuild_round(session, round_id)
    await mark_discarded(session, events, reason)
    await _write_down(session, events, reason, now)


def _is_ballot(event: Unknown) -> bool:
    return event.type == ResponseSubmitted.type


def _aggregate(event: Unknown) -> str:
    return event_class(event.type).aggregate


async def _forget_ballots(session: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    await session.execute(_LOCKED, {"ids": ids})
    gone = (await session.execute(_BALLOTS, {"ids": ids})).all()
    rounds = {row.round_id for row in gone}
    for round_id in sorted(rounds):
        ballots = [row.response_id for row in gone]
        await session.execute(_POOL, {"round_id": round_id, "ballots": ballots})
    return rounds


async def _forget(session: AsyncSession, aggregate: str, subjects: Sequence[UUID]) -> set[UUID]:
    """Forget what is kept of aggregates; return the rounds whose cells are to be mended."""
    if aggregate == "response":
        return set(await session.scalars(_UNREVIEWED, {"ids": subjects}))
    if aggregate == "assignment":
        await completion.remove(session, subjects, links_of)
        return set()
    table = _PROJECTIONS[aggregate]
    query = text(f"DELETE FROM {table} WHERE id = ANY(CAST(:ids AS uuid[]))")  # noqa: S608 - ours
    await session.execute(query, {"ids": subjects})
    return set()


async def _tell(session: AsyncSession, router: EventRouter, told: Iterable[Envelope]) -> None:
    """Hand true events to their handlers, past the inbox, which knows them."""
    handlers: dict[Callable[..., Any], list[Envelope]] = {}
    for envelope in told:
        handlers.setdefault(router.routes[envelope.type].handler, []).append(envelope)
    for handler, envelopes in handlers.items():
        await handler([received(envelope, replay=True) for envelope in envelopes], session)


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
