"""Acts on a unit's report: begun, written, approved by its head, decided by the Office."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import (
    UnitReportAccepted,
    UnitReportReturned,
    UnitReportSubmitted,
    UnitReportWaiting,
)
from tasks.access import RIGHTS
from tasks.calendar.moment import moment
from tasks.ladder.domain import days_late
from tasks.plans import actions as plans
from tasks.unit_reports import domain
from tasks.unit_reports.change import ReportChange
from tasks.unit_reports.defaults import Setting
from tasks.unit_reports.drafting import drafted, kept_difficulties, kept_text
from tasks.unit_reports.figures import figures_of, led, owe
from tasks.unit_reports.models import UnitReport


async def begin(session: AsyncSession, actor: Actor, plan_id: UUID) -> ReportChange:
    """Begin the report of the actor's unit under a plan, filled in from its assignments.

    Raises NotFound for a plan they do not see, RuleBroken `plan_not_in_force`,
    `unit_report_not_owed`, `unit_report_exists`.
    """
    plan = await plans.find_visible(session, actor, plan_id)
    RIGHTS.check(actor, "unit_report.create", actor.unit_id)
    count = await led(session, plan.id, actor.unit_id)
    domain.check_beginning("owed", plan.status, count)
    await owe(session, plan.id, [actor.unit_id])
    mine = select(UnitReport.id).where(
        UnitReport.plan_id == plan.id, UnitReport.unit_id == actor.unit_id
    )
    id_ = (await session.execute(mine)).scalar_one()
    report = await session.get_one(UnitReport, id_, with_for_update=True, populate_existing=True)
    domain.check_beginning(report.status, plan.status, count)
    at = await moment(session)
    change = ReportChange(session, actor, report, plan, at, report.facts(), ended=False)
    report.status, report.author_id = "draft", actor.person_id
    await _fill(change)
    await change.record("create")
    return change


async def edit(
    change: ReportChange, expected: int, facts: Mapping[str, Any], setting: Setting
) -> None:
    """Write what the body names; the rest stays. Raises StaleVersion, RuleBroken, InputRefused."""
    report = change.report
    change.check("change", expected)
    if "difficulties" in facts:
        kept = {each["theme"] for each in report.difficulties}
        domain.check_difficulties(facts["difficulties"], setting.in_use(), kept)
        facts = {**facts, "difficulties": [domain.said(each) for each in facts["difficulties"]]}
    changed = {name: value for name, value in facts.items() if getattr(report, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(report, name, value)
    _keep_to_the_unit(report)
    report.author_id = change.actor.person_id
    await change.record("change")


async def refill(change: ReportChange, expected: int) -> None:
    """Take the figures anew; drafted words that nobody touched follow them, people's own stay."""
    change.check("refill", expected)
    await _fill(change)
    _keep_to_the_unit(change.report)
    await change.record("refill")


async def submit(change: ReportChange, expected: int) -> None:
    """Lay it before the head of the unit. Raises InputRefused where no result is written."""
    report = change.report
    change.check("submit", expected)
    domain.check_complete(report.results)
    report.status, report.author_id = "submitted", change.actor.person_id
    report.submitted_at, report.submitted_by = change.at.now, change.actor.person_id
    _keep_to_the_unit(report)
    await change.record("submit", UnitReportWaiting)


def _keep_to_the_unit(report: UnitReport) -> None:
    """Let nobody else read what was returned once it is written anew, until it is approved."""
    report.approved_at, report.approved_by = None, None


async def approve(change: ReportChange, expected: int) -> None:
    """Hand it in to the Office, with the figures of this moment: from now on they stand.

    Late or in time by the local day and the working calendar.
    """
    report, at = change.report, change.at
    change.check("approve", expected)
    report.figures = dict(await figures_of(change.session, change.plan, report.unit_id, at))
    report.status, report.due_on = "approved", change.plan.closes_on
    report.approved_at, report.approved_by = at.now, change.actor.person_id
    report.handed_in_on = at.today
    report.late_days = days_late(change.plan.closes_on, at.today, at.calendar)
    report.on_time = not report.late_days
    await change.record("approve", UnitReportSubmitted)


async def give_back(change: ReportChange, expected: int, reason: str) -> None:
    """Return it: the head to who wrote it, the Office to the unit, which owes it again.

    Raises RuleBroken: what waits for the head is the head's, what is handed in the Office's.
    """
    report, at = change.report, change.at
    change.check("return", expected)
    by: domain.Returner = "head" if report.status == "submitted" else "office"
    domain.check_returner(by, as_office=RIGHTS.may(change.actor, "unit_report.accept"),
                          own=change.actor.unit_id == report.unit_id)  # fmt: skip
    report.status, report.returned_by, report.return_reason = "returned", by, reason
    report.returned_at, report.due_on = at.now, None
    await change.record("return", UnitReportReturned, returned_by=by, reason=reason)


async def accept(change: ReportChange, expected: int) -> None:
    """Take it: it goes into the compiled report as it is. Raises RuleBroken unless handed in."""
    report = change.report
    change.check("accept", expected)
    report.status = "accepted"
    report.accepted_at, report.accepted_by = change.at.now, change.actor.person_id
    await change.record("accept", UnitReportAccepted)


async def _fill(change: ReportChange) -> None:
    report, plan = change.report, change.plan
    figures = await figures_of(change.session, plan, report.unit_id, change.at)
    before, after = report.drafted or {}, drafted(figures)
    report.results = kept_text(report.results, before.get("results", ""), after["results"])
    report.measures = kept_text(report.measures, before.get("measures", ""), after["measures"])
    report.difficulties = kept_difficulties(report.difficulties, before, after)
    report.figures, report.drafted = dict(figures), dict(after)
