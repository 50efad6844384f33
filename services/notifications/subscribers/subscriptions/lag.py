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
MOST_IN_A_LIST = 5000
"""Events that are looked at for all of a list: a partner may have a hundred that are far behind."""
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

    def beside(self, events: int, since: datetime | None, now: datetime) -> "Lag":
        """Return it with others that wait, too, the oldest of them since a moment."""
        waited = 0.0 if since is None else round((now - since).total_seconds(), 1)
        return Lag(self.events + events, max(self.seconds, waited), self.more)


def most_of_each(subscriptions: int) -> int:
    """Return how many events are looked at for each of a list."""
    return min(MOST_COUNTED, MOST_IN_A_LIST // max(subscriptions, 1))


async def lag_of(
    session: AsyncSession, wanted: Filter, seen: Position, now: datetime, most: int = MOST_COUNTED
) -> Lag:
    """Return how far somebody who wants some events and has seen a position is behind."""
    rows = (await session.execute(_WAITING, {**_given(wanted, seen), "limit": most})).all()
    waiting = [
        row.kept_at
        for row in rows
        if row.envelope is None or takes(wanted, json.loads(row.envelope))
    ]
    seconds = max(0.0, (now - waiting[0]).total_seconds()) if waiting else 0.0
    return Lag(len(waiting), round(seconds, 1), more=len(rows) == most)


def _given(wanted: Filter, seen: Position) -> dict[str, Any]:
    types, units = wanted.types, wanted.unit_ids
    return {
        "tx": str(seen.tx),
        "seq": seen.seq,
        "types": None if types is None else list(types),
        "units": None if units is None else list(units),
        "read": bool(wanted.fields),
    }
