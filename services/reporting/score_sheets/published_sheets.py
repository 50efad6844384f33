"""Sheets of a block published together with its ranking: everybody reads what a rank stands on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from reporting.bodies.models import Block, Body
from reporting.score_sheets.models import Sheet, SheetRound
from reporting.score_sheets.passing import publish
from reporting.score_sheets.seen import of_round, standing

Held = tuple[Sheet, Body, Block, SheetRound]


async def hold_sheets(session: AsyncSession, year: int, block_id: UUID) -> Sequence[Held]:
    """Return the sheets of a block's round, kept from moving on meanwhile."""
    found = await session.execute(
        select(Sheet, Body, Block, SheetRound)
        .join(Body, Body.id == Sheet.body_id)
        .join(Block, Block.id == Sheet.block_id)
        .join(SheetRound, of_round())
        .where(Sheet.year == year, Sheet.block_id == block_id)
        .order_by(Body.code)
        .with_for_update(of=Sheet)
    )
    return [(sheet, body, block, round_) for sheet, body, block, round_ in found]


async def publish_approved(
    session: AsyncSession, actor: Actor, held: Sequence[Held], now: datetime
) -> None:
    """Publish those that are approved and not published yet, of bodies that are eligible."""
    waiting = [
        of for of in held if of[0].state == "approved" and of[1].why_ineligible(of[0].year) is None
    ]
    await publish(*[await standing(session, actor, now, of) for of in waiting])
