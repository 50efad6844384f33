"""Tickets are issued and voided in batches, open links made one by one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.words import N_
from surveys.codes.domain import Code, check_not_voided, check_takes_codes
from surveys.codes.models import IssuedTicket, Link, Ticket, TicketBatch
from surveys.codes.signer import Signer
from surveys.rounds.actions import lock

_LIVE = func.sum(TicketBatch.count).filter(TicketBatch.voided_at.is_(None))


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


async def void(
    session: AsyncSession, actor: Actor, round_id: UUID, batch_id: UUID, reason: str, signer: Signer
) -> TicketBatch:
    """Void what is unspent of a batch; what was spent stays counted.

    Raises NotFound, RuleBroken `batch_voided` or `round_already_closed`.
    """
    found = await lock(session, round_id)
    check_takes_codes(found.status, found.unit_ids, None)
    batch = await session.get(TicketBatch, batch_id)
    if batch is None or batch.round_id != round_id:
        raise NotFound(N_("Không tìm thấy tập giấy mời này"), code="batch_not_found")
    check_not_voided(batch.voided_at)
    now = await database_now(session)
    keys = [code.key for code in signer.of_batch(batch.id, batch.count)]
    unspent = delete(Ticket).where(Ticket.key.in_(keys)).returning(Ticket.key)
    gone = (await session.execute(unspent)).all()
    # Used ones too: which of them were used is nobody's to learn.
    of_batch = update(IssuedTicket).where(IssuedTicket.key.in_(keys)).values(voided=True)
    await session.execute(of_batch)
    batch.voided, batch.voided_at, batch.void_reason = len(gone), now, reason
    after = {"batch_id": batch.id, "unit_id": batch.unit_id, "count": batch.count}
    await traces.leave(
        session, actor, "round.void_tickets", round_id, now=now, after=after, reason=reason
    )
    return batch


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


async def count_issued(session: AsyncSession, round_id: UUID) -> tuple[int, int]:
    """Return how many tickets of a round were valid, spent or not, and how many of those still are.

    The first leaves out tickets that were voided unspent, the second whole batches with any.
    """
    voided = func.coalesce(TicketBatch.voided, 0)
    count = select(func.sum(TicketBatch.count - voided), _LIVE)
    row = (await session.execute(count.where(TicketBatch.round_id == round_id))).one()
    return int(row[0] or 0), int(row[1] or 0)


async def count_batches(session: AsyncSession, round_id: UUID) -> tuple[int, int]:
    """Return how many tickets a round's batches have, used or not: valid ones, and voided ones."""
    count = select(_LIVE, func.sum(TicketBatch.count))
    row = (await session.execute(count.where(TicketBatch.round_id == round_id))).one()
    live, every = int(row[0] or 0), int(row[1] or 0)
    return live, every - live
