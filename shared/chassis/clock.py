"""Time: instants in UTC from the database's clock, days in the department's time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


async def database_now(session: AsyncSession) -> datetime:
    """Return the start of the session's transaction, in UTC, by the database's clock."""
    now: datetime = (await session.execute(text("SELECT now()"))).scalar_one()
    return now.astimezone(UTC)


def local_date(now: datetime) -> date:
    """Return the calendar day of an instant in Asia/Ho_Chi_Minh."""
    return now.astimezone(TIME_ZONE).date()
