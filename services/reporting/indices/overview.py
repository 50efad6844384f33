"""Everything a dashboard needs, in one answer."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.web import ResponseBody
from reporting.access import RIGHTS, sees_unit
from reporting.completion.domain import Completion, summarise
from reporting.completion.views import (
    CompletionView,
    CoordinationView,
    completion_view,
    coordination_view,
    year_completions,
)
from reporting.criteria.sets import published_set
from reporting.criteria.views import SetName, set_name
from reporting.indices.models import AnnouncedIndex, IndexPoint
from reporting.indices.views import (
    Figure,
    PlanLine,
    par_figures,
    par_target,
    plan_lines,
    unit_names,
)
from reporting.releases.drawing import to_the_hour
from reporting.releases.views import (
    Presenter,
    QuestionCoverage,
    SatisfactionBrief,
    SteeringView,
    presenter_of,
    steering_view,
)
from reporting.releases.year import RoundOfYear, YearRounds, rounds_of_year
from reporting.score_sheets.sheets import year_sheet
from reporting.shown import shown
from reporting.sources.targets import Target, target_view
from reporting.sources.views import plans_of

HISTORY = 60  # points of a small chart

# In whole fives: figures are told within a second or two, and until then each ballot waits, those
# too whose number is told in tens. How long would say that one came, and when.
_LAG = text("""
    SELECT greatest(5 * floor(extract(epoch FROM now() - min(since)) / 5), 0) FROM touched
""")


class Point(ResponseBody):
    """A moment of the indices' history."""

    at: datetime
    par_projected: Decimal | None
    satisfaction: Decimal | None


class ParBrief(ResponseBody):
    """The three figures."""

    secured: Figure | None
    projected: Figure | None
    official: Figure | None
    target: Target | None


class OfficialSatisfaction(ResponseBody):
    """The newest result of the year: of a closed round, in its own method."""

    round_id: UUID
    round_title: str
    closed_on: date | None
    method: str
    value: Decimal | None


class SatisfactionHead(SatisfactionBrief):
    """The year's satisfaction index: of the newest round that shows one.

    `final`: exact, everything is released. `official`: the newest result, which an open round does
    not replace. `coverage`: on how many questions it stands. `steering`: for director and office,
    while the round is open.
    """

    official: OfficialSatisfaction | None
    coverage: QuestionCoverage
    min_n: int
    method: str
    aggregator: str
    target: Target | None
    round_status: str
    opens_on: date
    closes_on: date
    composed: bool
    final: bool
    steering: SteeringView | None


class UnitLine(ResponseBody):
    """A unit in the dashboard's table. `coordination` None: nothing was asked of it.

    `allowed`: `read` where the caller may see what its head answers for.
    """

    unit_id: UUID
    unit_name: str
    done: int
    all: int
    due: int
    done_due: int
    overdue: int
    rate_all: Decimal | None
    rate_due: Decimal | None
    coordination: CoordinationView | None
    satisfaction: SatisfactionBrief | None
    allowed: list[str]


class Overview(ResponseBody):
    """The year at a glance. `lag_seconds`: how old the oldest change not yet shown is, in fives.

    `completion` and `units` are over all the plans that make the year, `plans` each of them alone;
    `plan_id` is the newest of them.

    `allowed`: what the caller may do with its criteria set, e.g. `link`.
    """

    year: int
    plan_id: UUID | None
    plan_title: str | None
    round_id: UUID | None
    round_title: str | None
    criteria_set: SetName | None
    par: ParBrief
    satisfaction: SatisfactionHead | None
    completion: CompletionView | None
    plans: list[PlanLine]
    units: list[UnitLine]
    history: list[Point]
    as_of: datetime
    lag_seconds: float
    allowed: list[str]


async def overview(session: AsyncSession, year: int, actor: Actor) -> Overview:
    """Return both indices, completion and units of a year."""
    now = await database_now(session)
    today = local_date(now)
    plans = await plans_of(session, year)
    plan = plans[-1] if plans else None
    rounds = await rounds_of_year(session, year)
    round_ = rounds.head.results.round if rounds.head else None
    presenter = await presenter_of(session, round_) if round_ else None
    found = await year_completions(session, year, today)
    par, criteria = await _par(session, year, today, found, rounds)
    whole = found.get("plan", summarise([], today))
    return Overview(
        year=year,
        plan_id=plan and plan.plan_id,
        plan_title=plan and plan.title,
        round_id=round_ and round_.round_id,
        round_title=round_ and round_.title,
        criteria_set=criteria,
        par=par,
        satisfaction=await _satisfaction(session, presenter, rounds, actor) if presenter else None,
        completion=completion_view(None, whole) if plan else None,
        plans=await plan_lines(session, year, today),
        units=[
            line
            for line in await _units(session, found, presenter, today, actor)
            if sees_unit(actor, line.unit_id)
        ],
        history=await _history(session, year, round_.round_id if round_ else None),
        as_of=now,
        lag_seconds=float((await session.execute(_LAG)).scalar_one()),
        allowed=RIGHTS.allowed(actor, "criteria_set", ["link"]) if criteria else [],
    )


