"""What sheets that are not approved yet come to so far, and what they may come to."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bodies.models import OWN_BODY, Block
from reporting.criteria.sets import body_of
from reporting.par.inputs import Inputs, Surveyed
from reporting.score_sheets.models import ScoreRow, Sheet
from reporting.score_sheets.outcome import Outcome, WithoutSurvey, outcome
from reporting.score_sheets.sheets import given, inputs_of, survey_inputs

_TOGETHER = 20  # sheets, some 1,700 rows
UNDER_APPRAISAL = frozenset({"locked", "explaining", "explained"})


@dataclass(frozen=True)
class Live:
    """What a sheet comes to by now, and what it may come to."""

    outcome: Outcome
    provisional: Fraction | None


async def final_of(session: AsyncSession, block: Block, sheet: Sheet) -> Outcome:
    """Return what one sheet comes to by now, or came to when it was approved."""
    if sheet.final is not None:
        return Outcome.from_json(sheet.final)
    return (await live_of(session, block, [sheet]))[sheet.id].outcome


async def live_of(session: AsyncSession, block: Block, sheets: Sequence[Sheet]) -> dict[UUID, Live]:
    """Return what sheets that are not approved yet come to so far."""
    found = {}
    for first in range(0, len(sheets), _TOGETHER):
        part = sheets[first : first + _TOGETHER]
        rows = await _entered(session, part)
        for sheet in part:
            found[sheet.id] = await _of_sheet(session, block, sheet, rows[sheet.body_id])
            await asyncio.sleep(0)  # why: 200 sheets take a second; others are answered meanwhile
    return found


async def _entered(
    session: AsyncSession, sheets: Sequence[Sheet]
) -> dict[UUID, dict[str, ScoreRow]]:
    rows: dict[UUID, dict[str, ScoreRow]] = defaultdict(dict)
    entered = select(ScoreRow).where(
        ScoreRow.year == sheets[0].year, ScoreRow.body_id.in_([each.body_id for each in sheets])
    )
    for row in await session.scalars(entered):
        rows[row.body_id][row.code] = row
    return rows


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
