"""A report that somebody is about to act on: found, locked, theirs; and what the act leaves."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.web import check_version
from contracts.events import Event
from tasks.access import RIGHTS
from tasks.calendar.moment import Moment, moment
from tasks.directory.models import Unit
from tasks.plans.models import Plan
from tasks.unit_reports.domain import Act, check_goes_on, check_standing
from tasks.unit_reports.models import UnitReport
from tasks.unit_reports.scope import as_head, find


@dataclass
class ReportChange:
    """A locked report about to change: who, when, and what the audit knew of it before.

    `ended`: its unit was closed meanwhile.
    """

    session: AsyncSession
    actor: Actor
    report: UnitReport
    plan: Plan
    at: Moment
    before: dict[str, Any]
    ended: bool

    @classmethod
    async def begin(
        cls, session: AsyncSession, actor: Actor, act: Act, id_: UUID
    ) -> "ReportChange":
        """Lock for an act. Raises NotFound unless it is seen, NotAllowed unless it is theirs."""
        await find(session, actor, id_)
        report = await session.get_one(
            UnitReport, id_, with_for_update=True, populate_existing=True
        )
        at = await moment(session)
        acting = await as_head(session, actor, at.today)
        RIGHTS.check(acting, f"unit_report.{act}", report.unit_id)
        plan = await session.get_one(Plan, report.plan_id)
        ended = not (await session.get_one(Unit, report.unit_id)).active
        return cls(session, actor, report, plan, at, report.facts(), ended)

    def check(self, act: Act, expected: int) -> None:
        """Raise StaleVersion, or RuleBroken where nothing of the kind can be done with it now."""
        check_version(self.report.version, expected)
        check_standing(act, self.report.status)
        replaced = self.plan.successor_id is not None
        check_goes_on(act, ended=self.ended, replaced=replaced)

    @property
    def due_on(self) -> date:
        """The last allowed day: that of when it was handed in, else the plan's."""
        return self.report.due_on or self.plan.closes_on

    async def record(self, act: str, event: type[Event] | None = None, **facts: Any) -> None:
        """Write the next version, its line in the audit, and the event of it. Texts stay here."""
        report, reason = self.report, facts.pop("reason", None)
        report.version += 1
        events = [event.model_validate({"report": self.state(), **facts})] if event else []
        await traces.leave(
            self.session, self.actor, f"unit_report.{act}", report.id, *events,
            now=self.at.now, before=self.before, after=report.facts(), reason=reason,
        )  # fmt: skip

    def state(self) -> Any:
        """Return what other services know of it now."""
        last = self.at.calendar.last_working_day_on_or_before(self.due_on)
        return self.report.state((self.plan.title, self.plan.year), self.due_on, last)
