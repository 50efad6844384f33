"""The indices: all at a glance, one at a time, and how each figure came about."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.i18n import Language, preferred
from chassis.web import CurrentActor, RequestBody, ServiceRouter, Transaction
from contracts.tasks import AssignmentState
from reporting.completion.actions import states_of
from reporting.completion.domain import explain, summarise
from reporting.completion.views import completion, each_completion, year_completions
from reporting.criteria.links import links_of
from reporting.disclosure.thresholds import department_threshold
from reporting.indices.coordination import explain_unit
from reporting.indices.nodes import Node, assignment_facts, node
from reporting.indices.overview import Overview, overview
from reporting.indices.priorities import Priorities, priorities
from reporting.indices.responsibility import Responsibility, check_unit, responsibility
from reporting.indices.views import (
    ParView,
    PlanCompletion,
    YearCompletion,
    par_view,
    plan_completion,
    plan_in_force,
    sheet_in_force,
    unit_names,
    year_completion,
)
from reporting.indices.year_completion import MeasuredYear, measured_year
from reporting.par.inputs import Kind
from reporting.releases import actions as editions
from reporting.releases.views import (
    SatisfactionView,
    UnitQuestionsView,
    known,
    satisfaction_view,
    unit_questions,
)
from reporting.sources.views import plans_of

router = ServiceRouter(prefix="/v1", tags=["indices"])
MOST_FACTS = 200
Year = Annotated[int, Query(ge=2000, le=2100)]


class EditionBody(RequestBody):
    """Why what was published is published anew."""

    reason: str = Field(min_length=1, max_length=1000)


def _language(
    response: Response, accept_language: Annotated[str | None, Header()] = None
) -> Language:
    """Return the language in which figures are explained: Vietnamese unless English comes first."""
    chosen = preferred(accept_language)
    response.headers["Content-Language"] = chosen
    return chosen


SayIn = Annotated[Language, Depends(_language)]


async def _unit_seen(unit_id: UUID, session: Transaction, actor: CurrentActor) -> str:
    return await check_unit(session, actor, unit_id)


UnitSeen = Annotated[str, Depends(_unit_seen)]
"""The name of the unit asked for: whether it may be seen is said before what is asked wrongly."""


@router.get("/overview", policy="index.read")
async def get_overview(year: int, session: Transaction, actor: CurrentActor) -> Overview:
    """Both indices, completion and units of a year."""
    return await overview(session, year, actor)


@router.get("/indices/par/{year}", policy="index.explain")
async def get_par(year: int, session: Transaction) -> ParView:
    """The three figures and all rows. 404 while no criteria set is in force."""
    return await par_view(session, year)


@router.get("/indices/par/{year}/explain", policy="index.explain")
async def explain_par(
    year: int, session: Transaction, language: SayIn, figure: Kind = "projected"
) -> Node:
    """How a figure of the year came about, down to every sub-criterion."""
    found = await sheet_in_force(session, year, local_date(await database_now(session)))
    notes = [found.published.body.notice] if found.published.body.composed else []
    return node(found.sheet.explain(figure), language, notes=notes)


@router.get("/indices/par/{year}/sub_criteria/{code}/explain", policy="index.explain")
async def explain_sub_criterion(
    year: int, code: str, session: Transaction, language: SayIn, figure: Kind = "projected"
) -> Node:
    """How one sub-criterion's points came about, with the assignments that are counted."""
    found = await sheet_in_force(session, year, local_date(await database_now(session)))
    sub = found.published.body.by_code().get(code)
    if sub is None:
        raise NotFound("Không có tiêu chí này trong bộ tiêu chí của năm")
    states = []
    if sub.feeds_from == "tasks":
        states = await _counted(session, year, None if sub.counts == "plan" else code)
    notes = [found.published.body.notice] if found.published.body.composed else []
    return node(
        found.sheet.explain_row(code, figure), language, notes=notes,
        facts=assignment_facts(states[:MOST_FACTS], language), facts_total=len(states),
    )  # fmt: skip


@router.get("/indices/satisfaction/{round_id}", policy="index.read")
async def get_satisfaction(
    round_id: UUID, session: Transaction, actor: CurrentActor, language: SayIn
) -> SatisfactionView:
    """A round's results: department, factors, questions, units; as of which release."""
    names = await unit_names(session)
    return await satisfaction_view(session, round_id, names, actor, language)


@router.post("/indices/satisfaction/{round_id}/editions", policy="index.publish_edition")
async def publish_edition(
    round_id: UUID,
    body: EditionBody,
    session: Transaction,
    actor: CurrentActor,
    language: SayIn,
) -> SatisfactionView:
    """Publish what changed since the round was closed. 409 `edition_too_small`."""
    await editions.publish_edition(session, actor, round_id, body.reason)
    names = await unit_names(session)
    return await satisfaction_view(session, round_id, names, actor, language)


