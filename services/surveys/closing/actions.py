"""Rounds are closed for good, by a person or by the clock, and their unused tickets deleted."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now, local_date
from contracts.surveys import Lane, LaneCount, RoundClosed
from surveys.answers.identity import ENTERED
from surveys.answers.models import Response
from surveys.answers.tens import tickets
from surveys.codes.actions import count_issued, count_unused
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
    event = RoundClosed(round=state_of(found), ballots=await _ballots(session, id_))
    issued = await count_issued(session, id_)
    _, unused = tickets(issued, issued - found.tickets_unused, len(found.unit_ids))
    after = {"status": "closed", "tickets_unused": unused}
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


async def _ballots(session: AsyncSession, round_id: UUID) -> list[LaneCount]:
    """Count the ballots that were ever counted, by lane.

    The round is locked: what was accepted is there, and no ballot comes or moves any more.
    """
    counted, gone = Response.state == "counted", Response.revision > ENTERED
    statement = (
        select(
            Response.lane,
            func.count().filter(counted).label("counted"),
            func.count().filter(~counted & gone).label("excluded"),
            func.coalesce(func.sum(Response.revision).filter(counted | gone), 0).label("revisions"),
        )
        .where(Response.round_id == round_id)
        .group_by(Response.lane)
    )
    found = {row.lane: row._asdict() for row in await session.execute(statement)}
    none = {"counted": 0, "excluded": 0, "revisions": 0}
    return [LaneCount(**{"lane": lane, **none, **found.get(lane, {})}) for lane in get_args(Lane)]
