"""An inspection that somebody is about to change: found, locked, and theirs to change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotAllowed
from chassis.web import check_version
from contracts.events import Event
from contracts.tasks import InspectionAnnounced, InspectionNews
from tasks.calendar.moment import Moment, moment
from tasks.deadlines.days import day_text
from tasks.inspections import wordings
from tasks.inspections.domain import Act
from tasks.inspections.models import Finding, Inspection, Member
from tasks.inspections.scope import in_team, may, unknown, visible


@dataclass
class InspectionChange:
    """A locked inspection about to change: by whom, and when."""

    session: AsyncSession
    actor: Actor
    inspection: Inspection
    at: Moment

    @classmethod
    async def begin(
        cls, session: AsyncSession, actor: Actor, act: Act, id_: UUID
    ) -> "InspectionChange":
        """Lock an inspection for an act. Raises NotFound unless seen, NotAllowed unless theirs.

        Whether its state allows the act is for the act to say, once the body was read.
        """
        statement = (
            select(Inspection, in_team(actor))
            .where(Inspection.id == id_, visible(actor))
            .with_for_update(of=Inspection)
        )
        row = (await session.execute(statement)).first()
        if row is None:
            raise unknown()
        inspection, of_team = row
        if not may(actor, act, inspection, of_team=of_team):
            raise NotAllowed
        return cls(session, actor, inspection, await moment(session))

    async def leave(
        self,
        act: str,
        *,
        news: InspectionNews | None = None,
        reason: str | None = None,
        **after: object,
    ) -> None:
        """Count the version up, and write what was done. `news`: for its unit and its team."""
        self.inspection.version += 1
        events = [await self._announced(news)] if news else []
        await self.trace(act, *events, reason=reason, **after)

    async def _announced(self, news: InspectionNews) -> InspectionAnnounced:
        inspection = self.inspection
        team = select(Member.person_id).where(Member.inspection_id == inspection.id)
        return InspectionAnnounced(
            inspection=inspection.announced_state(await self.count_findings()),
            news=news,
            subject_matter=inspection.subject,
            starts_on=inspection.starts_on,
            ends_on=inspection.ends_on,
            team_ids=list(await self.session.scalars(team.order_by(Member.position))),
            records=[_named(each) for each in inspection.records if not each["received_on"]],
        )

    async def trace(
        self, act: str, *events: Event, reason: str | None = None, **after: object
    ) -> None:
        """Write what was done, and its events: figures and ids, no words of findings."""
        version = self.inspection.version_with(await self.count_findings())
        await traces.leave(
            self.session, self.actor, f"inspection.{act}", self.inspection.id, *events,
            now=self.at.now, after={"version": version, **after}, reason=reason,
        )  # fmt: skip

    async def check_version(self, seen: int) -> None:
        """Raise StaleVersion unless the actor, who knows of all findings, saw the newest."""
        check_version(self.inspection.version_with(await self.count_findings()), seen)

    async def count_findings(self) -> int:
        """Return how many findings there are."""
        count = select(func.count()).where(Finding.inspection_id == self.inspection.id)
        return (await self.session.execute(count)).scalar_one()


def _named(record: Mapping[str, Any]) -> str:
    """Return what is asked for as people are told of it, with its own day where it has one."""
    due = record.get("due_on")
    by = wordings.RECORD_DUE.format(day=day_text(date.fromisoformat(due))) if due else ""
    return f"{record['what']}{by}"
