"""Reports that are never to be signed: kept, with who put them aside and why."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import audit_entry, person
from chassis.web import ResponseBody
from reporting.reports.domain import DISCARDED
from reporting.reports.models import Report


class Discarded(ResponseBody):
    """Who put a report aside, when and why."""

    by_name: str | None
    at: datetime
    reason: str | None


async def discarded(session: AsyncSession, report: Report) -> Discarded | None:
    """Return who put a report aside; None: nobody did."""
    if report.state != "discarded":
        return None
    entry = audit_entry.c
    wanted = (
        select(person.c.name.label("by_name"), entry.recorded_at.label("at"), entry.reason)
        .select_from(audit_entry.outerjoin(person, person.c.id == entry.actor_id))
        .where(entry.subject_id == report.id, entry.action == DISCARDED)
    )
    return Discarded.model_validate((await session.execute(wanted)).one(), from_attributes=True)