@router.get("/indices/satisfaction/{round_id}/units/{unit_id}", policy="index.read")
async def get_unit_questions(
    round_id: UUID, unit_id: UUID, session: Transaction, actor: CurrentActor
) -> UnitQuestionsView:
    """A unit's figures question by question, hidden while open. 404 `unit_not_in_round`."""
    return await unit_questions(session, round_id, unit_id, actor)


@router.get("/indices/satisfaction/{round_id}/explain", policy="index.explain")
async def explain_satisfaction(round_id: UUID, session: Transaction, language: SayIn) -> Node:
    """How the department's figure came about, in the method that the round publishes."""
    results = (await known(session, round_id)).results
    if results.value() is None:
        raise NotFound(
            "Chưa đủ {min_n} phiếu được công bố nên chưa có chỉ số", code="satisfaction_too_few",
            min_n=department_threshold(results.round.min_n),
        )  # fmt: skip
    return node(results.figure().explain(), language)


@router.get("/indices/completion_of_year/{year}", policy="index.read")
async def get_year_completion(
    year: int, session: Transaction, actor: CurrentActor
) -> YearCompletion:
    """A year's completion over all its plans in force, and each of them alone."""
    return await year_completion(session, actor, year)


@router.get("/indices/completion_of_year/{year}/explain", policy="index.explain")
async def explain_year_completion(
    year: int, session: Transaction, language: SayIn, only_due: bool = False
) -> Node:
    """How the year's done/all (or done/due) came about, plan by plan, with the assignments."""
    today = local_date(await database_now(session))
    titles = {plan.plan_id: plan.title for plan in await plans_of(session, year)}
    stand = await each_completion(session, titles, today)
    plans = [(title, stand[plan_id]) for plan_id, title in titles.items()]
    found = await year_completions(session, year, today, units=False)
    whole = found.get("plan", summarise([], today))
    states = await _counted(session, year, None)
    return node(
        explain(whole, only_due=only_due, plans=plans), language,
        facts=assignment_facts(states[:MOST_FACTS], language), facts_total=len(states),
    )  # fmt: skip


@router.get("/indices/coordination/{year}/units/{unit_id}/explain", policy="index.explain")
async def explain_coordination(
    year: int, unit_id: UUID, session: Transaction, language: SayIn
) -> Node:
    """How many of the contributions that a unit owed came in time, one by one."""
    return await explain_unit(session, year, unit_id, language)


@router.get("/indices/completion", policy="index.read")
async def get_completion_of_year(
    year: Year,
    session: Transaction,
    actor: CurrentActor,
    language: SayIn,
) -> MeasuredYear:
    """Completion and timeliness of a year, by the current and by the first deadlines, explained."""
    return await measured_year(session, actor, year, language)


@router.get("/priorities", policy="index.explain")
async def get_priorities(
    year: Year, session: Transaction, limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> Priorities:
    """What to act on first: most points at stake. 404 while no criteria set is in force."""
    return await priorities(session, year, limit)


@router.get("/units/{unit_id}/responsibility", policy="responsibility.read")
async def get_responsibility(
    unit_id: UUID, unit_name: UnitSeen, year: Year, session: Transaction
) -> Responsibility:
    """What the head of a unit answers for in a year: its work and the points it holds."""
    return await responsibility(session, unit_id, unit_name, year)


@router.get("/indices/completion/{plan_id}", policy="index.read")
async def get_completion(
    plan_id: UUID, session: Transaction, actor: CurrentActor
) -> PlanCompletion:
    """A plan's completion, whole and by unit."""
    return await plan_completion(session, actor, plan_id)


@router.get("/indices/completion/{plan_id}/explain", policy="index.explain")
async def explain_plan_completion(
    plan_id: UUID, session: Transaction, language: SayIn, only_due: bool = False
) -> Node:
    """How done/all (or done/due) came about, with the assignments."""
    plan = await plan_in_force(session, plan_id)
    today = local_date(await database_now(session))
    found = await completion(session, plan_id, today)
    states = await states_of(session, plan.plan_id)
    return node(
        explain(found, only_due=only_due), language,
        facts=assignment_facts(states[:MOST_FACTS], language), facts_total=len(states),
    )  # fmt: skip


async def _counted(session: AsyncSession, year: int, code: str | None) -> list[AssignmentState]:
    """Return the assignments a task-fed sub-criterion counts: all of the year, or the linked."""
    states = []
    for plan in await plans_of(session, year):
        states += await states_of(session, plan.plan_id)
    if code is None:
        return states
    links = await links_of(session, {state.task_id for state in states})
    return [state for state in states if code in links.get(state.task_id, ())]
