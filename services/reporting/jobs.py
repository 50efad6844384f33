"""Reporting's clock: figures that wait for their second, and figures that move with the day."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.database import Database, is_away
from reporting.actions import announcing
from reporting.models import plan, touched

log = structlog.get_logger()
TICK = (
    0.2  # seconds; a figure touched within a second of its last announcement waits this much more
)


async def announce_what_waited(database: Database) -> None:
    """Announce, for ever, what was touched while its last announcement was under a second old."""
    while True:
        try:
            async with database.sessions.begin() as session:
                await announcing.announce_due(session, await database_now(session))
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("database_away", loop="announce_what_waited")
        await asyncio.sleep(TICK)


async def new_day(session: AsyncSession, now: datetime) -> None:
    """Touch the active plans' figures once a day: what is due changes without any event."""
    today = local_date(now).isoformat()
    seen = await session.execute(
        select(touched.c.since).where(touched.c.kind == "day", touched.c.scope == today)
    )
    if seen.first() is not None:
        return
    await session.execute(touched.insert().values(kind="day", scope=today))
    rows = (
        await session.execute(select(plan.c.id, plan.c.year).where(plan.c.status == "active"))
    ).all()
    touches = [("completion", str(row.id)) for row in rows]
    touches += [("par", str(row.year)) for row in rows]
    await announcing.touch(session, touches, now)
