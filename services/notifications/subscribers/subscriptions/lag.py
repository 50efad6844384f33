"""How far a subscription is behind: events that wait for it, and since when the oldest does."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.subscribers.subscriptions.matching import Filter, takes
from notifications.subscribers.subscriptions.positions import Position

MOST_COUNTED = 1000
"""Events that are looked at; what is further behind is `more`."""
_WAITING = text("""
    SELECT kept_at, CASE WHEN :read THEN envelope END AS envelope FROM public_event
    WHERE (tx, seq) > (CAST(CAST(:tx AS text) AS xid8), :seq)
    AND (CAST(:types AS text[]) IS NULL OR type = ANY(CAST(:types AS text[])))
    AND (CAST(:units AS uuid[]) IS NULL OR unit_ids && CAST(:units AS uuid[]))
    ORDER BY tx, seq LIMIT :limit
""")


@dataclass(frozen=True)
class Lag:
    """What waits. `events` is exact unless `more`; `seconds` is 0 when nothing waits."""

    events: int
    seconds: float
    more: bool


async def lag_of(session: AsyncSession, wanted: Filter, seen: Position, now: datetime) -> Lag:
    """Return how far somebody who wants some events and has seen a position is behind."""
    rows = (await session.execute(_WAITING, _given(wanted, seen))).all()
    waiting = [
        row.kept_at
        for row in rows
        if row.envelope is None or takes(wanted, json.loads(row.envelope))
    ]
    seconds = max(0.0, (now - waiting[0]).total_seconds()) if waiting else 0.0
    return Lag(len(waiting), round(seconds, 1), more=len(rows) == MOST_COUNTED)


def _given(wanted: Filter, seen: Position) -> dict[str, Any]:
    types, units = wanted.types, wanted.unit_ids
    return {
        "tx": str(seen.tx),
        "seq": seen.seq,
        "types": None if types is None else list(types),
        "units": None if units is None else list(units),
        "read": bool(wanted.fields),
        "limit": MOST_COUNTED,
    }
