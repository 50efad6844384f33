"""Where the public events end for now."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.subscribers.subscriptions.positions import BEGINNING, Position

TAIL = """
    SELECT tx, seq FROM public_event WHERE tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY tx DESC, seq DESC LIMIT 1
"""
"""The newest event that nothing can still come before."""
_TAIL = text(f"SELECT tx::text AS tx, seq FROM ({TAIL}) AS tail")  # noqa: S608 - ours


async def tail(session: AsyncSession) -> Position:
    """Return the position of now: behind everything that nothing can still come before."""
    row = (await session.execute(_TAIL)).first()
    return Position(int(row.tx), row.seq) if row else BEGINNING
