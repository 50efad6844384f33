"""From cells and rows to the sheet of a year: loads what the rules need, calculates nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bodies.models import OWN_BODY
from reporting.completion.domain import Completion, summarise
from reporting.completion.views import year_completions
from reporting.criteria.domain import CriteriaSet, Proportional, SubCriterion
from reporting.criteria.links import linked_tasks
from reporting.criteria.sets import PublishedSet
from reporting.par.index import ScoreSheet
from reporting.par.inputs import Inputs, Live, Surveyed
from reporting.par.scoring import Ratio, proportional
from reporting.releases.year import YearRounds, rounds_of_year
from reporting.score_sheets import feeding
from reporting.score_sheets.domain import kept
from reporting.score_sheets.models import ScoreRow, Sheet
from reporting.score_sheets.standing import is_corrected, rows_as_they_stood


@dataclass(frozen=True)
class YearSheet:
    """Everything the PAR figures of a year stand on."""

    published: PublishedSet
    sheet: ScoreSheet
    linked_tasks: Mapping[str, int]
    completions: Mapping[str, Completion]


async def year_sheet(
    session: AsyncSession,
    published: PublishedSet,
    today: date,
    completions: Mapping[str, Completion] | None = None,
    rounds: YearRounds | None = None,
) -> YearSheet:
    """Return the score sheet of a published set's year with its live inputs.

    `completions`: where the year's plans stand, but for single units, and `rounds`: its rounds, by
    whom they were read already.
    """
    year = published.body.year
    if completions is None:
        completions = await year_completions(session, year, today, units=False)
    live = _task_inputs(completions, today, published.body)
    surveys = await survey_inputs(session, year, published.body, rounds)
    entered = {row.code: row for row in await _standing_rows(session, year)}
    inputs = {
        code: inputs_of(sub, entered.get(code), live.get(code), surveys.get(code))
        for code, sub in published.body.by_code().items()
        if code in entered or code in live or code in surveys
    }
    links = await linked_tasks(session, published.id)
    bonus, penalty = given(entered.get("bonus")), given(entered.get("penalty"))
    sheet = ScoreSheet(published.body, inputs, bonus, penalty)
    return YearSheet(published, sheet, links, completions)


async def _standing_rows(session: AsyncSession, year: int) -> Sequence[ScoreRow]:
    """Return our own rows; while what was approved is appraised anew, as they were approved."""
    rows = await rows_of(session, year)
    sheet = await session.get(Sheet, {"year": year, "body_id": OWN_BODY})
    corrected = sheet is not None and is_corrected(sheet)
    return rows_as_they_stood(sheet, rows) if sheet and corrected else rows


async def rows_of(session: AsyncSession, year: int, body_id: UUID = OWN_BODY) -> Sequence[ScoreRow]:
    """Return what was entered in a year, for our own department if no other body is named."""
    entered = select(ScoreRow).where(ScoreRow.year == year, ScoreRow.body_id == body_id)
    return (await session.scalars(entered)).all()


def inputs_of(
    sub: SubCriterion,
    row: ScoreRow | None,
    live: Live | None = None,
    survey: Surveyed | None = None,
) -> Inputs:
    """Return all that is known of a sub-criterion. `row` None: nothing was entered."""
    if row is None:
        return Inputs(live=live, survey=survey)
    return Inputs(
        live=live, survey=survey or feeding.of_others(sub, row.survey_index, row.survey_source),
        self_score=row.self_score, expected_score=row.expected_score,
        last_year_score=_of_last_year(sub, row),
        appraised_1=_appraised(sub, row, row.appraised_1),
        appraised_2=_appraised(sub, row, row.appraised_2),
        not_applicable=row.not_applicable_accepted,
        ballots=feeding.entered(sub, row.ballots, row.ballots_evidence),
        ballots_accepted=row.ballots_accepted,
    )  # fmt: skip


def _of_last_year(sub: SubCriterion, row: ScoreRow) -> Decimal | None:
    """Return last year's points, of as many as are at stake this year."""
    points, most = row.last_year_score, row.last_year_max
    if points is None or not most or most == sub.max_points:
        return points
    return kept(Fraction(points) * Fraction(sub.max_points) / Fraction(most))


def _appraised(sub: SubCriterion, row: ScoreRow, points: Decimal | None) -> Decimal | Ratio | None:
    """Return the counts behind appraised points, where the ones that are kept give just these."""
    done, due = row.appraised_done, row.appraised_due
    if points is None or done is None or due is None or not isinstance(sub.rule, Proportional):
        return points
    exact = proportional(done, due, sub.rule, Fraction(sub.max_points))
    return Ratio(done, due) if exact is not None and kept(exact) == points else points


def _task_inputs(
    found: Mapping[str, Completion], today: date, criteria: CriteriaSet
) -> dict[str, Live]:
    """Count the year's plans for the task-fed sub-criteria: everything, or what is linked."""
    nothing = summarise([], today)
    return {
        sub.code: Live.from_tasks(
            found.get("plan" if sub.counts == "plan" else f"sub:{sub.code}", nothing)
        )
        for sub in criteria.sub_criteria()
        if sub.feeds_from == "tasks"
    }


def given(row: ScoreRow | None) -> Decimal:
    """Return the points of a bonus or penalty that the appraiser gave last; none yet: 0."""
    if row is None:
        return Decimal(0)
    return next((p for p in (row.appraised_2, row.appraised_1) if p is not None), Decimal(0))


async def is_fed(session: AsyncSession, year: int, sub: SubCriterion) -> bool:
    """Return whether a closed round of the year gives a sub-criterion's answers."""
    return feeding.surveyed(sub, await rounds_of_year(session, year)).result is not None


async def survey_inputs(
    session: AsyncSession, year: int, criteria: CriteriaSet, rounds: YearRounds | None = None
) -> dict[str, Surveyed]:
    """Return what the year's rounds show for the survey-fed sub-criteria."""
    rounds = rounds or await rounds_of_year(session, year)
    return {
        sub.code: feeding.surveyed(sub, rounds) for sub in criteria.sub_criteria() if sub.is_survey
    }
