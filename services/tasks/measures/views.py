"""What is weak in a year, each with its measures, or none; one measure as it is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus, MeasureStatus
from tasks.access import RIGHTS
from tasks.assignments.became import BecameView, became_of, next_of, status_of
from tasks.directory.models import Person
from tasks.measures.models import Measure, WeakCriterion

WEAK = or_(WeakCriterion.lost > 0, WeakCriterion.reason.is_not(None))
HAS_MEASURES = (
    select(Measure.id)
    .where(Measure.year == WeakCriterion.year, Measure.code == WeakCriterion.code)
    .exists()
)
NOTHING = UUID(int=0)
_PROPOSER, _DECIDER = aliased(Person), aliased(Person)
_NAMES = (
    "id", "version", "year", "code", "criterion", "words", "deadline_text", "unit_id", "status",
    "proposed_at", "decided_at", "decision_note", "plan_id",
)  # fmt: skip


class MeasureView(ResponseBody):
    """A measure. `assignments`: all that it became, each in the plan where it stands now.

    `assignment_id`, `assignment_number`: of the one due next, else the last. `assignment_status`:
    of all as one, done only when all are. `allowed`: what the caller may do now.
    """

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
    assignments: list[BecameView]
    allowed: list[str]


class WeakCriterionView(ResponseBody):
    """A sub-criterion that is weak, with its measures, the newest first.

    `points`, `max_points`, `lost` null: no published sheet has it. `reason`: why somebody named it
    by hand; null: only the sheet does. `missing`: it has no measure that is proposed or accepted
    ("chưa có giải pháp"). With `lost` 0 and no reason it is weak no more, by a newer sheet, and
    stands here for what was proposed against it. `allowed`: `withdraw`.
    """

    code: str
    name: str
    points: Decimal | None
    max_points: Decimal | None
    lost: Decimal | None
    reason: str | None
    named_at: datetime | None
    named_by_name: str | None
    missing: bool
    allowed: list[str]
    measures: list[MeasureView]


class MeasuresView(ResponseBody):
    """What is weak in a year, in the sheet's order. `years`: those of which anything is known.

    `year` null: nothing is known yet. `lost`: altogether. `missing`: how many have no measure.
    `allowed`: `propose`, `name`. `for_any_unit`: the caller may propose what any unit leads.
    """

    year: int | None
    years: list[int]
    lost: Decimal
    missing: int
    data: list[WeakCriterionView]
    allowed: list[str]
    for_any_unit: bool


async def of_year(session: AsyncSession, actor: Actor, year: int | None) -> MeasuresView:
    """Return what is weak in a year, or in the last one of which anything is known."""
    known = select(WeakCriterion.year).distinct().order_by(WeakCriterion.year.desc())
    years = list(await session.scalars(known))
    shown = year if year is not None or not years else years[0]
    of_shown = (
        select(WeakCriterion, Person.name)
        .outerjoin(Person, Person.id == WeakCriterion.named_by)
        .where(WeakCriterion.year == shown, or_(WEAK, HAS_MEASURES))
        .order_by(WeakCriterion.version == 0, WeakCriterion.position, WeakCriterion.code)
    )
    rows = (await session.execute(of_shown)).all()
    measures = await _measures(session, actor, Measure.year == shown)
    data = [_weak_view(weak, by, measures, actor) for weak, by in rows]
    return MeasuresView(
        year=shown,
        years=years,
        lost=sum((each.lost or Decimal(0) for each in data), Decimal(0)),
        missing=sum(each.missing for each in data),
        data=data,
        allowed=[
            *RIGHTS.allowed(actor, "measure", ["propose"], actor.unit_id),
            *RIGHTS.allowed(actor, "weak_criterion", ["name"]),
        ],
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
    """Return the last year of which anything is known and how much of it has no measure."""
    last = select(func.max(WeakCriterion.year)).scalar_subquery()
    answered = select(Measure.id).where(
        Measure.year == WeakCriterion.year,
        Measure.code == WeakCriterion.code,
        Measure.status != "returned",
    )
    lacking = select(func.count()).where(WeakCriterion.year == last, WEAK, ~answered.exists())
    row = (await session.execute(select(last, lacking.scalar_subquery()))).one()
    return row[0], row[1]


def _weak_view(
    weak: WeakCriterion, by: str | None, measures: Sequence[MeasureView], actor: Actor
) -> WeakCriterionView:
    own = [each for each in measures if each.code == weak.code]
    of_sheet, still = weak.version > 0, weak.lost > 0 or bool(weak.reason)
    acts = ["withdraw"] if weak.reason and not own else []
    return WeakCriterionView(
        code=weak.code,
        name=weak.name,
        points=weak.max_points - weak.lost if of_sheet else None,
        max_points=weak.max_points if of_sheet else None,
        lost=weak.lost if of_sheet else None,
        reason=weak.reason,
        named_at=weak.named_at,
        named_by_name=by,
        missing=still and all(each.status == "returned" for each in own),
        allowed=RIGHTS.allowed(actor, "weak_criterion", acts, weak.named_unit_id),
        measures=own,
    )


async def _measures(session: AsyncSession, actor: Actor, condition: Any) -> list[MeasureView]:
    statement = (
        select(Measure, _PROPOSER.name, _DECIDER.name)
        .outerjoin(_PROPOSER, _PROPOSER.id == Measure.proposed_by)
        .outerjoin(_DECIDER, _DECIDER.id == Measure.decided_by)
        .where(condition)
        .order_by(Measure.proposed_at.desc(), Measure.id.desc())
    )
    found = (await session.execute(statement)).all()
    became = await became_of(session, [id_ for row in found if (id_ := row[0].assignment_id)])
    return [_view(row, became.get(row[0].assignment_id or NOTHING, []), actor) for row in found]


def _view(row: Any, became: list[BecameView], actor: Actor) -> MeasureView:
    measure, proposer, decider = row
    next_one = next_of(became) if became else None
    facts: Mapping[str, Any] = {name: getattr(measure, name) for name in _NAMES}
    acts = ["accept", "return"] if measure.status == "proposed" else []
    return MeasureView(
        **facts,
        proposed_by_name=proposer,
        decided_by_name=decider,
        assignment_id=next_one and next_one.assignment_id,
        assignment_number=next_one and next_one.number,
        assignment_status=status_of(became) if became else None,
        assignments=became,
        allowed=RIGHTS.allowed(actor, "measure", acts, measure.unit_id),
    )
