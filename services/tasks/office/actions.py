"""The Office's month, put together in a handful of statements whatever is stored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import AssignmentStatus
from tasks.access import RIGHTS
from tasks.assignments.asked import Question
from tasks.assignments.filters import Filters
from tasks.assignments.lists import PLANNED_EACH_TIME
from tasks.calendar.moment import Moment
from tasks.inspections import findings
from tasks.measures import views as measures
from tasks.measures.models import Measure
from tasks.office import standing
from tasks.office.domain import NEEDS, Month, Need, by_need
from tasks.office.standing import UnitCounts
from tasks.office.views import (
    InspectionOfMonth,
    InspectionsOfMonth,
    InstructionsOfMonth,
    Letter,
    MeasuresMissing,
    MonthView,
    PlanReports,
    Reason,
    ToDecide,
    Totals,
    UnitInNeed,
    UnitToReport,
    UrgingToFollow,
)
from tasks.unit_reports import views as unit_reports
from tasks.unit_reports.domain import HANDED_IN
from tasks.urging import views as urging

_OWED: tuple[AssignmentStatus, ...] = ("not_started", "in_progress", "returned")
_SUMMED = ("open", "due", "handed_in", "overdue", "not_urged")
Units = Mapping[UUID, UnitCounts]


async def month_of_office(
    session: AsyncSession, actor: Actor, month: Month, at: Moment
) -> MonthView:
    """Return the month: what is late is late today, what is due is due on its days."""
    await session.execute(PLANNED_EACH_TIME)
    rows = await standing.of_units(session, actor, month, at.now, at.today)
    reports = await _reports(session, actor, month, at)
    year, missing = await measures.missing_of(session)
    issued, still = await standing.of_instructions(session, month)
    waiting = await urging.open_items(session, at.now)
    return MonthView(
        month=month.written,
        first_day=month.first,
        last_day=month.last,
        today=at.today,
        totals=Totals(**{name: _sum(rows, name) for name in _SUMMED}),
        to_decide=await _to_decide(session, rows),
        reports=reports,
        urgings=[UrgingToFollow.model_validate(each) for each in waiting],
        letters=[Letter.model_validate(row) for row in await standing.of_letters(session, month)],
        inspections=await _inspections(session, month, at),
        measures=MeasuresMissing(year=year, missing=missing),
        instructions=InstructionsOfMonth(issued=issued, open=still),
        units=_units(rows, reports, month, at.today),
    )


def _sum(rows: Units, name: str) -> int:
    return sum(getattr(row, name) for row in rows.values())


def _units(
    rows: Units, reports: Sequence[PlanReports], month: Month, today: date
) -> list[UnitInNeed]:
    late = Counter(
        each.unit_id
        for plan in reports
        if plan.closes_on < today
        for each in plan.units
        if each.status not in HANDED_IN
    )
    units = {id_: rows.get(id_, UnitCounts()) for id_ in {*rows, *late}}
    counts = {id_: _needs(row, late[id_]) for id_, row in units.items()}
    return [_unit_in_need(id_, units[id_], counts[id_], month) for id_ in by_need(counts)]


def _unit_in_need(
    id_: UUID, row: UnitCounts, needs: Mapping[Need, int], month: Month
) -> UnitInNeed:
    reasons = [
        Reason(what=need, count=needs[need], query=_query(need, id_, month))
        for need in NEEDS
        if needs[need]
    ]
    return UnitInNeed(
        unit_id=id_, open=row.open, due=row.due, handed_in=row.handed_in, overdue=row.overdue,
        oldest=row.oldest, reasons=reasons,
    )  # fmt: skip


def _needs(row: UnitCounts, late_reports: int) -> dict[Need, int]:
    return {
        "overdue": row.overdue,
        "not_urged": row.not_urged,
        "report_late": late_reports,
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
    if need not in asked:
        return ""
    return Filters(unit_ids=(unit_id,), in_force=True, **asked[need]).query()


async def _reports(
    session: AsyncSession, actor: Actor, month: Month, at: Moment
) -> list[PlanReports]:
    plans = {row.id: row for row in await standing.of_plans(session, month)}
    if not plans:
        return []
    counts = {
        (row.plan_id, row.unit_id): row for row in await standing.of_reports(session, list(plans))
    }
    owed: dict[UUID, list[UnitToReport]] = {id_: [] for id_ in plans}
    for line in (await unit_reports.open_items(session, actor, at)).data:
        if line.plan_id in plans:
            owed[line.plan_id].append(_unit(line, counts.get((line.plan_id, line.unit_id))))
    may = RIGHTS.allowed(actor, "unit_report", ("urge",))
    found = [_plan(plan, owed[id_], at, may) for id_, plan in plans.items()]
    # What was due before stays here until the last unit has reported.
    return [each for each in found if each.closes_on >= month.first or each.missing]


def _unit(line: unit_reports.ReportLine, count: Any) -> UnitToReport:
    return UnitToReport(
        unit_id=line.unit_id, report_id=line.id, status=line.status, late_days=line.late_days,
        handed_in_on=line.handed_in_on, all=count.all if count else 0,
        open=count.open if count else 0,
    )  # fmt: skip


def _plan(plan: Any, units: list[UnitToReport], at: Moment, may: list[str]) -> PlanReports:
    left = at.calendar.working_days_between(at.today, plan.closes_on)
    handed_in = sum(each.status in HANDED_IN for each in units)
    return PlanReports(
        plan_id=plan.id, title=plan.title, number=plan.number, closes_on=plan.closes_on,
        working_days_left=None if plan.closes_on < at.today else left, handed_in=handed_in,
        missing=len(units) - handed_in, units=units, allowed=may if handed_in < len(units) else [],
    )  # fmt: skip


async def _to_decide(session: AsyncSession, rows: Units) -> ToDecide:
    questions = select(func.count()).where(Question.status == "open").scalar_subquery()
    proposed = select(func.count()).where(Measure.status == "proposed").scalar_subquery()
    found = (await session.execute(select(questions, proposed))).one()
    return ToDecide(
        results=_sum(rows, "submitted"),
        extensions=_sum(rows, "extension_to_decide"),
        questions=found[0],
        measures=found[1],
    )


async def _inspections(session: AsyncSession, month: Month, at: Moment) -> InspectionsOfMonth:
    waiting = await findings.open_items(session, at.now)
    rows = await standing.of_inspections(session, month)
    return InspectionsOfMonth(
        data=[InspectionOfMonth.model_validate(row) for row in rows],
        without_conclusion=waiting.without_conclusion,
        open_findings=waiting.open_findings,
        overdue_findings=waiting.overdue_findings,
    )