async def _par(
    session: AsyncSession,
    year: int,
    today: date,
    found: Mapping[str, Completion],
    rounds: YearRounds,
) -> tuple[ParBrief, SetName | None]:
    published = await published_set(session, year)
    if published is None:
        nothing = await target_view(session, year, "par", None)
        return ParBrief(secured=None, projected=None, official=None, target=nothing), None
    sheet = (await year_sheet(session, published, today, found, rounds)).sheet
    secured, projected, official = par_figures(sheet)
    target = await par_target(session, year, sheet)
    brief = ParBrief(secured=secured, projected=projected, official=official, target=target)
    return brief, set_name(published)


async def _satisfaction(
    session: AsyncSession, presenter: Presenter, rounds: YearRounds, actor: Actor
) -> SatisfactionHead:
    results, round_ = presenter.results, presenter.results.round
    return SatisfactionHead(
        **presenter.brief().model_dump(),
        official=_official(rounds.official) if rounds.official else None,
        coverage=presenter.coverage(),
        min_n=round_.min_n,
        method=round_.method,
        aggregator=round_.aggregator,
        target=await target_view(session, round_.year, "satisfaction", results.value()),
        round_status=round_.status,
        opens_on=round_.opens_on,
        closes_on=round_.closes_on,
        composed=results.questionnaire.composed,
        final=results.final,
        steering=await steering_view(session, results, actor),
    )


def _official(found: RoundOfYear) -> OfficialSatisfaction:
    round_ = found.results.round
    return OfficialSatisfaction(
        round_id=round_.round_id, round_title=round_.title, closed_on=found.closed_on,
        method=round_.method, value=shown(found.results.value()),
    )  # fmt: skip


async def _units(
    session: AsyncSession,
    found: dict[str, Completion],
    presenter: Presenter | None,
    today: date,
    actor: Actor,
) -> list[UnitLine]:
    names = await unit_names(session)
    lines = []
    for unit_id, name in names.items():
        own = found.get(f"unit:{unit_id}")
        answered = presenter and unit_id in presenter.counts.units
        helped = found.get(f"helps:{unit_id}")
        if own is None and helped is None and not answered:
            continue
        view = completion_view(unit_id, own or summarise([], today))
        lines.append(
            UnitLine(
                unit_id=unit_id, unit_name=name, done=view.done, all=view.all, due=view.due,
                done_due=view.done_due, overdue=view.overdue, rate_all=view.rate_all,
                rate_due=view.rate_due,
                coordination=coordination_view(helped) if helped and helped.counts.total else None,
                satisfaction=presenter.unit_brief(unit_id) if presenter and answered else None,
                allowed=RIGHTS.allowed(actor, "responsibility", ["read"], unit_id),
            )
        )  # fmt: skip
    return lines


async def _history(session: AsyncSession, year: int, round_id: UUID | None) -> list[Point]:
    """Return what the indices were: of satisfaction the round that is shown, never two in one."""
    rows = await session.execute(
        select(AnnouncedIndex.kind, IndexPoint.at, IndexPoint.value)
        .join(AnnouncedIndex, AnnouncedIndex.id == IndexPoint.index_id)
        .where(AnnouncedIndex.year == year)
        .where(
            (AnnouncedIndex.kind == "par_projected")
            | ((AnnouncedIndex.kind == "satisfaction") & (AnnouncedIndex.scope_id == round_id))
        )
        .order_by(IndexPoint.at.desc(), AnnouncedIndex.kind)
        .limit(HISTORY)
    )
    return [
        Point(
            at=to_the_hour(at) if kind == "satisfaction" else at,
            par_projected=value if kind == "par_projected" else None,
            satisfaction=value if kind == "satisfaction" else None,
        )
        for kind, at, value in reversed(rows.all())
    ]
