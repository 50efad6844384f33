"""Where a reader begins: at a time, behind a cursor, at the beginning, or now."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.subscribers.subscriptions.positions import BEGINNING, Position, position_of
from notifications.subscribers.subscriptions.tail import check_reached, tail

NOW = "now"
# Only below the horizon: an older writer may still put something in front of what stands above it.
_FIRST = text("""
    SELECT tx::text AS tx, seq FROM public_event
    WHERE occurred_at >= :since AND public_event.tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY public_event.tx, seq LIMIT 1
""")


async def since(session: AsyncSession, moment: datetime) -> Position:
    """Return the position before the first event kept that happened then or later."""
    row = (await session.execute(_FIRST, {"since": moment})).first()
    return Position(int(row.tx), row.seq - 1) if row else await tail(session)


async def start_behind(session: AsyncSession, after: str, secret: bytes) -> Position:
    """Return the position a body names: a cursor, empty for the beginning, `now` for what comes.

    Raises InvalidInput, and RuleBroken for one from after the database was put back.
    """
    if after == NOW:
        return await tail(session)
    start = position_of(after, secret, source=None) if after else BEGINNING
    await check_reached(session, start)
    return start
