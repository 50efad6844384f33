"""A body's sheet as it is answered: its rows, its steps, and what may be done with it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.directory import person
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.bodies.models import Block, Body
from reporting.bodies.scope import acts_for, keeps, seen_by, sees
from reporting.score_sheets.entries import BONUS, PENALTY
from reporting.score_sheets.models import Sheet, SheetRound
from reporting.score_sheets.row_views import RowOfBody, final_seen, rows_view
from reporting.score_sheets.seen import SeenSheet, last_day, of_round
from reporting.score_sheets.standing import IS_PUBLISHED, is_corrected, steps_as_published
from reporting.score_sheets.steps import has_passed
from reporting.shown import shown


class StepView(ResponseBody):
    """A state the sheet came to, when, and by whom. `act`: `reopen` or `extend`, and why."""

    state: str
    at: datetime
    by: UUID
    name: str | None
    act: str | None = None
    reason: str | None = None


class SheetLine(ResponseBody):
    """A sheet in a list. `closes_on`: the last day to enter self-scores, that day included.

    `explain_by`: the last day to explain what is asked, None: there is none. `entered_until`: the
    last day of what the body is to enter now, None: there is none; `day_passed`: it is over.
    `corrected`: it was approved, and is appraised anew; what was approved counts until it is
    approved again, and who sees only what is published sees it as it was.
    """

    sheet_id: UUID
    year: int
    body_id: UUID
    body_code: str
    body_name: str
    block_id: UUID
    block_name: str
    eligible: bool
    ineligible_reason: str | None
    state: str
    version: int
    closes_on: date
    acts_for: bool
    entered_until: date | None
    day_passed: bool
    corrected: bool = False
    explain_by: date | None = None


class SheetOfBody(SheetLine):
    """A body's sheet. Points of applicable rows; `index`, in percent, once it is approved.

    `self_bonus` and `self_penalty`: as the body claims them, beside `self_points`.

    `result`: the same as the set says it, in `result_in` percent or points, at most `scale`.

    `weak`: codes of the rows that did not reach their maximum last year.
    """

    composed: bool
    notice: str
    total_points: Decimal
    self_points: Decimal
    points: Decimal
    applicable_points: Decimal
    bonus: Decimal
    penalty: Decimal
    index: Decimal | None
    result: Decimal | None
    result_in: str
    scale: Decimal
    steps: list[StepView]
    weak: list[str]
    rows: list[RowOfBody]
    allowed: list[str]
    self_bonus: Decimal = Decimal(0)
    self_penalty: Decimal = Decimal(0)


class RoundLine(ResponseBody):
    """The last days of a block's round. `allowed`: `extend` them for all of its sheets."""

    block_id: UUID
    closes_on: date
    explain_by: date | None
    allowed: list[str]


class SheetLines(ResponseBody):
    """The sheets of a year that the caller sees; `rounds`: theirs.

    `allowed`: `open` a block's round, `enter_survey` of bodies that others surveyed.
    """

    data: list[SheetLine]
    rounds: list[RoundLine]
    allowed: list[str]


async def sheet_view(seen: SeenSheet) -> SheetOfBody:
    """Return a whole sheet."""
    final = await final_seen(seen)
    rows = await rows_view(seen, {row.code: row for row in final.rows})
    of_set = seen.criteria.by_code()
    claimed = {row.code: row.self_score or Decimal(0) for row in rows}
    own = sum((row.self_score or 0 for row in rows if row.code in of_set), Decimal(0))
    line = _line(seen.sheet, seen.body, seen.block, seen.round, seen.actor, seen.today)
    approved = seen.sheet.final is not None or seen.as_published
    return SheetOfBody(
        **line.model_dump(), composed=seen.criteria.composed, notice=seen.criteria.notice,
        total_points=seen.criteria.total_points, self_points=own, points=_two(final.points),
        applicable_points=final.applicable_points, bonus=final.bonus, penalty=final.penalty,
        index=shown(final.index) if approved else None,
        result=_result(seen, final.index) if approved else None, result_in=seen.criteria.roll_up,
        scale=seen.criteria.scale, steps=await _steps(seen),
        self_bonus=claimed.get(BONUS, Decimal(0)), self_penalty=claimed.get(PENALTY, Decimal(0)),
        weak=[row.code for row in rows if row.weak], rows=rows, allowed=seen.allowed,
    )  # fmt: skip


def _line(
    sheet: Sheet, body: Body, block: Block, round_: SheetRound, actor: Actor, today: date
) -> SheetLine:
    seen_as = sheet.state if sees(actor, block, body) else "published"
    why = None if seen_as == "published" else body.why_ineligible(sheet.year)
    until = last_day(sheet, round_)
    return SheetLine(
        sheet_id=sheet.id, year=sheet.year, body_id=body.id, body_code=body.code,
        body_name=body.name, block_id=block.id, block_name=block.name, eligible=why is None,
        ineligible_reason=why, state=seen_as, version=sheet.version,
        closes_on=sheet.closes_on or round_.closes_on, acts_for=acts_for(actor, body),
        entered_until=until, day_passed=has_passed(until, today), corrected=is_corrected(sheet),
        explain_by=sheet.explain_by or round_.explain_by,
    )  # fmt: skip


async def lines_view(session: AsyncSession, year: int, actor: Actor) -> SheetLines:
    """Return the sheets of a year that somebody sees, by block and body."""
    rows = await session.execute(
        select(Sheet, Body, Block, SheetRound)
        .join(Body, Body.id == Sheet.body_id)
        .join(Block, Block.id == Sheet.block_id)
        .join(SheetRound, of_round())
        .where(Sheet.year == year, IS_PUBLISHED | seen_by(actor))
        .order_by(Block.code, Body.code)
    )
    found = [(sheet, body, block, round_) for sheet, body, block, round_ in rows]
    today = local_date(await database_now(session))
    lines = [_line(sheet, body, block, day, actor, today) for sheet, body, block, day in found]
    allowed = RIGHTS.allowed(actor, "block", ["open"])
    kept: dict[SheetRound, list[Body]] = {}
    for _, body, _, round_ in found:
        kept.setdefault(round_, []).append(body)
    return SheetLines(
        data=lines, rounds=[_round(round_, bodies, actor) for round_, bodies in kept.items()],
        allowed=[*allowed, *RIGHTS.allowed(actor, "sheet", ["enter_survey"])],
    )  # fmt: skip


def _round(round_: SheetRound, bodies: Sequence[Body], actor: Actor) -> RoundLine:
    acts = ["extend"] if all(keeps(actor, body) for body in bodies) else []
    return RoundLine(
        block_id=round_.block_id, closes_on=round_.closes_on, explain_by=round_.explain_by,
        allowed=RIGHTS.allowed(actor, "block", acts),
    )  # fmt: skip


def _result(seen: SeenSheet, index: Fraction | None) -> Decimal | None:
    return None if index is None else shown(seen.criteria.result(index))


def _two(value: Decimal) -> Decimal:
    """Return points as people see them: a survey's, exactly, would tell more of its answers."""
    return shown(value) or Decimal(0)


async def _steps(seen: SeenSheet) -> list[StepView]:
    steps = steps_as_published(seen.sheet) if seen.as_published else seen.sheet.steps
    ids = {UUID(each["by"]) for each in steps}
    wanted = select(person.c.id, person.c.name).where(person.c.id.in_(ids))
    names = {row.id: row.name for row in await seen.session.execute(wanted)}
    return [StepView(**each, name=names.get(UUID(each["by"]))) for each in steps]
