"""Ballots are excluded and restored, of open rounds and of closed ones."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.messaging import outbox
from contracts.surveys import ResponseExcluded, ResponseRestored
from surveys.answers import identity
from surveys.answers.domain import State
from surveys.answers.models import NO_UNIT, Response
from surveys.review.domain import Standing, check
from surveys.rounds.actions import hold

_EVENTS: dict[State, type[ResponseExcluded] | type[ResponseRestored]] = {
    "excluded": ResponseExcluded,
    "counted": ResponseRestored,
}
# Cells are locked as in `answers.group_commit`: after the ballots, and sorted.
_MOVE = text("""
    WITH moved AS (
      UPDATE response SET state = CAST(:state AS text), reason = CAST(:reason AS text),
        revision = revision + 1
      WHERE round_id = :round_id AND ballot_id = ANY(CAST(:ids AS uuid[]))
      RETURNING response_id, round_id, unit_id, lane, hour, revision
    ), counted AS (
      INSERT INTO answer_count AS c (round_id, unit_id, lane, slot, counted, held, excluded)
      SELECT round_id, coalesce(unit_id, CAST(:no_unit AS uuid)), lane, 0,
        CAST(:step AS int) * count(*), 0, -CAST(:step AS int) * count(*)
      FROM moved GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (round_id, unit_id, lane, slot) DO UPDATE SET
        counted = c.counted + excluded.counted, excluded = c.excluded + excluded.excluded
    )
    SELECT response_id, round_id, unit_id, lane, hour, revision FROM moved ORDER BY response_id
""")


async def exclude(
    session: AsyncSession, actor: Actor, round_id: UUID, ids: Sequence[UUID], reason: str
) -> None:
    """Count these ballots no more. Raises NotFound, InputRefused; then nothing has changed."""
    await _check(session, round_id, ids, "excluded")
    moved = await _move(session, round_id, ids, "excluded", reason)
    await _announce(session, moved, "excluded")
    await _trace(session, actor, round_id, ids, "excluded", reason)


async def restore(
    session: AsyncSession, actor: Actor, round_id: UUID, ids: Sequence[UUID], reason: str
) -> None:
    """Count excluded ballots again. Raises NotFound, InputRefused; then nothing has changed."""
    await _check(session, round_id, ids, "counted")
    moved = await _move(session, round_id, ids, "counted", None)
    await _announce(session, moved, "counted")
    await _trace(session, actor, round_id, ids, "counted", reason)


async def _check(session: AsyncSession, round_id: UUID, ids: Sequence[UUID], to: State) -> None:
    """Lock round and ballots, in this order, and refuse what may not come to this state."""
    await hold(session, round_id)
    statement = (
        select(Response.ballot_id, Response.state, Response.revision)
        .where(Response.round_id == round_id, Response.ballot_id.in_(ids))
        .order_by(Response.response_id)
        .with_for_update()
    )
    rows = (await session.execute(statement)).all()
    check(to, ids, {id_: Standing(state, revision) for id_, state, revision in rows})


async def _move(
    session: AsyncSession, round_id: UUID, ids: Sequence[UUID], to: State, reason: str | None
) -> Sequence[RowMapping]:
    """Store the new state and the counts; return the ballots as their events tell them."""
    step = 1 if to == "counted" else -1
    given = {
        "round_id": round_id, "ids": list(ids), "state": to, "reason": reason, "step": step,
        "no_unit": NO_UNIT,
    }  # fmt: skip
    return (await session.execute(_MOVE, given)).mappings().all()


async def _announce(session: AsyncSession, moved: Sequence[RowMapping], to: State) -> None:
    """Say which ballots moved, to the hour and by nobody; who did it and why is in the audit."""
    now = await database_now(session)
    events = [_EVENTS[to].model_validate(dict(row)) for row in moved]
    event_ids = [identity.event_id(event.response_id, event.version) for event in events]
    await outbox.add(session, *events, now=identity.event_time(now), event_ids=event_ids)


async def _trace(
    session: AsyncSession, actor: Actor, round_id: UUID, ids: Sequence[UUID], to: State, reason: str
) -> None:
    after = {"state": to, "count": len(ids), "ballot_ids": sorted(map(str, ids))}
    now = await database_now(session)
    await traces.leave(
        session, actor, "round.review", round_id, now=now, after=after, reason=reason
    )
