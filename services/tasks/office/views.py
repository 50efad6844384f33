"""The Office's month as it is answered: each line with its reason and where it can be acted on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus
from tasks.assignments.asked import Question
from tasks.assignments.filters import Filters
from tasks.assignments.lists import PLANNED_EACH_TIME
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.instructions.models import Instruction
from tasks.measures import views as measures
from tasks.measures.models import Measure
from tasks.office import standing
from tasks.office.domain import NEEDS, Month, Need, by_need
from tasks.urging import views as urging

_OWED: tuple[AssignmentStatus, ...] = ("not_started", "in_progress", "returned")
_SUMMED = ("open", "due", "handed_in", "overdue", "not_urged")


class Reason(ResponseBody):
    """Why a unit needs attention: how many, and the query of the list that shows them.

    `not_urged`: overdue, and nobody was urged about it for 30 days.
    """

    what: Need
    count: int
    query: str


class UnitInNeed(ResponseBody):
    """A unit with its reasons. `oldest`: since when its longest overdue assignment is due."""

    unit_id: UUID
    open: int
    due: int
    handed_in: int
    overdue: int
    oldest: date | None
    reasons: list[Reason]


class UnitToReport(ResponseBody):
    """A unit that reports under a plan: how many assignments it leads there, how many are open."""

    unit_id: UUID
    all: int
    open: int


class PlanReports(ResponseBody):
    """A plan whose units report by a day of the month. `working_days_left` null: it has passed."""

    plan_id: UUID
    title: str
    number: str | None
    closes_on: date
    working_days_left: int | None
    units: list[UnitToReport]


class UrgingToFollow(ResponseBody):
    """An urging that somebody has not acknowledged. `letter_number`: of its letter, if any."""

    id: UUID
    origin: str
    made_at: datetime
    row_count: int
    people: int
    acknowledged: int
    letter_number: str | None


class ToDecide(ResponseBody):
    """What waits for the Office itself: how many of each."""

    results: int
    extensions: int
    questions: int
    measures: int


class Totals(ResponseBody):
    """All units together: owed now, due in the month, handed in of those, overdue, not urged."""

    open: int
    due: int
    handed_in: int
    overdue: int
    not_urged: int


class MeasuresMissing(ResponseBody):
    """How many of the last published sheet's losses have no measure; no year: no such sheet."""

    year: int | None
    missing: int


class InstructionsOfMonth(ResponseBody):
    """How many instructions were issued in the month, and how many of them are still open."""

    issued: int
    open: int


class MonthView(ResponseBody):
    """The Office's month. `overdue`: now, of what was due until the month's last day.

    `units`: those that need attention, the most pressing first: by overdue, then not urged,
    returned, without a person, due in the month.
    """

    month: str
    first_day: date
    last_day: date
    today: date
    totals: Totals
    to_decide: ToDecide
    reports: list[PlanReports]
    urgings: list[UrgingToFollow]
    measures: MeasuresMissing
    instructions: InstructionsOfMonth
    units: list[UnitInNeed]


async def month_view(session: AsyncSession, month: Month, at: Moment) -> MonthView:
    """Return the month, in a handful of statements whatever is stored."""
    await session.execute(PLANNED_EACH_TIME)
    rows = {row.unit_id: row for row in await standing.of_units(session, month, at.now, at.today)}
    year, missing = await measures.missing_of(session)
    return MonthView(
        month=month.written,
        first_day=month.first,
        last_day=month.last,
        today=at.today,
        totals=Totals(**{name: _sum(rows, name) for name in _SUMMED}),
        to_decide=await _to_decide(session, rows),
        reports=_reports(await standing.of_reports(session, month), at),
        urgings=[
            UrgingToFollow.model_validate(each) for each in await urging.open_items(session, at.now)
        ],
        measures=MeasuresMissing(year=year, missing=missing),
        instructions=await _instructions(session, month),
        units=_units(rows, month),
    )


def _sum(rows: Mapping[UUID, Any], name: str) -> int:
    return sum(getattr(row, name) for row in rows.values())


def _units(rows: Mapping[UUID, Any], month: Month) -> list[UnitInNeed]:
    counts = {id_: _needs(row) for id_, row in rows.items()}
    return [
        UnitInNeed(
            unit_id=id_, open=rows[id_].open, due=rows[id_].due, handed_in=rows[id_].handed_in,
            overdue=rows[id_].overdue, oldest=rows[id_].oldest,
            reasons=[
                Reason(what=need, count=counts[id_][need], query=_query(need, id_, month))
                for need in NEEDS
                if counts[id_][need]
            ],
        )
        for id_ in by_need(counts)
    ]  # fmt: skip


def _needs(row: Any) -> dict[Need, int]:
    return {
        "overdue": row.overdue,
        "not_urged": row.not_urged,
        "returned": row.returned,
        "needs_person": row.needs_person,
        "due": row.due - row.handed_in,
    }


def _query(need: Need, unit_id: UUID, month: Month) -> str:
    """Return the query of the list that shows what a unit needs attention for."""
    asked: dict[Need, dict[str, Any]] = {
        "overdue": {"overdue": True, "due_to": month.last},
        "not_urged": {"overdue": True, "due_to": month.last},
        "returned": {"statuses": ("returned",)},
        "needs_person": {"needs_person": True, "statuses": _OWED},
        "due": {"due_from": month.first, "due_to": month.last, "statuses": _OWED},
    }
    return Filters(unit_ids=(unit_id,), in_force=True, **asked[need]).query()


def _reports(rows: Sequence[Any], at: Moment) -> list[PlanReports]:
    plans: dict[UUID, PlanReports] = {}
    for row in rows:
        passed = row.closes_on < at.today
        plan = plans.setdefault(
            row.id,
            PlanReports(
                plan_id=row.id, title=row.title, number=row.number, closes_on=row.closes_on,
                working_days_left=None if passed else _left(row.closes_on, at), units=[],
            ),
        )  # fmt: skip
        plan.units.append(UnitToReport(unit_id=row.unit_id, all=row.all, open=row.open))
    return list(plans.values())


def _left(day: date, at: Moment) -> int:
    return at.calendar.working_days_between(at.today, day)


async def _to_decide(session: AsyncSession, rows: Mapping[UUID, Any]) -> ToDecide:
    questions = select(func.count()).where(Question.status == "open").scalar_subquery()
    proposed = select(func.count()).where(Measure.status == "proposed").scalar_subquery()
    found = (await session.execute(select(questions, proposed))).one()
    return ToDecide(
        results=_sum(rows, "submitted"),
        extensions=_sum(rows, "extension_requested"),
        questions=found[0],
        measures=found[1],
    )


async def _instructions(session: AsyncSession, month: Month) -> InstructionsOfMonth:
    day = func.date(func.timezone("Asia/Ho_Chi_Minh", Instruction.issued_at))
    open_ones = Assignment.status.not_in(("done", "cancelled"))
    statement = (
        select(func.count(), func.count().filter(open_ones))
        .select_from(Instruction)
        .join(Assignment, Assignment.id == Instruction.assignment_id)
        .where(day.between(month.first, month.last))
    )
    issued, still = (await session.execute(statement)).one()
    return InstructionsOfMonth(issued=issued, open=still)
