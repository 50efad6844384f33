"""The indices: all at a glance, one at a time, and how each figure came about."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.i18n import Language, preferred
from chassis.web import CurrentActor, ServiceRouter, Transaction
from contracts.tasks import AssignmentState
from reporting.completion.actions import states_of
from reporting.completion.domain import explain
from reporting.completion.views import completion
from reporting.criteria.links import links_of
from reporting.indices.nodes import Node, assignment_facts, node
from reporting.indices.overview import Overview, overview
from reporting.indices.views import (
    ParView,
    PlanCompletion,
    par_view,
    plan_completion,
    plan_in_force,
    sheet_in_force,
    unit_names,
)
from reporting.par.inputs import Kind
from reporting.satisfaction.views import SatisfactionView, results_of, satisfaction_view
from reporting.sources.views import plans_of

router = ServiceRouter(prefix="/v1", tags=["indices"])
MOST_FACTS = 200


def _language(
    response: Response, accept_language: Annotated[str | None, Header()] = None
) -> Language:
    """Return the language in which figures are explained: Vietnamese unless English comes first."""
    chosen = preferred(accept_language)
    response.headers["Content-Language"] = chosen
    return chosen


SayIn = Annotated[Language, Depends(_language)]


@router.get("/overview", policy="index.read")
async def get_overview(year: int, session: Transaction, actor: CurrentActor) -> Overview:
    """Both indices, completion and units of a year."""
    return await overview(session, year, actor)


@router.get("/indices/par/{year}", policy="index.read")
async def get_par(year: int, session: Transaction) -> ParView:
    """The three figures and all rows. 404 while no criteria set is in force."""
    return await par_view(session, year)


@router.get("/indices/par/{year}/explain", policy="index.read")
async def explain_par(
    year: int, session: Transaction, language: SayIn, figure: Kind = "projected"
) -> Node:
    """How a figure of the year came about, down to every sub-criterion."""
    found = await sheet_in_force(session, year, local_date(await database_now(session)))
    notes = [found.published.body.notice] if found.published.body.composed else []
    return node(found.sheet.explain(figure), language, notes=notes)


@router.get("/indices/par/{year}/sub_criteria/{code}/explain", policy="index.read")
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
    round_id: UUID, session: Transaction, language: SayIn
) -> SatisfactionView:
    """A round's results in both formulas: department, factors, questions, units."""
    return await satisfaction_view(session, round_id, await unit_names(session), language)


@router.get("/indices/satisfaction/{round_id}/explain", policy="index.read")
async def explain_satisfaction(round_id: UUID, session: Transaction, language: SayIn) -> Node:
    """How the department's figure came about, in the method that the round publishes."""
    results = await results_of(session, round_id)
    if not results.enough:
        raise NotFound(
            "Chưa đủ {min_n} phiếu nên chưa công bố chỉ số", code="satisfaction_too_few",
            min_n=results.tally.round.min_n,
        )  # fmt: skip
    return node(results.overall().explain(detail=False), language)


@router.get("/indices/completion/{plan_id}", policy="index.read")
async def get_completion(plan_id: UUID, session: Transaction) -> PlanCompletion:
    """A plan's completion, whole and by unit."""
    return await plan_completion(session, plan_id)


@router.get("/indices/completion/{plan_id}/explain", policy="index.read")
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
