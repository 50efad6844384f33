"""Reports as they are shown: one in full, and all that a plan's units owe."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.web import ResponseBody
from contracts.tasks import UnitReportStatus
from tasks.access import RIGHTS
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.directory.models import Person, Unit
from tasks.ladder.domain import days_late
from tasks.plans.models import Plan
from tasks.unit_reports.domain import HANDED_IN, Returner, acts_open_in
from tasks.unit_reports.earlier import EarlierReport, earlier_of
from tasks.unit_reports.figures import owes, reports, under
from tasks.unit_reports.models import UnitReport
from tasks.unit_reports.scope import as_head, find, writes
from tasks.unit_reports.steps import StepView, steps_of

_AUTHOR, _SUBMITTED, _APPROVED, _ACCEPTED = (aliased(Person) for _ in range(4))


class LineView(ResponseBody):
    """An assignment that the report names. `days`: overdue by so many calendar days.

    `late_days`: by so many working days; null in figures that stand since before it was counted.
    """

    number: str
    content: str
    product: str
    due_on: date | None
    day: date | None
    on_time: bool | None
    days: int
    late_days: int | None = None
    text: str


class MeasureLineView(ResponseBody):
    """A measure against what lost points the year before. `number`: the assignment it became."""

    code: str
    criterion: str
    words: str
    status: str
    number: str | None


class FiguresView(ResponseBody):
    """A unit's figures as of a moment. `all`, `due`: with a day, neither cancelled nor continuous.

    `done_due`: done, of those that are due. `undated`: continuous, or without a day yet.
    """

    as_of: datetime
    all: int
    done: int
    due: int
    done_due: int
    overdue: int
    waiting: int
    paused: int
    undated: int
    contributions_asked: int
    contributions_given: int
    contributions_on_time: int
    late: list[LineView]
    difficulties: list[LineView]
    accepted: list[LineView]
    measures: list[MeasureLineView] = Field(default_factory=list)


class DifficultyView(ResponseBody):
    """A difficulty under a theme (null: not sorted); `number`: of the assignment it came from.

    `cause`: why it is so, where the unit says it.
    """

    theme: str | None
    text: str
    number: str | None
    cause: str | None = None


class ReportLine(ResponseBody):
    """What one unit owes under one plan. `id` null: not begun, or not for the caller to read.

    `due_on`: the last allowed day; `last_working_day`: the last on which people work. `late_days`:
    working days past it, until it was handed in or today. `on_time` null: not handed in.
    `allowed`: what the caller may do with it now.
    """

    id: UUID | None
    version: int
    plan_id: UUID
    plan_title: str
    unit_id: UUID
    unit_name: str
    status: UnitReportStatus
    due_on: date
    last_working_day: date
    handed_in_on: date | None
    on_time: bool | None
    late_days: int
    allowed: list[str]


class Reports(ResponseBody):
    """All reports that units owe, by plan and unit. `handed_in`: to the Office, or accepted.

    `missing`: not handed in, or returned; `late`: handed in late, or missing after the day.
    `allowed`: `compile`; `urge` those that are missing.
    """

    data: list[ReportLine]
    units: int
    handed_in: int
    accepted: int
    missing: int
    late: int
    allowed: list[str]


class UnitReportView(ReportLine):
    """A report in full. `figures`: fresh until the head approves, then for good.

    `return_reason`: why it was returned, while it is; the head's for its unit alone. `earlier`: to
    go on from, for its own unit. `steps`: those of every round, in order.
    """

    figures: FiguresView | None
    results: str
    difficulties: list[DifficultyView]
    measures: str
    proposals: str
    author_name: str | None
    submitted_at: datetime | None
    submitted_by_name: str | None
    approved_at: datetime | None
    approved_by_name: str | None
    returned_at: datetime | None
    returned_by: Returner | None
    return_reason: str | None
    accepted_at: datetime | None
    accepted_by_name: str | None
    earlier: list[EarlierReport]
    steps: list[StepView]


async def listing(session: AsyncSession, actor: Actor, plan_id: UUID | None, at: Moment) -> Reports:
    """Return what units owe under a plan, or under all in force; a unit only its own."""
    actor = await as_head(session, actor, at.today)
    lines = [_line(row, actor, at) for row in await _rows(session, _seen(actor, plan_id))]
    handed_in = [each for each in lines if each.status in HANDED_IN]
    return Reports(
        data=lines,
        units=len(lines),
        handed_in=len(handed_in),
        accepted=sum(each.status == "accepted" for each in lines),
        missing=len(lines) - len(handed_in),
        late=sum(each.late_days > 0 for each in lines),
        allowed=RIGHTS.allowed(actor, "unit_report", ("compile", "urge")),
    )


async def open_items(
    session: AsyncSession, actor: Actor, at: Moment, plan_id: UUID | None = None
) -> Reports:
    """Return who reports when and who has not, for the Office's month: as the list has it."""
    return await listing(session, actor, plan_id, at)


