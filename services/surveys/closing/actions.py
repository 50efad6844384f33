"""Rounds are closed for good, by a person or by the clock, and their unused tickets deleted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now, local_date
from contracts.surveys import RoundClosed
from surveys.codes.actions import count_unused
from surveys.codes.models import Ticket
from surveys.rounds.actions import lock, state_of
from surveys.rounds.domain import Round
from surveys.rounds.models import SurveyRound


async def close(session: AsyncSession, actor: Actor | None, id_: UUID) -> SurveyRound:
    """Take no more answers, at once, and forget the tickets nobody used.

    Raises NotFound, RuleBroken. `actor` None: the clock.
    """
    found = await lock(session, id_)
    Round.model_validate(found).closed()
    now = await database_now(session)
    found.tickets_unused = await count_unused(session, id_)
    await session.execute(delete(Ticket).where(Ticket.round_id == id_))
    found.status, found.version = "closed", found.version + 1
    event = RoundClosed(round=state_of(found))
    after = {"status": "closed", "tickets_unused": found.tickets_unused}
    await traces.leave(session, actor, "round.close", id_, event, now=now, after=after)
    return found


async def close_ended(session: AsyncSession, now: datetime) -> int:
    """Close the open rounds whose last day is over; return how many."""
    ended = (
        select(SurveyRound.id)
        .where(SurveyRound.status == "open", SurveyRound.closes_on < local_date(now))
        .order_by(SurveyRound.id)
    )
    ids = (await session.scalars(ended)).all()
    for id_ in ids:
        await close(session, None, id_)
    return len(ids)
