"""From cells and rows to the sheet of a year: loads what the rules need, calculates nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.completion.domain import Completion, summarise
from reporting.completion.views import completions
from reporting.criteria.domain import CriteriaSet, SurveyIndex
from reporting.criteria.links import linked_tasks
from reporting.criteria.sets import PublishedSet
from reporting.par.index import ScoreSheet
from reporting.par.inputs import Inputs, Live
from reporting.releases import publications
from reporting.score_sheets.models import ScoreRow
from reporting.sources.views import plans_of


@dataclass(frozen=True)
class YearSheet:
    """Everything the PAR figures of a year stand on."""

    published: PublishedSet
    sheet: ScoreSheet
    linked_tasks: Mapping[str, int]


async def year_sheet(session: AsyncSession, published: PublishedSet, today: date) -> YearSheet:
    """Return the score sheet of a published set's year with its live inputs."""
    year = published.body.year
    live = {
        **await _task_inputs(session, year, today, published.body),
        **await _survey_inputs(session, year, published.body),
    }
    entered = {row.code: row for row in await rows_of(session, year)}
    inputs = {
        code: _inputs(entered.get(code), live.get(code))
        for code in published.body.by_code()
        if code in entered or code in live
    }
    links = await linked_tasks(session, published.id)
    return YearSheet(published, ScoreSheet(published.body, inputs), links)


async def rows_of(session: AsyncSession, year: int) -> Sequence[ScoreRow]:
    """Return what was entered in a year."""
    return (await session.scalars(select(ScoreRow).where(ScoreRow.year == year))).all()


def _inputs(row: ScoreRow | None, live: Live | None) -> Inputs:
    if row is None:
        return Inputs(live)
    return Inputs(
        live=live, self_score=row.self_score, expected_score=row.expected_score,
        last_year_score=row.last_year_score, appraised_1=row.appraised_1,
        appraised_2=row.appraised_2, not_applicable=row.not_applicable_accepted,
    )  # fmt: skip


async def _task_inputs(
    session: AsyncSession, year: int, today: date, criteria: CriteriaSet
) -> dict[str, Live]:
    """Count the year's plans for the task-fed sub-criteria: everything, or what is linked."""
    whole: dict[str, Completion] = {}
    for plan in await plans_of(session, year):
        each = await completions(session, plan.plan_id, today, units=False)
        for scope, found in each.items():
            whole[scope] = _together(whole.get(scope), found)
    return {
        sub.code: Live.from_tasks(
            whole.get("plan" if sub.counts == "plan" else f"sub:{sub.code}", summarise([], today))
        )
        for sub in criteria.sub_criteria()
        if sub.feeds_from == "tasks"
    }


def _together(one: Completion | None, other: Completion) -> Completion:
    if one is None:
        return other
    return Completion(one.counts + other.counts, one.due + other.due, one.overdue + other.overdue)


async def _survey_inputs(
    session: AsyncSession, year: int, criteria: CriteriaSet
) -> dict[str, Live]:
    """Read the figure of each factor that feeds a sub-criterion, of the year's newest round."""
    round_ = await publications.round_of_year(session, year)
    results = round_ and await publications.results(session, round_)
    if not results:
        return {}
    figures = {
        sub.code: results.figure(sub.rule.factor)
        for sub in criteria.sub_criteria()
        if isinstance(sub.rule, SurveyIndex)
    }
    closed = bool(results.published and results.published.closed)
    return {
        code: Live.from_survey(figure if figure.value is not None else None, closed=closed)
        for code, figure in figures.items()
    }
