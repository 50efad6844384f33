"""What every service's clock keeps tidy: partitions ahead, old inbox days and answers gone."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.live import purge_live_events
from chassis.schedule import Schedule
from chassis.web import purge_idempotency_keys

INBOX_DAYS = 14

_OLD_INBOX = text("""
    DELETE FROM inbox WHERE state = 'done' AND day < CAST(:oldest AS date)
    AND received_at < now() - interval '14 days'
""")


async def add_partitions(session: AsyncSession, now: datetime) -> None:
    """Add the log's partitions of this and the next two months."""
    year, month = now.year, now.month
    for _ in range(3):
        following = (year + month // 12, month % 12 + 1)
        await session.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS event_log_{year}_{month:02} PARTITION OF event_log "
                f"FOR VALUES FROM ('{year}-{month:02}-01') "
                f"TO ('{following[0]}-{following[1]:02}-01')"
            )
        )
        year, month = following


async def forget_old_inbox_rows(session: AsyncSession, now: datetime) -> None:
    """Delete what was handled more than 14 days ago; older duplicates meet the stored versions."""
    await session.execute(_OLD_INBOX, {"oldest": (now - timedelta(days=INBOX_DAYS)).date()})


def tidied(schedule: Schedule, *, with_live: bool) -> Schedule:
    """Return a service's periodic work together with the chassis' own."""
    schedule = Schedule(schedule)
    schedule.every(timedelta(hours=6))(add_partitions)
    schedule.every(timedelta(hours=1))(forget_old_inbox_rows)
    schedule.every(timedelta(hours=1))(purge_idempotency_keys)
    schedule.every(timedelta(minutes=1))(audit.seal)
    if with_live:
        schedule.every(timedelta(hours=1))(purge_live_events)
    return schedule
