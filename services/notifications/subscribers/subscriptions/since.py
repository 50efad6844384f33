"""Where the public events of a time begin."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.subscribers.subscriptions.positions import Position
from notifications.subscribers.subscriptions.tail import tail

_FIRST = text("""
    SELECT tx::text AS tx, seq FROM public_event WHERE occurred_at >= :since
    ORDER BY public_event.tx, seq LIMIT 1
""")


async def since(session: AsyncSession, moment: datetime) -> Position:
    """Return the position before the first event kept that happened then or later."""
    row = (await session.execute(_FIRST, {"since": moment})).first()
    return Position(int(row.tx), row.seq - 1) if row else await tail(session)
