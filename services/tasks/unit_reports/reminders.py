"""What only time brings about: a unit has not reported, and few working days are left."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.messaging import outbox
from contracts.tasks import UnitReportDue
from tasks.assignments.domain import working_days_left
from tasks.calendar.moment import Moment, moment_at
from tasks.plans.models import Plan
from tasks.unit_reports.domain import NOT_YET, step_of
from tasks.unit_reports.figures import owe, reporting_units
from tasks.unit_reports.models import UnitReport
from tasks.unit_reports.setting import setting

MOST = 500  # per transaction; the rest follows at once in others


async def announce_due(session: AsyncSession, now: datetime, *, limit: int = MOST) -> int:
    """Announce each reminder step of each plan's report day once to a unit; return how many.

    A unit without a report gets one that is owed, so that the reminder is about something.
    """
    at = await moment_at(session, now)
    steps = (await setting(session)).reminder_steps
    count = 0
    for plan in await _near(session, at, max(steps, default=-1)):
        left = working_days_left(plan.closes_on, at.today, at.calendar)
        step = step_of(left, steps)
        if step is not None and count < limit:
            count += await _remind(session, plan, step, left, at, limit - count)
    return count


async def _near(session: AsyncSession, at: Moment, furthest: int) -> list[Plan]:
    """Return the plans in force whose report day is near; none where nobody is reminded."""
    if furthest < 0:
        return []
    horizon = at.calendar.add_working_days(at.today, furthest + 1)
    near = Plan.closes_on.between(at.today, horizon)
    found = select(Plan).where(Plan.status == "active", near).order_by(Plan.id)
    return list(await session.scalars(found))


async def _remind(
    session: AsyncSession, plan: Plan, step: int, left: int, at: Moment, limit: int
) -> int:
    units = (await session.scalars(reporting_units(plan.id))).all()
    await owe(session, plan.id, units)
    waiting = (
        select(UnitReport)
        .where(UnitReport.plan_id == plan.id, UnitReport.unit_id.in_(units), _not_told(plan, step))
        .order_by(UnitReport.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    reports = list(await session.scalars(waiting))
    last = at.calendar.last_working_day_on_or_before(plan.closes_on)
    for report in reports:
        report.version += 1
        report.reminded_for, report.reminded_step = plan.closes_on, step
    states = [each.state((plan.title, plan.year), plan.closes_on, last) for each in reports]
    events = [UnitReportDue(report=one, step=step, working_days_left=left) for one in states]
    await session.flush()
    await outbox.add(session, *events, now=at.now)
    await audit.record_all(session, [_line(each, step, at) for each in reports])
    return len(reports)


def _not_told(plan: Plan, step: int) -> ColumnElement[bool]:
    anew = UnitReport.reminded_for.is_distinct_from(plan.closes_on)
    nearer = UnitReport.reminded_step > step
    return and_(UnitReport.status.in_(sorted(NOT_YET)), or_(anew, nearer))


def _line(report: UnitReport, step: int, at: Moment) -> dict[str, object]:
    return audit.entry(
        actor_id=None, action="unit_report.remind", subject_id=report.id, before=None,
        after={"step": step}, reason=None, now=at.now,
    )  # fmt: skip
