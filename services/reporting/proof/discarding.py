"""Takes events that no producer's log holds out of the facts, and what they moved out of the cells.

What releases of figures showed is not touched: a figure shown stays on record.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.discarding import by_aggregate, forget_directory, tell
from chassis.messaging.events import EventRouter
from chassis.messaging.unknown import Unknown
from contracts.envelope import Envelope
from contracts.surveys import ResponseSubmitted
from reporting.completion import actions as completion
from reporting.criteria.links import links_of
from reporting.proof.lacking import pieces
from reporting.proof.rebuild import rebuild
from reporting.satisfaction import steering

# By minute and id: a forged copy of a ballot may bear its id at another time.
_UNKNOWN = "unnest(CAST(:ids AS uuid[]), CAST(:minutes AS timestamptz[])) AS gone(id, minute)"
_IS_UNKNOWN = """
    event_id = gone.id AND event_time >= gone.minute
    AND event_time < gone.minute + interval '1 minute'
"""
# Cells first, then facts, then the pool: as batches and releases lock them.
_LOCKED = text(f"""
    SELECT FROM answer_cell WHERE round_id IN (
      SELECT round_id FROM response_fact, {_UNKNOWN} WHERE {_IS_UNKNOWN})
    ORDER BY round_id, unit_id, lane FOR UPDATE
""")  # noqa: S608 - ours
_BALLOTS = text(f"""
    DELETE FROM response_fact USING {_UNKNOWN} WHERE {_IS_UNKNOWN}
    RETURNING round_id, response_id
""")  # noqa: S608 - ours
_UNREVIEWED = text("""
    UPDATE response_fact SET revision = 1, excluded = false
    WHERE response_id = ANY(CAST(:ids AS uuid[])) RETURNING round_id
""")
_PROJECTIONS = {
    "plan": "plan", "round": "survey_round", "questionnaire": "questionnaire",
    "trusted_root": "trusted_root",
    "unit_report": "offered_document", "inspection": "offered_document",
}  # fmt: skip
_FINDINGS = text("DELETE FROM offered_document WHERE of_id = ANY(CAST(:ids AS uuid[]))")
FORGETTABLE = {"response", "assignment", "unit", "person", *_PROJECTIONS}
"""What `undo` knows how to forget: all that is kept here."""


async def undo(
    session: AsyncSession,
    router: EventRouter,
    events: Sequence[Unknown],
    told: Sequence[Envelope],
) -> None:
    """Forget ballots, and forget and tell anew whatever else events spoke of; see `Undo`."""
    ballots = [event for event in events if event.type == ResponseSubmitted.type]
    rounds = await _forget_ballots(session, ballots)
    for aggregate, subjects in by_aggregate(events).items():
        rounds |= await _forget(session, aggregate, subjects)
    await tell(session, router, told)
    for round_id in sorted(rounds):
        for piece in await pieces(session, round_id):
            await rebuild(session, piece)


async def _forget_ballots(session: AsyncSession, events: Sequence[Unknown]) -> set[UUID]:
    given = {"ids": [e.id for e in events], "minutes": [e.minute for e in events]}
    await session.execute(_LOCKED, given)
    gone = (await session.execute(_BALLOTS, given)).all()
    rounds = {row.round_id for row in gone}
    for round_id in sorted(rounds):
        await steering.forget(session, round_id, [row.response_id for row in gone])
    return rounds


async def _forget(session: AsyncSession, aggregate: str, subjects: Sequence[UUID]) -> set[UUID]:
    """Forget what is kept of aggregates; return the rounds whose cells are to be mended."""
    if aggregate == "response":
        return set(await session.scalars(_UNREVIEWED, {"ids": subjects}))
    if aggregate == "assignment":
        await completion.remove(session, subjects, links_of)
        return set()
    if aggregate in _PROJECTIONS:
        query = f"DELETE FROM {_PROJECTIONS[aggregate]} WHERE id = ANY(CAST(:ids AS uuid[]))"  # noqa: S608 - ours
        await session.execute(text(query), {"ids": subjects})
        if aggregate == "inspection":
            await session.execute(_FINDINGS, {"ids": subjects})
    else:
        await forget_directory(session, aggregate, subjects)
    return set()
