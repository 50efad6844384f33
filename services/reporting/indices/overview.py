"""Everything a dashboard needs, in one answer."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.web import ResponseBody, ServiceRouter, Transaction
from reporting.completion import actions as completion
from reporting.completion.domain import Completion, summarise
from reporting.indices.api import set_name, unit_names
from reporting.indices.views import (
    CompletionView,
    Figure,
    Point,
    SatisfactionBrief,
    SetName,
    Target,
    completion_view,
    par_figure,
    target_view,
)
from reporting.models import index_point, index_state
from reporting.par.inputs import KINDS
from reporting.satisfaction import actions as satisfaction
from reporting.satisfaction.views import Results
from reporting.score_sheets import sheets as figures
from reporting.sources import actions as projections

router = ServiceRouter(prefix="/v1", tags=["overview"])
HISTORY = 60  # points of a small chart

_LAG = text("SELECT coalesce(extract(epoch FROM now() - min(since)), 0) FROM touched")


class ParBrief(ResponseBody):
    """The three figures."""

    secured: Figure | None
    projected: Figure | None
    official: Figure | None
    target: Target | None


class SatisfactionHead(SatisfactionBrief):
    """The year's satisfaction index in both formulas."""

    min_n: int
    method: str
    aggregator: str
    target: Target | None
    round_status: str
    opens_on: date
    closes_on: date
    composed: bool


class UnitLine(ResponseBody):
    """A unit in the dashboard's table."""

    unit_id: UUID
    unit_name: str
    done: int
    all: int
    due: int
    done_due: int
    overdue: int
    rate_all: Decimal | None
    rate_due: Decimal | None
    satisfaction: SatisfactionBrief | None


class Overview(ResponseBody):
    """The year at a glance. `lag_seconds`: how old the oldest change not yet shown is."""

    year: int
    plan_id: UUID | None
    plan_title: str | None
    round_id: UUID | None
    round_title: str | None
    criteria_set: SetName | None
    par: ParBrief
    satisfaction: SatisfactionHead | None
    completion: CompletionView | None
    units: list[UnitLine]
    history: list[Point]
    as_of: datetime
    lag_seconds: float


@router.get("/overview", policy="index.read")
async def get_overview(year: int, session: Transaction) -> Overview:
    """Both indices, completion and units of a year."""
    now = await database_now(session)
    today = local_date(now)
    plans = await projections.plans_of(session, year)
    plan = plans[-1] if plans else None
    round_ = await projections.newest_round(session, year)
    tally = await satisfaction.tally(session, round_) if round_ else None
    results = Results(tally) if tally else None
    found = await completion.completions(session, plan.plan_id, today) if plan else {}
    par, criteria = await _par(session, year, today)
    whole = found.get("plan", summarise([], today))
    return Overview(
        year=year,
        plan_id=plan and plan.plan_id,
        plan_title=plan and plan.title,
        round_id=round_ and round_.round_id,
        round_title=round_ and round_.title,
        criteria_set=criteria,
        par=par,
        satisfaction=await _satisfaction(session, results) if results else None,
        completion=completion_view(plan.plan_id, whole) if plan else None,
        units=await _units(session, found, results, today),
        history=await _history(session, year),
        as_of=now,
        lag_seconds=float((await session.execute(_LAG)).scalar_one()),
    )


async def _par(session: AsyncSession, year: int, today: date) -> tuple[ParBrief, SetName | None]:
    found = await figures.year_sheet(session, year, today)
    target = await figures.target_of(session, year, "par")
    if found is None:
        nothing = target_view(target and target[1], None)
        return ParBrief(secured=None, projected=None, official=None, target=nothing), None
    sheet = found.sheet
    secured, projected, official = (par_figure(sheet, sheet.figure(kind)) for kind in KINDS)
    held = target_view(target and target[1], sheet.figure("official").value)
    return ParBrief(secured=secured, projected=projected, official=official, target=held), set_name(
        found
    )


async def _satisfaction(session: AsyncSession, results: Results) -> SatisfactionHead:
    round_ = results.tally.round
    target = await figures.target_of(session, round_.year, "satisfaction")
    return SatisfactionHead(
        **results.brief().model_dump(),
        min_n=round_.min_n,
        method=round_.method,
        aggregator=round_.aggregator,
        target=target_view(target and target[1], results.value()),
        round_status=round_.status,
        opens_on=round_.opens_on,
        closes_on=round_.closes_on,
        composed=results.tally.questionnaire.composed,
    )


async def _units(
    session: AsyncSession, found: dict[str, Completion], results: Results | None, today: date
) -> list[UnitLine]:
    names = await unit_names(session)
    lines = []
    for unit_id, name in names.items():
        own = found.get(f"unit:{unit_id}")
        answered = results and unit_id in results.tally.responses
        if own is None and not answered:
            continue
        view = completion_view(unit_id, own or summarise([], today))
        lines.append(
            UnitLine(
                unit_id=unit_id, unit_name=name, done=view.done, all=view.all, due=view.due,
                done_due=view.done_due, overdue=view.overdue, rate_all=view.rate_all,
                rate_due=view.rate_due,
                satisfaction=results.unit_brief(unit_id) if results and answered else None,
            )
        )  # fmt: skip
    return lines


async def _history(session: AsyncSession, year: int) -> list[Point]:
    rows = await session.execute(
        select(index_state.c.kind, index_point.c.at, index_point.c.value)
        .join(index_state, index_state.c.id == index_point.c.index_id)
        .where(index_state.c.year == year)
        .where(index_state.c.kind.in_(["par_projected", "satisfaction"]))
        .order_by(index_point.c.at.desc(), index_state.c.kind)
        .limit(HISTORY)
    )
    return [
        Point(
            at=at,
            par_projected=value if kind == "par_projected" else None,
            satisfaction=value if kind == "satisfaction" else None,
        )
        for kind, at, value in reversed(rows.all())
    ]
