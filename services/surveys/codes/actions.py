"""Tickets in batches, open links, and how many answers a round has."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, FieldError, InvalidInput, NotFound
from chassis.ids import new_id
from surveys.access import scope_links
from surveys.actions.traces import note
from surveys.codes.domain import Code
from surveys.domain.wording import N_
from surveys.rounds import actions as rounds
from surveys.tables import NO_UNIT, AnswerCount, Link, SurveyRound, Ticket, TicketBatch

STEP = 5  # a unit's figure moves this many answers at a time: one answer must not show


async def check_batch(
    session: AsyncSession, batch_id: UUID, round_id: UUID, unit_id: UUID | None, count: int
) -> bool:
    """Return whether the batch was issued before. Raises InvalidInput when it was another one."""
    batch = await session.get(TicketBatch, batch_id)
    if batch is None:
        return False
    if (batch.round_id, batch.unit_id, batch.count) != (round_id, unit_id, count):
        raise InvalidInput(
            "Idempotency-Key này đã dùng cho một nội dung khác; hãy dùng mã mới",
            code="idempotency_key_reused",
        )
    return True


async def issue(
    session: AsyncSession,
    actor: Actor,
    batch_id: UUID,
    round_id: UUID,
    unit_id: UUID | None,
    codes: Sequence[Code],
) -> None:
    """Store a batch's keys, not its codes. Raises NotFound, Conflict, InvalidInput."""
    found = await rounds.lock(session, round_id)
    _check_open_to_codes(found, unit_id)
    now = await database_now(session)
    batch = TicketBatch(
        id=batch_id, round_id=round_id, unit_id=unit_id, count=len(codes), issued_at=now
    )
    session.add(batch)
    rows = [{"key": code.key, "round_id": round_id, "unit_id": unit_id} for code in codes]
    await session.execute(insert(Ticket), rows)
    facts = {"unit_id": unit_id, "count": len(codes)}
    await note(session, actor, "ticket.issue", round_id, facts, now=now)


async def create_link(
    session: AsyncSession,
    actor: Actor,
    round_id: UUID,
    unit_id: UUID | None,
    label: str,
    code: Code,
) -> Link:
    """Store an open link. Raises NotFound, Conflict, InvalidInput."""
    found = await rounds.lock(session, round_id)
    _check_open_to_codes(found, unit_id)
    now = await database_now(session)
    link = Link(
        id=new_id(), key=code.key, round_id=round_id, unit_id=unit_id, label=label,
        active=True, created_at=now,
    )  # fmt: skip
    session.add(link)
    facts = {"link_id": link.id, "unit_id": unit_id, "label": label}
    await note(session, actor, "link.create", round_id, facts, now=now)
    return link


async def find_link(session: AsyncSession, actor: Actor, id_: UUID) -> Link:
    """Return a link the actor may see. Raises NotFound."""
    link: Link | None = await session.scalar(scope_links(select(Link).where(Link.id == id_), actor))
    if link is None:
        raise NotFound(N_("Không tìm thấy liên kết này"), code="link_not_found")
    return link


@dataclass(frozen=True)
class Counts:
    """Ballots and tickets of a round. `units`: (unit or None, counted in steps of STEP)."""

    counted: int
    held: int
    excluded: int
    tickets_issued: int
    tickets_unused: int
    units: list[tuple[UUID | None, int]]


async def count(session: AsyncSession, actor: Actor, about: SurveyRound) -> Counts:
    """Return the counts: the department's live, units' in steps, to units only their own."""
    rows = await _cells(session, about.id)
    issued = select(func.coalesce(func.sum(TicketBatch.count), 0))
    unused = about.tickets_unused
    if unused is None:
        unused = await rounds.unused_tickets(session, about.id)
    counted = {row.unit_id: int(row.counted) for row in rows}
    shown = [*about.unit_ids, *(id_ for id_ in counted if id_ not in about.unit_ids)]
    return Counts(
        counted=sum(counted.values()),
        held=sum(int(row.held) for row in rows),
        excluded=sum(int(row.excluded) for row in rows),
        tickets_issued=int(
            (await session.execute(issued.where(TicketBatch.round_id == about.id))).scalar_one()
        ),
        tickets_unused=unused,
        units=[
            (None if id_ == NO_UNIT else id_, counted.get(id_, 0) // STEP * STEP)
            for id_ in shown
            if actor.is_department_wide or id_ == actor.unit_id
        ],
    )


async def _cells(session: AsyncSession, round_id: UUID) -> Sequence[Row[UUID, int, int, int]]:
    cell = AnswerCount
    statement = (
        select(
            cell.unit_id,
            func.sum(cell.counted).label("counted"),
            func.sum(cell.held).label("held"),
            func.sum(cell.excluded).label("excluded"),
        )
        .where(cell.round_id == round_id)
        .group_by(cell.unit_id)
        .order_by(cell.unit_id)
    )
    return (await session.execute(statement)).all()


def _check_open_to_codes(about: SurveyRound, unit_id: UUID | None) -> None:
    if about.status == "closed":
        raise Conflict(
            N_("Đợt khảo sát đã kết thúc, không phát thêm giấy mời hay liên kết được"),
            code="round_already_closed",
        )
    if unit_id is not None and unit_id not in about.unit_ids:
        said = N_("Đơn vị này không thuộc đợt khảo sát")
        field = FieldError(pointer="/unit_id", message=said)
        raise InvalidInput(said, code="unit_not_in_round", errors=[field])