async def one(session: AsyncSession, actor: Actor, id_: UUID, at: Moment) -> UnitReportView:
    """Return a report the actor may read. Raises NotFound."""
    actor = await as_head(session, actor, at.today)
    report, _ = await find(session, actor, id_)
    names = (
        select(_AUTHOR.name, _SUBMITTED.name, _APPROVED.name, _ACCEPTED.name)
        .select_from(UnitReport)
        .outerjoin(_AUTHOR, _AUTHOR.id == UnitReport.author_id)
        .outerjoin(_SUBMITTED, _SUBMITTED.id == UnitReport.submitted_by)
        .outerjoin(_APPROVED, _APPROVED.id == UnitReport.approved_by)
        .outerjoin(_ACCEPTED, _ACCEPTED.id == UnitReport.accepted_by)
        .where(UnitReport.id == id_)
    )
    author, submitted, approved, accepted = (await session.execute(names)).one()
    [row] = await _rows(session, UnitReport.id == id_, every=True)
    own, returned = actor.unit_id == report.unit_id, report.status == "returned"
    told_why = returned and (own or report.returned_by == "office")
    plain = (
        "results", "measures", "proposals", "submitted_at", "approved_at", "returned_at",
        "accepted_at",
    )  # fmt: skip
    return UnitReportView(
        **{**_line(row, actor, at).model_dump(), "id": id_},
        **{name: getattr(report, name) for name in plain},
        figures=FiguresView.model_validate(report.figures) if report.figures else None,
        difficulties=[DifficultyView.model_validate(each) for each in report.difficulties],
        author_name=author,
        submitted_by_name=submitted,
        approved_by_name=approved,
        returned_by=report.returned_by if returned else None,
        return_reason=report.return_reason if told_why else None,
        accepted_by_name=accepted,
        earlier=await earlier_of(session, actor, report),
        steps=await steps_of(session, id_, own=own),
    )


def _seen(actor: Actor, plan_id: UUID | None) -> ColumnElement[bool]:
    of_plan = Plan.id == plan_id if plan_id else Plan.status == "active"
    if RIGHTS.may(actor, "unit_report.read"):
        return and_(of_plan, true())
    return and_(of_plan, Unit.id == actor.unit_id if writes(actor) else false())


async def _rows(
    session: AsyncSession, condition: ColumnElement[bool], *, every: bool = False
) -> Sequence[Any]:
    """Read units beside their reports, if any. `every`: whatever the unit leads by now.

    A unit that ended owes nothing, and nobody anything under a plan that another replaced: only
    what was handed in stays.
    """
    leads = select(Assignment.id).where(under(Plan.id), Assignment.unit_id == Unit.id, owes())
    begun = UnitReport.approved_at.is_not(None)
    goes_on = and_(reports(), Plan.successor_id.is_(None))
    owed = and_(
        Plan.status.in_(["active", "closed"]),
        or_(UnitReport.status.in_(sorted(HANDED_IN)), and_(goes_on, or_(begun, leads.exists()))),
    )
    statement = (
        select(
            UnitReport, Plan.id.label("plan_id"), Plan.title, Plan.closes_on,
            Plan.status.label("plan_status"), Plan.successor_id, Unit.id.label("unit_id"),
            Unit.name, Unit.active,
        )
        .select_from(Plan)
        .join(Unit, true())
        .outerjoin(UnitReport, and_(UnitReport.plan_id == Plan.id, UnitReport.unit_id == Unit.id))
        .where(condition)
        .order_by(Plan.year.desc(), Plan.id, Unit.sort_order, Unit.id)
    )  # fmt: skip
    found = await session.execute(statement if every else statement.where(owed))
    return found.all()


def _line(row: Any, actor: Actor, at: Moment) -> ReportLine:
    report: UnitReport | None = row.UnitReport
    status: UnitReportStatus = report.status if report else "owed"
    handed_in = status in HANDED_IN
    due_on = (report.due_on if report and handed_in else None) or row.closes_on
    late = report.late_days if report and handed_in else days_late(due_on, at.today, at.calendar)
    return ReportLine(
        id=report.id if report and _readable(report, actor) else None,
        version=report.version if report else 0,
        plan_id=row.plan_id,
        plan_title=row.title,
        unit_id=row.unit_id,
        unit_name=row.name,
        status=status,
        due_on=due_on,
        last_working_day=at.calendar.last_working_day_on_or_before(due_on),
        handed_in_on=report.handed_in_on if report and handed_in else None,
        on_time=report.on_time if report and handed_in else None,
        late_days=late or 0,
        allowed=_allowed(status, row, actor),
    )


def _readable(report: UnitReport, actor: Actor) -> bool:
    """Tell in Python what `scope.visible` tells the database; no list has what was taken over."""
    if RIGHTS.may(actor, "unit_report.read") and report.approved_at is not None:
        return True
    return writes(actor) and report.unit_id == actor.unit_id


def _allowed(status: UnitReportStatus, row: Any, actor: Actor) -> list[str]:
    """Return what the actor may do with it: begin, write, decide, each where it is theirs."""
    unit_id = row.unit_id
    if status == "owed":
        begun = ["create"] if row.plan_status == "active" else []
        return RIGHTS.allowed(actor, "unit_report", begun, unit_id)
    over = not row.active or row.successor_id is not None
    acts = RIGHTS.allowed(actor, "unit_report", acts_open_in(status, over=over), unit_id)
    own, office = actor.unit_id == unit_id, RIGHTS.may(actor, "unit_report.accept")
    if "return" in acts and not (own if status == "submitted" else office):
        acts.remove("return")
    return acts
