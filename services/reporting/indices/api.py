"""One index at a time, whole, and how each figure came about."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.tables import unit
from chassis.web import ResponseBody, ServiceRouter, Transaction
from contracts.tasks import PlanState
from reporting.completion import actions as completion
from reporting.completion.domain import explain as explain_completion
from reporting.indices.nodes import Node, assignment_facts, node
from reporting.indices.views import (
    CompletionView,
    Figure,
    SetName,
    SubCriterionView,
    Target,
    completion_view,
    par_figure,
    rows_view,
    target_view,
)
from reporting.par.inputs import KINDS, Kind
from reporting.satisfaction import actions as satisfaction
from reporting.satisfaction.views import Results, SatisfactionView
from reporting.score_sheets import sheets as figures
from reporting.score_sheets.sheets import YearSheet
from reporting.sources import actions as projections

router = ServiceRouter(prefix="/v1/indices", tags=["indices"])
MOST_FACTS = 200


class ParView(ResponseBody):
    """The PAR index of a year: three figures, never mixed, and every sub-criterion."""

    year: int
    criteria_set: SetName
    secured: Figure
    projected: Figure
    official: Figure
    target: Target | None
    bonus: Decimal
    penalty: Decimal
    as_of: datetime
    rows: list[SubCriterionView]


class UnitCompletion(CompletionView):
    """A unit's part of a plan."""

    unit_id: UUID
    unit_name: str


class PlanCompletion(CompletionView):
    """A plan's completion with its units."""

    as_of: datetime
    units: list[UnitCompletion]


@router.get("/par/{year}", policy="index.read")
async def get_par(year: int, session: Transaction) -> ParView:
    """The three figures and all rows. 404 while no criteria set is in force."""
    now = await database_now(session)
    found = await sheet_or_404(session, year, local_date(now))
    sheet = found.sheet
    secured, projected, official = (par_figure(sheet, sheet.figure(kind)) for kind in KINDS)
    target = await figures.target_of(session, year, "par")
    return ParView(
        year=year, criteria_set=set_name(found), secured=secured, projected=projected,
        official=official, bonus=sheet.bonus, penalty=sheet.penalty, as_of=now,
        target=target_view(target and target[1], sheet.figure("official").value),
        rows=rows_view(sheet, dict(found.linked_tasks)),
    )  # fmt: skip


@router.get("/par/{year}/explain", policy="index.read")
async def explain_par(year: int, session: Transaction, figure: Kind = "projected") -> Node:
    """How a figure of the year came about, down to every sub-criterion."""
    found = await sheet_or_404(session, year, local_date(await database_now(session)))
    notes = [found.published.body.notice] if found.published.body.composed else []
    return node(found.sheet.explain(figure), notes=notes)


@router.get("/par/{year}/sub_criteria/{code}/explain", policy="index.read")
async def explain_sub_criterion(
    year: int, code: str, session: Transaction, figure: Kind = "projected"
) -> Node:
    """How one sub-criterion's points came about, with the assignments that are counted."""
    found = await sheet_or_404(session, year, local_date(await database_now(session)))
    sub = found.published.body.by_code().get(code)
    if sub is None:
        raise NotFound("Không có tiêu chí này trong bộ tiêu chí của năm")
    states = []
    if sub.feeds_from == "tasks":
        states = await _counted(session, year, None if sub.counts == "plan" else code)
    notes = [found.published.body.notice] if found.published.body.composed else []
    return node(
        found.sheet.explain_row(code, figure), notes=notes, code=code,
        facts=assignment_facts(states[:MOST_FACTS]), facts_total=len(states),
    )  # fmt: skip


@router.get("/satisfaction/{round_id}", policy="index.read")
async def get_satisfaction(round_id: UUID, session: Transaction) -> SatisfactionView:
    """A round's results in both formulas: department, factors, questions, units."""
    results = await results_or_404(session, round_id)
    round_ = results.tally.round
    target = await figures.target_of(session, round_.year, "satisfaction")
    brief = results.brief()
    return SatisfactionView(
        round_id=round_id, title=round_.title, year=round_.year, status=round_.status,
        composed=results.tally.questionnaire.composed, method=round_.method,
        aggregator=round_.aggregator, n=brief.n, min_n=round_.min_n, share=brief.share,
        mean5=brief.mean5, target=target_view(target and target[1], results.value()),
        opens_on=round_.opens_on, closes_on=round_.closes_on, as_of=await database_now(session),
        factors=results.factors(), questions=results.questions(),
        units=results.units(await unit_names(session)),
    )  # fmt: skip


