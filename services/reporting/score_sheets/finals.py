"""What the sheets of a block come to: what rankings stand on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bodies.models import OWN_BODY, Block, Body
from reporting.criteria.sets import body_of
from reporting.par.inputs import Inputs, Surveyed
from reporting.score_sheets.models import ScoreRow, Sheet
from reporting.score_sheets.outcome import NOTHING, FinalRow, Outcome, WithoutSurvey, outcome
from reporting.score_sheets.sheets import given, inputs_of, survey_inputs
from reporting.score_sheets.standing import counting

__all__ = ["Final", "FinalRow", "final_of", "finals"]

NOT_OPENED = "not_opened"
APPROVED = frozenset({"approved", "published"})
UNDER_APPRAISAL = frozenset({"locked", "explaining", "explained"})


@dataclass(frozen=True)
class Final:
    """A body of a block with what its sheet of a year comes to. `state`: the sheet's.

    `index`: exact, in percent; None: nothing applies, or the sheet is not approved yet. A body
    whose sheet was published was eligible then, whatever is said of it now. `provisional`: while
    its appraisal goes on, what is appraised together with the self-scores of what is not;
    `appraised`: how many points of applicable rows are decided.
    """

    body_id: UUID
    code: str
    name: str
    state: str
    eligible: bool
    ineligible_reason: str | None
    points: Decimal
    applicable_points: Decimal
    bonus: Decimal
    penalty: Decimal
    index: Fraction | None
    rows: tuple[FinalRow, ...]
    provisional: Fraction | None = None
    appraised: Decimal = Decimal(0)


@dataclass(frozen=True)
class Live:
    """What a sheet comes to by now, and what it may come to."""

    outcome: Outcome
    provisional: Fraction | None


async def finals(session: AsyncSession, year: int, block_id: UUID) -> list[Final]:
    """Return every body of the block, by code. What is approved is read as it was approved.

    That counts while the sheet is appraised anew, too, until it is approved again. A body belongs
    to the block in which its sheet of the year was opened.
    """
    found = await session.execute(
        select(Body, Sheet)
        .outerjoin(
            Sheet,
            and_(Sheet.body_id == Body.id, Sheet.year == year, Sheet.block_id == block_id),
        )
        .where(or_(Sheet.block_id == block_id, _without_sheet(year, block_id)))
        .order_by(Body.code)
    )
    pairs = [(body, sheet) for body, sheet in found]
    block = await session.get_one(Block, block_id)
    under_way = [sheet for _, sheet in pairs if sheet is not None and counting(sheet) is None]
    live = await _live(session, block, under_way)
    return [_final(year, body, sheet, live) for body, sheet in pairs]


def _without_sheet(year: int, block_id: UUID) -> ColumnElement[bool]:
    """Return which bodies of a block have no sheet yet; one that moved has its year's elsewhere."""
    has_one = select(Sheet.body_id).where(Sheet.year == year)
    return and_(Body.block_id == block_id, Body.active.is_(True), Body.id.not_in(has_one))


async def final_of(session: AsyncSession, block: Block, sheet: Sheet) -> Outcome:
    """Return what one sheet comes to by now, or came to when it was approved."""
    if sheet.final is not None:
        return Outcome.from_json(sheet.final)
    return (await _live(session, block, [sheet]))[sheet.id].outcome


def _final(year: int, body: Body, sheet: Sheet | None, live: Mapping[UUID, Live]) -> Final:
    state = sheet.state if sheet else NOT_OPENED
    found, provisional = NOTHING, None
    decided = counting(sheet) if sheet is not None else None
    if decided is not None:
        state, found = decided
    elif sheet is not None:
        found, provisional = live[sheet.id].outcome, live[sheet.id].provisional
    why = None if state == "published" else body.why_ineligible(year)
    return Final(
        body_id=body.id, code=body.code, name=body.name, state=state, eligible=why is None,
        ineligible_reason=why, points=found.points, applicable_points=found.applicable_points,
        bonus=found.bonus, penalty=found.penalty,
        index=found.index if state in APPROVED else None, rows=found.rows,
        provisional=provisional, appraised=_valued(found),
    )  # fmt: skip


def _valued(found: Outcome) -> Decimal:
    rows = (row for row in found.rows if row.applicable and row.points is not None)
    return sum((row.max_points for row in rows), Decimal(0))


async def _live(session: AsyncSession, block: Block, sheets: Sequence[Sheet]) -> dict[UUID, Live]:
    """Return what sheets that are not approved yet come to so far."""
    if not sheets:
        return {}
    year = sheets[0].year
    rows: dict[UUID, dict[str, ScoreRow]] = defaultdict(dict)
    entered = select(ScoreRow).where(
        ScoreRow.year == year, ScoreRow.body_id.in_([sheet.body_id for sheet in sheets])
    )
    for row in await session.scalars(entered):
        rows[row.body_id][row.code] = row
    return {
        sheet.id: await _of_sheet(session, block, sheet, rows[sheet.body_id]) for sheet in sheets
    }


async def _of_sheet(
    session: AsyncSession, block: Block, sheet: Sheet, rows: Mapping[str, ScoreRow]
) -> Live:
    criteria = await body_of(session, sheet.criteria_set_id)
    surveys: Mapping[str, Surveyed] = {}
    if sheet.body_id == OWN_BODY:
        surveys = await survey_inputs(session, sheet.year, criteria)
    inputs = {
        code: inputs_of(sub, rows.get(code), survey=surveys.get(code))
        for code, sub in criteria.by_code().items()
    }
    without: WithoutSurvey = "zero" if block.without_survey == "zero" else "left_out"
    bonus, penalty = rows.get("bonus"), rows.get("penalty")
    so_far = outcome(
        criteria, inputs, bonus=given(bonus), penalty=given(penalty), without_survey=without
    )
    if sheet.state not in UNDER_APPRAISAL:
        return Live(so_far, None)
    standing_in = {code: _standing_in(each, rows.get(code)) for code, each in inputs.items()}
    may_be = outcome(
        criteria, standing_in, bonus=_claimed(bonus), penalty=_claimed(penalty),
        without_survey=without,
    )  # fmt: skip
    return Live(so_far, may_be.index)


def _standing_in(known: Inputs, row: ScoreRow | None) -> Inputs:
    """Let what the body entered stand for what is not appraised yet. It is never a result."""
    if row is None or known.appraised_1 is not None or known.appraised_2 is not None:
        return known
    claimed = bool(row.not_applicable_reason) and row.self_score is None
    return replace(
        known, appraised_1=known.self_score, not_applicable=known.not_applicable or claimed
    )


def _claimed(row: ScoreRow | None) -> Decimal:
    """Return a bonus or penalty as it is given so far, else as the body entered it."""
    if row is None:
        return Decimal(0)
    points = (row.appraised_2, row.appraised_1, row.self_score)
    return next((each for each in points if each is not None), Decimal(0))
