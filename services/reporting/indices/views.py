"""The PAR index and the completion of a plan as they are answered. Nothing rounds here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.tables import unit
from chassis.web import ResponseBody
from contracts.tasks import PlanState
from reporting.access import sees_unit
from reporting.completion.domain import Completion, summarise
from reporting.completion.views import (
    CompletionView,
    CoordinationView,
    completion_view,
    completions,
    coordination_view,
    each_completion,
    year_completions,
)
from reporting.criteria.domain import Area, Criterion
from reporting.criteria.sets import set_in_force
from reporting.criteria.views import SetName, set_name
from reporting.par.index import Figure as ParFigure
from reporting.par.index import Row, ScoreSheet
from reporting.par.inputs import KINDS
from reporting.score_sheets.sheets import YearSheet, year_sheet
from reporting.shown import decimal, points, shown
from reporting.sources.targets import Target, target_view
from reporting.sources.views import plan_of, plans_of


class Coverage(ResponseBody):
    """How much of a PAR figure stands on values, in points."""

    points_with_value: Decimal
    points_total: Decimal


class Figure(ResponseBody):
    """A PAR figure with how much of it stands on values: `coverage` comes before `value`.

    `value` takes parts without a value for 0; only with `complete` it is the whole index. None:
    nothing has a value.
    """

    coverage: Coverage
    complete: bool
    value: Decimal | None
    points: Decimal
    of_points: Decimal
    valued_points: Decimal
    valued_count: int
    applicable_count: int


class SubCriterionView(ResponseBody):
    """A row of the PAR index as it may be shown."""

    code: str
    name: str
    area_code: str
    area_name: str
    criterion_code: str
    criterion_name: str
    max_points: Decimal
    method: str
    feeds_from: str | None
    applicable: bool
    secured: Decimal | None
    projected: Decimal | None
    projected_source: str
    official: Decimal | None
    official_source: str
    linked_tasks: int


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
    """A unit's part of a plan, or of a year's. `coordination` None: nothing was asked of it."""

    unit_id: UUID
    unit_name: str
    coordination: CoordinationView | None


class PlanLine(CompletionView):
    """One plan of a year, alone."""

    title: str
    status: str


class YearCompletion(CompletionView):
    """A year's completion over all the plans that make it, with units, and each plan alone."""

    year: int
    as_of: datetime
    units: list[UnitCompletion]
    plans: list[PlanLine]


class PlanCompletion(CompletionView):
    """A plan's completion with its units."""

    as_of: datetime
    units: list[UnitCompletion]


async def par_view(session: AsyncSession, year: int) -> ParView:
    """Return the three figures and all rows. Raises NotFound while no criteria set is in force."""
    now = await database_now(session)
    found = await sheet_in_force(session, year, local_date(now))
    sheet = found.sheet
    secured, projected, official = par_figures(sheet)
    target = await par_target(session, year, sheet)
    return ParView(
        year=year, criteria_set=set_name(found.published), secured=secured, projected=projected,
        official=official, bonus=sheet.bonus, penalty=sheet.penalty, as_of=now, target=target,
        rows=_rows(sheet, found.linked_tasks),
    )  # fmt: skip


async def plan_completion(session: AsyncSession, actor: Actor, plan_id: UUID) -> PlanCompletion:
    """Return a plan's completion, whole and by unit. Raises NotFound."""
    now = await database_now(session)
    await plan_in_force(session, plan_id)
    found = await completions(session, [plan_id], local_date(now))
    view = _whole(plan_id, found, local_date(now)).model_dump()
    return PlanCompletion(**view, as_of=now, units=await units_of(session, actor, plan_id, found))


async def year_completion(session: AsyncSession, actor: Actor, year: int) -> YearCompletion:
    """Return a year's completion: over all the plans that make it, and each of them alone."""
    now = await database_now(session)
    today = local_date(now)
    found = await year_completions(session, year, today)
    return YearCompletion(
        **_whole(None, found, today).model_dump(), year=year, as_of=now,
        units=await units_of(session, actor, None, found),
        plans=await plan_lines(session, year, today),
    )  # fmt: skip


async def plan_lines(session: AsyncSession, year: int, today: date) -> list[PlanLine]:
    """Return each plan that makes a year, alone, oldest first."""
    plans = {plan.plan_id: plan for plan in await plans_of(session, year)}
    found = await each_completion(session, plans, today)
    return [
        PlanLine(
            **completion_view(id_, found[id_]).model_dump(), title=plan.title, status=plan.status
        )
        for id_, plan in plans.items()
    ]


