"""From cells to figures: what the domain needs to know, loaded; nothing is calculated here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import PlanState, PlanTarget
from reporting.completion import actions as completion
from reporting.completion.domain import Completion, summarise
from reporting.criteria import checker as criteria_problems
from reporting.criteria.domain import CriteriaSet, SurveyIndex
from reporting.models import criteria_set, link, score_row
from reporting.par.index import ScoreSheet
from reporting.par.inputs import Inputs, Live
from reporting.satisfaction import actions as satisfaction
from reporting.satisfaction.domain import AnswerCounts, Measure, measure, pooled
from reporting.sources import actions as projections

_published_bodies: dict[UUID, CriteriaSet] = {}


@dataclass(frozen=True)
class PublishedSet:
    """The criteria set in force in a year."""

    id: UUID
    set_version: int
    body: CriteriaSet


@dataclass(frozen=True)
class YearSheet:
    """Everything the PAR figures of a year stand on."""

    published: PublishedSet
    sheet: ScoreSheet
    linked_tasks: Mapping[str, int]


async def published_set(session: AsyncSession, year: int) -> PublishedSet | None:
    """Return the newest published criteria set of a year."""
    row = (
        await session.execute(
            select(criteria_set.c.id, criteria_set.c.set_version)
            .where(criteria_set.c.year == year, criteria_set.c.status == "published")
            .order_by(criteria_set.c.published_at.desc(), criteria_set.c.id.desc())
            .limit(1)
        )
    ).first()
    return row and PublishedSet(row.id, row.set_version, await body_of(session, row.id))


async def body_of(session: AsyncSession, set_id: UUID) -> CriteriaSet:
    """Return a published set, read once per process: it never changes, and reading takes 0.1 s."""
    if set_id not in _published_bodies:
        query = select(criteria_set.c.body).where(criteria_set.c.id == set_id)
        body = (await session.execute(query)).scalar_one()
        _published_bodies[set_id] = criteria_problems.read(body)
    return _published_bodies[set_id]


async def year_sheet(session: AsyncSession, year: int, today: date) -> YearSheet | None:
    """Return the score sheet of a year with its live inputs; None without a published set."""
    published = await published_set(session, year)
    if published is None:
        return None
    live = {
        **await _task_inputs(session, year, today, published.body),
        **await _survey_inputs(session, year, published.body),
    }
    rows = (await session.execute(select(score_row).where(score_row.c.year == year))).all()
    entered = {row.code: row for row in rows}
    inputs = {
        code: Inputs(
            live=live.get(code),
            self_score=row.self_score if row else None,
            expected_score=row.expected_score if row else None,
            last_year_score=row.last_year_score if row else None,
            appraised_1=row.appraised_1 if row else None,
            appraised_2=row.appraised_2 if row else None,
            not_applicable=bool(row and row.not_applicable_accepted),
        )
        for code in published.body.by_code()
        if (row := entered.get(code)) is not None or code in live
    }
    links = await _linked_tasks(session, published.id)
    return YearSheet(published, ScoreSheet(published.body, inputs), links)


async def _task_inputs(
    session: AsyncSession, year: int, today: date, criteria: CriteriaSet
) -> dict[str, Live]:
    """Count the year's plans for the task-fed sub-criteria: everything, or what is linked."""
    whole: dict[str, Completion] = {}
    for plan in await projections.plans_of(session, year):
        each = await completion.completions(session, plan.plan_id, today, units=False)
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
    """Measure each factor that a sub-criterion is fed by, on the year's newest round."""
    round_ = await projections.newest_round(session, year)
    tally = await satisfaction.department_tally(session, round_) if round_ else None
    if round_ is None or tally is None:
        return {}
    closed, enough = round_.status == "closed", tally.n >= round_.min_n
    found = {}
    for sub in criteria.sub_criteria():
        if isinstance(sub.rule, SurveyIndex):
            live = factor_measure(tally, sub.rule.factor, department(tally.live))
            released = factor_measure(tally, sub.rule.factor, department(tally.released))
            found[sub.code] = Live.from_survey(
                live if enough else None, released if enough else None, closed=closed
            )
    return found


def department(
    cells: Mapping[UUID, Mapping[str, AnswerCounts]],
) -> dict[str, AnswerCounts]:
    """Pool the answers of all units, question by question: never a mean of units."""
    codes = sorted({code for unit in cells.values() for code in unit})
    return {code: pooled(unit[code] for unit in cells.values() if code in unit) for code in codes}


def factor_measure(
    tally: satisfaction.Tally, factor: str, counts: Mapping[str, AnswerCounts]
) -> Measure:
    """Return one factor's figure in the round's own method."""
    name = tally.questionnaire.factors.get(factor, factor)
    return measure(
        tally.questions, counts, tally.round.method, tally.round.aggregator,
        factor=factor, name=name, n=tally.n,
    )  # fmt: skip


def overall(tally: satisfaction.Tally, counts: Mapping[str, AnswerCounts]) -> Measure:
    """Return the figure over all questions in the round's own method."""
    return measure(tally.questions, counts, tally.round.method, tally.round.aggregator, n=tally.n)


async def target_of(
    session: AsyncSession, year: int, index: str
) -> tuple[PlanState, PlanTarget] | None:
    """Return the target that the year's newest plan sets for an index, with the plan."""
    for plan in reversed(await projections.plans_of(session, year)):
        for target in plan.targets:
            if target.index == index:
                return plan, target
    return None


async def _linked_tasks(session: AsyncSession, set_id: UUID) -> dict[str, int]:
    rows = await session.execute(
        select(link.c.sub_criterion, func.count())
        .where(link.c.criteria_set_id == set_id)
        .group_by(link.c.sub_criterion)
    )
    return {row[0]: row[1] for row in rows}