@router.get("/satisfaction/{round_id}/explain", policy="index.read")
async def explain_satisfaction(round_id: UUID, session: Transaction) -> Node:
    """How the department's figure came about, in the method that the round publishes."""
    results = await results_or_404(session, round_id)
    if not results.enough:
        raise NotFound(
            "Chưa đủ {min_n} phiếu nên chưa công bố chỉ số", code="satisfaction_too_few",
            min_n=results.tally.round.min_n,
        )  # fmt: skip
    return node(results.overall().explain(detail=False))


@router.get("/completion/{plan_id}", policy="index.read")
async def get_completion(plan_id: UUID, session: Transaction) -> PlanCompletion:
    """A plan's completion, whole and by unit."""
    now = await database_now(session)
    await plan_or_404(session, plan_id)
    found = await completion.completions(session, plan_id, local_date(now))
    names = await unit_names(session)
    whole = found.get("plan") or await completion.completion(session, plan_id, local_date(now))
    units = [
        UnitCompletion(
            **completion_view(plan_id, found[f"unit:{unit_id}"]).model_dump(),
            unit_id=unit_id, unit_name=name,
        )
        for unit_id, name in names.items()
        if f"unit:{unit_id}" in found
    ]  # fmt: skip
    view = completion_view(plan_id, whole).model_dump()
    return PlanCompletion(**view, as_of=now, units=units)


@router.get("/completion/{plan_id}/explain", policy="index.read")
async def explain_plan_completion(
    plan_id: UUID, session: Transaction, only_due: bool = False
) -> Node:
    """How done/all (or done/due) came about, with the assignments."""
    plan = await plan_or_404(session, plan_id)
    today = local_date(await database_now(session))
    found = await completion.completion(session, plan_id, today)
    states = await completion.states_of(session, plan.plan_id)
    return node(
        explain_completion(found, only_due=only_due),
        facts=assignment_facts(states[:MOST_FACTS]), facts_total=len(states),
    )  # fmt: skip


async def sheet_or_404(session: AsyncSession, year: int, today: date) -> YearSheet:
    """Return the year's sheet. Raises NotFound while no criteria set is in force."""
    found = await figures.year_sheet(session, year, today)
    if found is None:
        raise NotFound("Năm này chưa có bộ tiêu chí nào được ban hành")
    return found


async def plan_or_404(session: AsyncSession, plan_id: UUID) -> PlanState:
    """Return a plan known here. Raises NotFound."""
    plan = await projections.plan_of(session, plan_id)
    if plan is None:
        raise NotFound("Không có kế hoạch này, hoặc kế hoạch chưa được ban hành")
    return plan


async def results_or_404(session: AsyncSession, round_id: UUID) -> Results:
    """Return a round's results. Raises NotFound."""
    round_ = await projections.round_of(session, round_id)
    tally = await satisfaction.tally(session, round_) if round_ else None
    if tally is None:
        raise NotFound("Không có đợt khảo sát này, hoặc đợt chưa mở")
    return Results(tally)


async def unit_names(session: AsyncSession) -> dict[UUID, str]:
    """Return the active units' names in the directory's order."""
    rows = await session.execute(
        select(unit.c.id, unit.c.name).where(unit.c.active).order_by(unit.c.sort_order, unit.c.id)
    )
    return {row.id: row.name for row in rows}


def set_name(found: YearSheet) -> SetName:
    """Return which criteria set a figure stands on."""
    body = found.published.body
    return SetName(
        id=found.published.id, code=body.code, title=body.title, composed=body.composed,
        notice=body.notice, total_points=body.total_points,
    )  # fmt: skip


async def _counted(session: AsyncSession, year: int, code: str | None) -> list:  # type: ignore[type-arg]
    """Return the assignments a task-fed sub-criterion counts: all of the year, or the linked."""
    states = []
    for plan in await projections.plans_of(session, year):
        states += await completion.states_of(session, plan.plan_id)
    if code is None:
        return states
    links = await completion.links_of(session, {state.task_id for state in states})
    return [state for state in states if code in links.get(state.task_id, ())]
