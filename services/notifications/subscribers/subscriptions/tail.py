"""Where the public events end for now."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from notifications.subscribers.subscriptions.positions import BEGINNING, Position

TAIL = """
    SELECT tx, seq FROM public_event WHERE tx < {below} ORDER BY tx DESC, seq DESC LIMIT 1
"""
"""The newest event kept by a transaction before another."""
_HORIZON = "coalesce(CAST(CAST(:below AS text) AS xid8), pg_snapshot_xmin(pg_current_snapshot()))"
_AHEAD = Sentence(
    N_(
        "Con trỏ này mới hơn dữ liệu hiện có, vì hệ thống đã được khôi phục từ bản sao lưu: hãy "
        "đọc lại từ GET /v1/events?snapshots=true"
    )
)
_REACHED = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
_TAIL = text(f"SELECT tx::text AS tx, seq FROM ({TAIL.format(below=_HORIZON)}) AS tail")  # noqa: S608


async def tail(session: AsyncSession, *, below: int | None = None) -> Position:
    """Return the position of now: behind everything that nothing can still come before.

    `below`: the horizon of a snapshot that was read by, to stay within it.
    """
    row = (await session.execute(_TAIL, {"below": None if below is None else str(below)})).first()
    return Position(int(row.tx), row.seq) if row else BEGINNING


async def check_reached(session: AsyncSession, position: Position) -> None:
    """Raise RuleBroken for a position that nobody can have reached: who stood there would miss."""
    check_below(position, int(await session.scalar(_REACHED)))


def check_below(position: Position, horizon: int) -> None:
    """Raise RuleBroken unless a position is one of before a horizon: the database was put back."""
    if position.tx >= horizon:
        raise RuleBroken("cursor_ahead", _AHEAD)
