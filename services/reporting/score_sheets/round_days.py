"""The last days of a whole round, moved on by one act that says why; its sheets follow."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import local_date
from chassis.errors import NotAllowed, NotFound
from reporting.bodies.models import Block, Body
from reporting.bodies.scope import keeps
from reporting.score_sheets.models import Sheet, SheetRound
from reporting.score_sheets.reopening import leave
from reporting.score_sheets.seen import WHOSE, last_day, standing, state_of
from reporting.score_sheets.steps import Days, check_moved_on

_NO_ROUND = "Chưa mở đợt chấm này cho khối"


async def extend_round(
    session: AsyncSession,
    actor: Actor,
    year: int,
    block_id: UUID,
    days: Days,
    reason: str,
    now: datetime,
) -> SheetRound:
    """Move the days of a round on; a sheet that has a later one of its own keeps it.

    Those are told whose sheet has more time by it now. Whoever scores a body of the block does not
    move its day. Raises NotFound, NotAllowed, InputRefused (`score_sheet_day`).
    """
    round_ = await session.get(SheetRound, (year, block_id), with_for_update=True)
    if round_ is None:
        raise NotFound(_NO_ROUND)
    block = await session.get_one(Block, block_id)
    sheets = await _sheets(session, year, block_id)
    if not all(keeps(actor, body) for _, body in sheets):
        raise NotAllowed(WHOSE["keeper"])
    old = (round_.closes_on, round_.explain_by)
    check_moved_on(days, old, local_date(now))
    before = {sheet.id: last_day(sheet, round_) for sheet, _ in sheets}
    _move(round_, [sheet for sheet, _ in sheets], days)
    moved = [pair for pair in sheets if last_day(pair[0], round_) != before[pair[0].id]]
    for sheet, body in moved:
        seen = await standing(session, actor, now, (sheet, body, block, round_))
        seen.move(state_of(sheet), act="extend", reason=reason)
        await leave(seen, "extend", state_of(sheet), reason)
    new = (round_.closes_on, round_.explain_by)
    after = {"year": year, **_said(new), "bodies": [body.code for _, body in moved]}
    await traces.leave(
        session, actor, "block.extend", block_id, now=now, before=_said(old), after=after,
        reason=reason,
    )  # fmt: skip
    return round_


async def _sheets(session: AsyncSession, year: int, block_id: UUID) -> list[tuple[Sheet, Body]]:
    """Return the sheets of a round with their bodies, kept from moving on meanwhile."""
    found = await session.execute(
        select(Sheet, Body)
        .join(Body, Body.id == Sheet.body_id)
        .where(Sheet.year == year, Sheet.block_id == block_id)
        .order_by(Body.code)
        .with_for_update(of=Sheet)
    )
    return [(sheet, body) for sheet, body in found]


def _move(round_: SheetRound, sheets: Sequence[Sheet], days: Days) -> None:
    """Set a round's days; an earlier one of a sheet's own gives way to them."""
    closes_on, explain_by = days
    round_.closes_on = closes_on or round_.closes_on
    round_.explain_by = explain_by or round_.explain_by
    for sheet in sheets:
        sheet.closes_on = _later(sheet.closes_on, closes_on)
        sheet.explain_by = _later(sheet.explain_by, explain_by)


def _later(own: date | None, of_round: date | None) -> date | None:
    """Return a sheet's own day where it is the later one; None: its round's holds."""
    return own if own is None or of_round is None or own > of_round else None


def _said(days: Days) -> dict[str, str | None]:
    closes_on, explain_by = (None if day is None else f"{day}" for day in days)
    return {"closes_on": closes_on, "explain_by": explain_by}
