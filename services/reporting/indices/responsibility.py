"""What a head of unit answers for (trách nhiệm người đứng đầu): the work, and the points held."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.bodies.models import Body
from reporting.completion.domain import summarise
from reporting.completion.models import AssignmentFact
from reporting.completion.views import (
    CompletionView,
    CoordinationView,
    completion_view,
    coordination_view,
    year_completions,
)
from reporting.criteria.models import Link
from reporting.criteria.sets import published_set
from reporting.criteria.views import SetName, set_name
from reporting.indices.priorities import last_year, weak_last_year
from reporting.indices.views import unit_names
from reporting.par.index import Row
from reporting.ranking.documents import from_json
from reporting.ranking.standings import newest
from reporting.score_sheets.sheets import YearSheet, year_sheet
from reporting.shown import points, shown
from reporting.sources.views import plans_of


class HeldRow(ResponseBody):
    """A sub-criterion that tasks of the unit feed. `units`: how many units lead tasks for it.

    `repeated`: it missed points last year, and has not secured all of them this year.
    """

    code: str
    name: str
    max_points: Decimal
    secured: Decimal | None
    projected: Decimal | None
    last_year: Decimal | None
    repeated: bool
    units: int


class Held(ResponseBody):
    """The points that the unit's tasks may win, together with other units where `units` says so."""

    max_points: Decimal
    secured: Decimal
    projected: Decimal
    repeated: int
    rows: list[HeldRow]


class Placed(ResponseBody):
    """Where the unit stands in the newest published ranking of its block."""

    block_id: UUID
    block_name: str
    version: int
    state: str
    rank: int | None
    index: Decimal | None
    grade: str | None
    of: int


class Responsibility(ResponseBody):
    """A unit's year as its head answers for it. `placed` None: it is in no published ranking.

    `held` None: no criteria set is in force. `coordination` None: nothing was asked of it.
    """

    unit_id: UUID
    unit_name: str
    year: int
    as_of: datetime
    completion: CompletionView
    coordination: CoordinationView | None
    criteria_set: SetName | None
    held: Held | None
    placed: Placed | None


async def check_unit(session: AsyncSession, actor: Actor, unit_id: UUID) -> str:
    """Return the name of a unit whose head the actor may look at. Raises NotFound, NotAllowed."""
    names = await unit_names(session)
    if unit_id not in names:
        raise NotFound("Không có đơn vị này")
    RIGHTS.check(actor, "responsibility.read", unit_id)
    return names[unit_id]


async def responsibility(
    session: AsyncSession, unit_id: UUID, unit_name: str, year: int
) -> Responsibility:
    """Return what the head of a unit answers for in a year."""
    now = await database_now(session)
    today = local_date(now)
    found = await year_completions(session, year, today)
    own, helped = found.get(f"unit:{unit_id}"), found.get(f"helps:{unit_id}")
    published = await published_set(session, year)
    sheet = published and await year_sheet(session, published, today, found)
    return Responsibility(
        unit_id=unit_id, unit_name=unit_name, year=year, as_of=now,
        completion=completion_view(None, own or summarise([], today)),
        coordination=coordination_view(helped) if helped and helped.counts.total else None,
        criteria_set=published and set_name(published),
        held=sheet and await _held(session, sheet, unit_id),
        placed=await _placed(session, unit_id, year),
    )  # fmt: skip


async def _held(session: AsyncSession, found: YearSheet, unit_id: UUID) -> Held:
    units = await _units_by_row(session, found, unit_id)
    rows = [row for row in found.sheet.rows() if row.sub.code in units and row.applicable]
    lines = [_row(row, found, units[row.sub.code]) for row in rows]
    return Held(
        max_points=sum((row.sub.max_points for row in rows), Decimal(0)),
        secured=points(sum((row.secured.points or Fraction(0) for row in rows), Fraction(0))),
        projected=points(sum((row.projected.points or Fraction(0) for row in rows), Fraction(0))),
        repeated=sum(line.repeated for line in lines), rows=lines,
    )  # fmt: skip


async def _units_by_row(session: AsyncSession, found: YearSheet, unit_id: UUID) -> dict[str, int]:
    """Return the sub-criteria that tasks led by a unit are linked to, with how many units lead."""
    plans = [plan.plan_id for plan in await plans_of(session, found.published.body.year)]
    led = (
        select(Link.sub_criterion, func.count(distinct(AssignmentFact.unit_id)))
        .join(AssignmentFact, AssignmentFact.task_id == Link.task_id)
        .where(Link.criteria_set_id == found.published.id, AssignmentFact.plan_id.in_(plans))
        .group_by(Link.sub_criterion)
        .having(func.bool_or(AssignmentFact.unit_id == unit_id))
    )
    return {row[0]: row[1] for row in await session.execute(led)}


def _row(row: Row, found: YearSheet, units: int) -> HeldRow:
    missing = (row.secured.points or Fraction(0)) < row.sub.max_points
    return HeldRow(
        code=row.sub.code, name=row.sub.name, max_points=row.sub.max_points,
        secured=shown(row.secured.points), projected=shown(row.projected.points),
        last_year=last_year(row, found), repeated=missing and weak_last_year(row, found),
        units=units,
    )  # fmt: skip


async def _placed(session: AsyncSession, unit_id: UUID, year: int) -> Placed | None:
    body = await session.scalar(select(Body).where(Body.unit_id == unit_id))
    if body is None or body.block_id is None:
        return None
    version = await newest(session, year, body.block_id)
    if version is None:
        return None
    lines = from_json(version.exact).lines
    line = next((each for each in lines if each.body.id == body.id), None)
    if line is None:
        return None
    return Placed(
        block_id=body.block_id, block_name=version.document["block"]["name"],
        version=version.number, state=line.body.state, rank=line.rank,
        index=shown(line.body.index), grade=line.grade, of=sum(1 for e in lines if e.rank),
    )  # fmt: skip
