"""Where the public events end for now."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.subscribers.subscriptions.positions import BEGINNING, Position

TAIL = """
    SELECT tx, seq FROM public_event WHERE tx < {below} ORDER BY tx DESC, seq DESC LIMIT 1
"""
"""The newest event kept by a transaction before another."""
_HORIZON = "coalesce(CAST(CAST(:below AS text) AS xid8), pg_snapshot_xmin(pg_current_snapshot()))"
_TAIL = text(f"SELECT tx::text AS tx, seq FROM ({TAIL.format(below=_HORIZON)}) AS tail")  # noqa: S608


async def tail(session: AsyncSession, *, below: int | None = None) -> Position:
    """Return the position of now: behind everything that nothing can still come before.

    `below`: the horizon of a snapshot that was read by, to stay within it.
    """
    row = (await session.execute(_TAIL, {"below": None if below is None else str(below)})).first()
    return Position(int(row.tx), row.seq) if row else BEGINNING
