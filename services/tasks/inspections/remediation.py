"""By when findings are to be remedied: so many days after the day of the conclusion notice."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.calendar.moment import Moment
from tasks.deadlines import Frame, read_deadline
from tasks.inspections import wordings
from tasks.inspections.models import InspectionRule


async def remediation_deadline(session: AsyncSession) -> str:
    """Return the deadline of remediations, in the words that their assignments have."""
    days = (await session.execute(select(InspectionRule.remediation_days))).scalar_one()
    return wordings.DEADLINE.format(days=days)


async def due_if_concluded_today(session: AsyncSession, at: Moment) -> date | None:
    """Return the last allowed day of remediations if the notice were of today."""
    frame = Frame(at.today.year, None, at.calendar)
    rule = read_deadline(await remediation_deadline(session), frame).rule
    return rule.due_on(at.today, at.calendar) if rule else None
