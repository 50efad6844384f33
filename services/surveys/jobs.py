"""Periodic work: rounds end with their last day."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.schedule import Schedule
from surveys.closing import actions as closing

schedule = Schedule()


@schedule.every(timedelta(minutes=1))
async def close_ended_rounds(session: AsyncSession, now: datetime) -> None:
    """Close every round whose last day is over."""
    await closing.close_ended(session, now)
