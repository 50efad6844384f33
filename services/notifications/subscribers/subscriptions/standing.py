"""What a stored subscription takes, and where it stands."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.subscribers.subscriptions.choice import PUBLIC, known_types
from notifications.subscribers.subscriptions.matching import Filter
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position

# A webhook's place goes past what stands in the line to its receiver: that waits, too.
_IN_LINE = text("""
    SELECT count(*) AS events, min(e.kept_at) AS since,
      (array_agg(e.tx::text ORDER BY e.tx, e.seq))[1] AS tx,
      (array_agg(e.seq ORDER BY e.tx, e.seq))[1] AS seq
    FROM (
      SELECT occurred_at, event_id FROM webhook_delivery
      WHERE subscription_id = :id AND state = 'pending' AND example IS NULL
      UNION ALL
      SELECT occurred_at, event_id FROM webhook_delivery
      WHERE subscription_id = :id AND state = 'sending' AND example IS NULL
    ) AS d JOIN public_event e ON e.occurred_at = d.occurred_at AND e.id = d.event_id
    WHERE (e.tx, e.seq) <= (CAST(CAST(:tx AS text) AS xid8), :seq)
""")


class Line(NamedTuple):
    """What was taken out of the feed for a receiver and not handed over yet.

    `before`: up to there everything was handed over.
    """

    events: int
    since: datetime | None
    before: Position


def position(subscription: Subscription) -> Position:
    """Return up to where everything was handed over."""
    return Position(subscription.cursor_tx, subscription.cursor_seq)


async def line_of(session: AsyncSession, subscription: Subscription) -> Line:
    """Return what stands in the line of a subscription: only a webhook has one."""
    place = position(subscription)
    if subscription.transport != "webhook":
        return Line(0, None, place)
    given = {"id": subscription.id, "tx": str(place.tx), "seq": place.seq}
    row = (await session.execute(_IN_LINE, given)).one()
    return Line(row.events, row.since, Position(int(row.tx), row.seq - 1) if row.tx else place)


def wanted_by(subscription: Subscription) -> Filter:
    """Return what a subscription takes; its partner's scope is another matter."""
    units = subscription.unit_ids
    return filter_of(
        subscription.types, None if units is None else frozenset(units), subscription.fields
    )


def filter_of(
    types: Collection[str], units: frozenset[UUID] | None, fields: Mapping[str, Sequence[Any]]
) -> Filter:
    """Return what is taken by patterns of types (none: all), units (None: all) and fields."""
    return Filter(known_types(types) if types else frozenset(PUBLIC), units, fields)
