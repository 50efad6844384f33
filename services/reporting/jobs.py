"""Reporting's clock: figures that wait for their second, and figures that move with the day."""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.database import Database, is_away
from chassis.schedule import Schedule
from reporting.indices import announcing
from reporting.models import plan, touched

log = structlog.get_logger()
schedule = Schedule()
IDLE = 1.0  # seconds; for figures that another process touched
TICK = 0.2  # seconds; on top of the one between two announcements of a figure


async def announce_what_waited(database: Database) -> None:
    """Announce, for ever, what answers touched, and what waited for its second to pass."""
    while True:
        waiting = False
        try:
            async with database.sessions.begin() as session:
                await announcing.announce_due(session, await database_now(session))
                waiting = await announcing.anything_waits(session)
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("database_away", loop="announce_what_waited")
        await _pause(TICK if waiting else IDLE)


async def _pause(seconds: float) -> None:
    """Wait, but no longer than until this process touches a figure."""
    try:
        async with asyncio.timeout(seconds):
            await announcing.left_waiting.wait()
    except TimeoutError:
        return
    announcing.left_waiting.clear()
    await asyncio.sleep(TICK)


@schedule.every(timedelta(minutes=1))
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
