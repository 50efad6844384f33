"""What lost points in a year, each with its measures, or none; one measure as it is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus, MeasureStatus
from tasks.access import RIGHTS
from tasks.assignments.models import Assignment
from tasks.directory.models import Person
from tasks.measures.models import Measure, WeakCriterion

_PROPOSER, _DECIDER = aliased(Person), aliased(Person)
_NAMES = (
    "id", "version", "year", "code", "criterion", "words", "deadline_text", "unit_id", "status",
    "proposed_at", "decided_at", "decision_note", "plan_id", "assignment_id", "assignment_number",
)  # fmt: skip


class MeasureView(ResponseBody):
    """A measure. `assignment_status`: of what it became. `allowed`: what the caller may do now."""

    id: UUID
    version: int
    year: int
    code: str
    criterion: str
    words: str
    deadline_text: str
    unit_id: UUID
    status: MeasureStatus
    proposed_at: datetime
    proposed_by_name: str | None
    decided_at: datetime | None
    decided_by_name: str | None
    decision_note: str | None
    plan_id: UUID | None
    assignment_id: UUID | None
    assignment_number: str | None
    assignment_status: AssignmentStatus | None
    allowed: list[str]


class WeakCriterionView(ResponseBody):
    """A sub-criterion that lost points, with its measures, the newest first.

    `missing`: it has none that is proposed or accepted ("chưa có giải pháp").
    """

    code: str
    name: str
    points: Decimal
    max_points: Decimal
    lost: Decimal
    missing: bool
    measures: list[MeasureView]


class MeasuresView(ResponseBody):
    """What a year lost, in the sheet's order. `years`: of which a published sheet is known.

    `year` null: no sheet was published yet. `missing`: how many have no measure.
    `for_any_unit`: the caller may propose what any unit leads.
    """

    year: int | None
    years: list[int]
    lost: Decimal
    missing: int
    data: list[WeakCriterionView]
    allowed: list[str]
    for_any_unit: bool


async def of_year(session: AsyncSession, actor: Actor, year: int | None) -> MeasuresView:
    """Return what a year lost, or the last one with a published sheet."""
    known = select(WeakCriterion.year).distinct().order_by(WeakCriterion.year.desc())
    years = list(await session.scalars(known))
    shown = year if year is not None or not years else years[0]
    of_shown = select(WeakCriterion).where(WeakCriterion.year == shown, WeakCriterion.lost > 0)
    weak = (await session.scalars(of_shown.order_by(WeakCriterion.position))).all()
    measures = await _measures(session, actor, Measure.year == shown)
    data = [_weak_view(each, measures) for each in weak]
    return MeasuresView(
        year=shown,
        years=years,
        lost=sum((each.lost for each in data), Decimal(0)),
        missing=sum(each.missing for each in data),
        data=data,
        allowed=RIGHTS.allowed(actor, "measure", ["propose"], actor.unit_id),
        for_any_unit=RIGHTS.may(actor, "measure.propose"),
    )


async def one(session: AsyncSession, actor: Actor, id_: UUID) -> MeasureView:
    """Return one measure. Raises NotFound."""
    found = await _measures(session, actor, Measure.id == id_)
    if not found:
        raise unknown()
    return found[0]


def unknown() -> NotFound:
    """Return the refusal of a measure that is not there."""
    return NotFound("Không tìm thấy giải pháp này", code="measure_not_found")


async def missing_of(session: AsyncSession) -> tuple[int | None, int]:
    """Return the last year with a published sheet and how many of its losses have no measure."""
    last = select(func.max(WeakCriterion.year)).scalar_subquery()
    answered = select(Measure.id).where(
        Measure.year == WeakCriterion.year,
        Measure.code == WeakCriterion.code,
        Measure.status != "returned",
    )
    lacking = select(func.count()).where(
        WeakCriterion.year == last, WeakCriterion.lost > 0, ~answered.exists()
    )
    row = (await session.execute(select(last, lacking.scalar_subquery()))).one()
    return row[0], row[1]


def _weak_view(weak: WeakCriterion, measures: Sequence[MeasureView]) -> WeakCriterionView:
    own = [each for each in measures if each.code == weak.code]
    return WeakCriterionView(
        code=weak.code,
        name=weak.name,
        points=weak.max_points - weak.lost,
        max_points=weak.max_points,
        lost=weak.lost,
        missing=all(each.status == "returned" for each in own),
        measures=own,
    )


async def _measures(session: AsyncSession, actor: Actor, condition: Any) -> list[MeasureView]:
    statement = (
        select(Measure, _PROPOSER.name, _DECIDER.name, Assignment.status)
        .outerjoin(_PROPOSER, _PROPOSER.id == Measure.proposed_by)
        .outerjoin(_DECIDER, _DECIDER.id == Measure.decided_by)
        .outerjoin(Assignment, Assignment.id == Measure.assignment_id)
        .where(condition)
        .order_by(Measure.proposed_at.desc(), Measure.id.desc())
    )
    return [_view(row, actor) for row in await session.execute(statement)]


def _view(row: Any, actor: Actor) -> MeasureView:
    measure, proposer, decider, status = row
    facts: Mapping[str, Any] = {name: getattr(measure, name) for name in _NAMES}
    acts = ["accept", "return"] if measure.status == "proposed" else []
    return MeasureView(
        **facts,
        proposed_by_name=proposer,
        decided_by_name=decider,
        assignment_status=status,
        allowed=RIGHTS.allowed(actor, "measure", acts, measure.unit_id),
    )
