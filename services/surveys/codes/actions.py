"""Tickets are issued in batches, open links one by one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.ids import new_id
from surveys.codes.domain import Code, check_takes_codes
from surveys.codes.models import IssuedTicket, Link, Ticket, TicketBatch
from surveys.rounds.actions import lock


async def issue(
    session: AsyncSession,
    actor: Actor,
    batch_id: UUID,
    round_id: UUID,
    unit_id: UUID | None,
    codes: Sequence[Code],
) -> None:
    """Store a batch's keys, not its codes. Raises NotFound, RuleBroken, InputRefused."""
    found = await lock(session, round_id)
    check_takes_codes(found.status, found.unit_ids, unit_id)
    now = await database_now(session)
    batch = TicketBatch(
        id=batch_id, round_id=round_id, unit_id=unit_id, count=len(codes), issued_at=now
    )
    session.add(batch)
    rows = [{"key": code.key, "round_id": round_id, "unit_id": unit_id} for code in codes]
    await session.execute(insert(Ticket), rows)
    await session.execute(insert(IssuedTicket), rows)
    after = {"unit_id": unit_id, "count": len(codes)}
    await traces.leave(session, actor, "round.issue_tickets", round_id, now=now, after=after)


async def create_link(
    session: AsyncSession,
    actor: Actor,
    round_id: UUID,
    unit_id: UUID | None,
    label: str,
    code: Code,
) -> Link:
    """Store an open link. Raises NotFound, RuleBroken, InputRefused."""
    found = await lock(session, round_id)
    check_takes_codes(found.status, found.unit_ids, unit_id)
    now = await database_now(session)
    link = Link(
        id=new_id(), key=code.key, round_id=round_id, unit_id=unit_id, label=label,
        active=True, created_at=now,
    )  # fmt: skip
    session.add(link)
    after = {"link_id": link.id, "unit_id": unit_id, "label": label}
    await traces.leave(session, actor, "round.create_link", round_id, now=now, after=after)
    return link


async def count_unused(session: AsyncSession, round_id: UUID) -> int:
    """Return how many tickets of a round are unspent."""
    count = select(func.count()).select_from(Ticket).where(Ticket.round_id == round_id)
    return (await session.execute(count)).scalar_one()


async def count_issued(session: AsyncSession, round_id: UUID) -> int:
    """Return how many tickets of a round were ever issued."""
    count = select(func.coalesce(func.sum(TicketBatch.count), 0))
    return int((await session.execute(count.where(TicketBatch.round_id == round_id))).scalar_one())
