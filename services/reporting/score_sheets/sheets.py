"""From cells and rows to the sheet of a year: loads what the rules need, calculates nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.completion.domain import summarise
from reporting.completion.views import year_completions
from reporting.criteria.domain import CriteriaSet, SubCriterion
from reporting.criteria.links import linked_tasks
from reporting.criteria.sets import PublishedSet
from reporting.par.index import ScoreSheet
from reporting.par.inputs import Inputs, Live, Surveyed
from reporting.releases.year import rounds_of_year
from reporting.score_sheets import feeding
from reporting.score_sheets.models import ScoreRow


@dataclass(frozen=True)
class YearSheet:
    """Everything the PAR figures of a year stand on."""

    published: PublishedSet
    sheet: ScoreSheet
    linked_tasks: Mapping[str, int]


async def year_sheet(session: AsyncSession, published: PublishedSet, today: date) -> YearSheet:
    """Return the score sheet of a published set's year with its live inputs."""
    year = published.body.year
    live = await _task_inputs(session, year, today, published.body)
    surveys = await survey_inputs(session, year, published.body)
    entered = {row.code: row for row in await rows_of(session, year)}
    inputs = {
        code: _inputs(sub, entered.get(code), live.get(code), surveys.get(code))
        for code, sub in published.body.by_code().items()
        if code in entered or code in live or code in surveys
    }
    links = await linked_tasks(session, published.id)
    return YearSheet(published, ScoreSheet(published.body, inputs), links)


async def rows_of(session: AsyncSession, year: int) -> Sequence[ScoreRow]:
    """Return what was entered in a year."""
    return (await session.scalars(select(ScoreRow).where(ScoreRow.year == year))).all()


def _inputs(
    sub: SubCriterion, row: ScoreRow | None, live: Live | None, survey: Surveyed | None
) -> Inputs:
    if row is None:
        return Inputs(live=live, survey=survey)
    return Inputs(
        live=live, survey=survey, self_score=row.self_score, expected_score=row.expected_score,
        last_year_score=row.last_year_score, appraised_1=row.appraised_1,
        appraised_2=row.appraised_2, not_applicable=row.not_applicable_accepted,
        ballots=feeding.entered(sub, row.ballots, row.ballots_evidence),
        ballots_accepted=row.ballots_accepted,
    )  # fmt: skip


async def _task_inputs(
    session: AsyncSession, year: int, today: date, criteria: CriteriaSet
) -> dict[str, Live]:
    """Count the year's plans for the task-fed sub-criteria: everything, or what is linked."""
    found = await year_completions(session, year, today, units=False)
    nothing = summarise([], today)
    return {
        sub.code: Live.from_tasks(
            found.get("plan" if sub.counts == "plan" else f"sub:{sub.code}", nothing)
        )
        for sub in criteria.sub_criteria()
        if sub.feeds_from == "tasks"
    }


async def is_fed(session: AsyncSession, year: int, sub: SubCriterion) -> bool:
    """Return whether a closed round of the year gives a sub-criterion's answers."""
    return feeding.surveyed(sub, await rounds_of_year(session, year)).result is not None


async def survey_inputs(
    session: AsyncSession, year: int, criteria: CriteriaSet
) -> dict[str, Surveyed]:
    """Return what the year's rounds show for the survey-fed sub-criteria."""
    rounds = await rounds_of_year(session, year)
    return {
        sub.code: feeding.surveyed(sub, rounds) for sub in criteria.sub_criteria() if sub.is_survey
    }
