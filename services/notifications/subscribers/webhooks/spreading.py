"""Public events become deliveries: one per receiver that wants it.

A subscription's cursor moves in the statement that stores its deliveries, so that none is lost and
none is stored twice, whoever else does the same.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from chassis.database import Database
from chassis.ids import new_id
from notifications.subscribers.feed.following import (
    FOLLOWERS,
    MOVED,
    Event,
    Following,
    Handed,
    places,
)

MOST_WAITING = 1000
"""Deliveries that wait for one receiver; the events behind stay behind its cursor until then."""

_WEBHOOKS = text(
    FOLLOWERS.format(
        more="",
        joined="",
        those="s.transport = 'webhook' AND NOT s.id = ANY(CAST(:full AS uuid[]))",
    )
)
_FULL = text("""
    SELECT subscription_id FROM webhook_delivery WHERE state = 'pending' AND example IS NULL
    GROUP BY subscription_id HAVING count(*) >= :most
""")
# One that was delivered before, or failed, comes again when its subscription was set back.
_STORE = text(f"""
    WITH {MOVED.format(also="")}, stored AS (
      INSERT INTO webhook_delivery
        (id, subscription_id, event_id, event_type, occurred_at, next_attempt_at, created_at)
      SELECT d.*, now(), now() FROM unnest(CAST(:deliveries AS uuid[]), CAST(:receivers AS uuid[]),
        CAST(:events AS uuid[]), CAST(:types AS text[]), CAST(:times AS timestamptz[]))
        AS d (id, receiver, event_id, type, occurred_at) JOIN moved ON moved.id = d.receiver
      ON CONFLICT (subscription_id, event_id) DO UPDATE SET state = 'pending', attempts = 0,
        next_attempt_at = now(), delivered_at = NULL
      WHERE webhook_delivery.state IN ('delivered', 'failed')
    )
    SELECT id FROM moved
""")  # noqa: S608 - no value from outside


class Spread(NamedTuple):
    """What one look did. `more`: it is known that something else is to be spread in a moment."""

    stored: bool
    more: bool


class Spreading:
    """Takes webhooks past what was kept. Any number of processes may."""

    def __init__(self) -> None:
        self._following = Following(_WEBHOOKS)

    @property
    def anybody(self) -> bool:
        """Whether there was a webhook at the last step."""
        return self._following.anybody

    async def step(self, database: Database, full: Sequence[UUID] = ()) -> Spread:
        """Store one page of deliveries for each of those who are not full."""
        stored = more = False
        async for page, followers in self._following.pages(database, full=list(full)):
            handed = [Handed(each, page.taken_by(each), page.end) for each in followers]
            if due := self._following.due(handed):
                await _store(database, due)
            stored = stored or any(each.events for each in due)
            more = more or page.is_full or page.held
        return Spread(stored, more)


async def full(database: Database) -> list[UUID]:
    """Return the subscriptions for which enough waits."""
    async with database.at_once.connect() as connection:
        return list((await connection.execute(_FULL, {"most": MOST_WAITING})).scalars())


async def _store(database: Database, due: Sequence[Handed]) -> None:
    rows = list(chain.from_iterable(((h.follower.id, e) for e in h.events) for h in due))
    async with database.at_once.connect() as connection:
        await connection.execute(_STORE, {**places(due), **_columns(rows)})


def _columns(rows: Sequence[tuple[UUID, Event]]) -> dict[str, Any]:
    return {
        "deliveries": [new_id() for _ in rows],
        "receivers": [id_ for id_, _ in rows],
        "events": [event.id for _, event in rows],
        "types": [event.type for _, event in rows],
        "times": [event.occurred_at for _, event in rows],
    }
