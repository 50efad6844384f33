"""Rounds are closed or cancelled for good, and their unused tickets deleted."""

from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now, local_date
from contracts.surveys import Lane, LaneCount, RoundClosed, TicketCount
from surveys.answers.identity import ENTERED
from surveys.answers.models import Response
from surveys.answers.tens import of_department
from surveys.answers.views import count_tickets
from surveys.codes.actions import count_batches, count_unused
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
    await _forget_tickets(session, found)
    found.status, found.version = "closed", found.version + 1
    event = RoundClosed(
        round=state_of(found), ballots=await _ballots(session, id_),
        tickets=await _tickets(session, found),
    )  # fmt: skip
    _, unused = await count_tickets(session, found)
    after = {"status": "closed", "tickets_unused": unused}
    await traces.leave(session, actor, "round.close", id_, event, now=now, after=after)
    return found


async def cancel(session: AsyncSession, actor: Actor, id_: UUID, reason: str) -> SurveyRound:
    """Give a round up: no more answers, and those there are count in no index. A draft is silent.

    Raises NotFound, RuleBroken `round_already_closed`, `round_already_cancelled`.
    """
    found = await lock(session, id_)
    Round.model_validate(found).cancelled()
    now = await database_now(session)
    await _forget_tickets(session, found)
    found.cancelled_as_draft = found.status == "draft"
    found.status, found.version, found.cancelled_because = "cancelled", found.version + 1, reason
    # Without its ballots: nobody counts them, and nothing more is told of them.
    events = [] if found.cancelled_as_draft else [RoundClosed(round=state_of(found))]
    await traces.leave(
        session, actor, "round.cancel", id_, *events,
        now=now, after={"status": "cancelled"}, reason=reason,
    )  # fmt: skip
    return found


async def _forget_tickets(session: AsyncSession, found: SurveyRound) -> None:
    found.tickets_unused = await count_unused(session, found.id)
    await session.execute(delete(Ticket).where(Ticket.round_id == found.id))


async def close_ended(session: AsyncSession, now: datetime) -> int:
    """Close the open rounds whose last day is over; return how many.

    Locked as they are found: whoever was just extending or ending one of them is waited for, and
    then it is looked at again.
    """
    ended = (
        select(SurveyRound.id)
        .where(SurveyRound.status == "open", SurveyRound.closes_on < local_date(now))
        .order_by(SurveyRound.id)
        .with_for_update()
    )
    ids = (await session.scalars(ended)).all()
    for id_ in ids:
        await close(session, None, id_)
    return len(ids)


async def _tickets(session: AsyncSession, found: SurveyRound) -> TicketCount:
    """Count the tickets as they may be told; what of a voided batch was used is in no number."""
    told = (of_department(n, len(found.unit_ids)) for n in await count_batches(session, found.id))
    return TicketCount(**dict(zip(("issued", "voided"), told, strict=True)))


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