def _whole(plan_id: UUID | None, found: Mapping[str, Completion], today: date) -> CompletionView:
    return completion_view(plan_id, found.get("plan") or summarise([], today))


async def units_of(
    session: AsyncSession, actor: Actor, plan_id: UUID | None, found: Mapping[str, Completion]
) -> list[UnitCompletion]:
    """Return the units that something was asked of, as far as the actor is told of them."""
    return [
        _unit(plan_id, unit_id, name, found)
        for unit_id, name in (await unit_names(session)).items()
        if {f"unit:{unit_id}", f"helps:{unit_id}"} & found.keys() and sees_unit(actor, unit_id)
    ]


def _unit(
    plan_id: UUID | None, unit_id: UUID, name: str, found: Mapping[str, Completion]
) -> UnitCompletion:
    own, helped = found.get(f"unit:{unit_id}"), found.get(f"helps:{unit_id}")
    view = completion_view(plan_id, own or summarise([], date.min)).model_dump()
    return UnitCompletion(
        **view, unit_id=unit_id, unit_name=name,
        coordination=coordination_view(helped) if helped and helped.counts.total else None,
    )  # fmt: skip


async def sheet_in_force(session: AsyncSession, year: int, today: date) -> YearSheet:
    """Return the year's sheet. Raises NotFound while no criteria set is in force."""
    return await year_sheet(session, await set_in_force(session, year), today)


async def plan_in_force(session: AsyncSession, plan_id: UUID) -> PlanState:
    """Return a plan known here. Raises NotFound."""
    plan = await plan_of(session, plan_id)
    if plan is None:
        raise NotFound("Không có kế hoạch này, hoặc kế hoạch chưa được ban hành")
    return plan


async def unit_names(session: AsyncSession) -> dict[UUID, str]:
    """Return the active units' names in the directory's order."""
    rows = await session.execute(
        select(unit.c.id, unit.c.name).where(unit.c.active).order_by(unit.c.sort_order, unit.c.id)
    )
    return {row.id: row.name for row in rows}


async def par_target(session: AsyncSession, year: int, sheet: ScoreSheet) -> Target | None:
    """Return the year's target for the PAR index: it is held against the official figure."""
    official = sheet.figure("official")
    return await target_view(session, year, "par", official.value, complete=official.complete)


def par_figures(sheet: ScoreSheet) -> tuple[Figure, ...]:
    """Return the three PAR figures, in the order of KINDS."""
    return tuple(_figure(sheet, sheet.figure(kind)) for kind in KINDS)


def _figure(sheet: ScoreSheet, figure: ParFigure) -> Figure:
    applicable = [row for row in sheet.rows() if row.applicable]
    valued = sum(1 for row in applicable if getattr(row, figure.kind).points is not None)
    return Figure(
        coverage=Coverage(
            points_with_value=decimal(figure.valued), points_total=decimal(figure.applicable)
        ),
        complete=figure.complete, value=shown(figure.value), points=points(figure.points),
        of_points=decimal(figure.applicable), valued_points=decimal(figure.valued),
        valued_count=valued, applicable_count=len(applicable),
    )  # fmt: skip


def _rows(sheet: ScoreSheet, linked: Mapping[str, int]) -> list[SubCriterionView]:
    rows = {row.sub.code: row for row in sheet.rows()}
    return [
        _row(rows[sub.code], area, criterion, linked.get(sub.code, 0))
        for area in sheet.criteria.areas
        for criterion in area.criteria
        for sub in criterion.sub_criteria
    ]


def _row(row: Row, area: Area, criterion: Criterion, linked: int) -> SubCriterionView:
    sub = row.sub
    return SubCriterionView(
        code=sub.code, name=sub.name, area_code=area.code, area_name=area.name,
        criterion_code=criterion.code, criterion_name=criterion.name, max_points=sub.max_points,
        method=sub.rule.method, feeds_from=sub.feeds_from, applicable=row.applicable,
        secured=shown(row.secured.points), projected=shown(row.projected.points),
        projected_source=row.projected.source, official=shown(row.official.points),
        official_source=row.official.source,
        linked_tasks=linked,
    )  # fmt: skip
