"""Public events become deliveries: one per receiver that wants it.

A subscription's cursor moves in the transaction that stores its deliveries, so that none is lost
and none is stored twice. Subscriptions at the same position are served by one reading.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.database import Database
from chassis.ids import new_id
from notifications.partners.callers import scope_of_partner
from notifications.partners.models import Partner
from notifications.subscribers.feed.reading import Slice, behind
from notifications.subscribers.subscriptions.matching import Filter, takes, within
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position
from notifications.subscribers.subscriptions.scope import scope_filter
from notifications.subscribers.subscriptions.standing import wanted_by

PAGE = 500  # events at once
MOST_WAITING = 1000
"""Deliveries that wait for one receiver; the events behind stay behind its cursor until then."""

_POSITIONS = text("""
    SELECT DISTINCT cursor_tx::text AS tx, cursor_seq AS seq FROM subscription
    WHERE transport = 'webhook' AND state = 'active' AND NOT id = ANY(CAST(:full AS uuid[]))
""")
_FULL = text("""
    SELECT subscription_id FROM webhook_delivery WHERE state = 'pending' AND example IS NULL
    GROUP BY subscription_id HAVING count(*) >= :most
""")
_STANDING = text("""
    SELECT id FROM subscription WHERE transport = 'webhook' AND state = 'active'
    AND (cursor_tx, cursor_seq) = (CAST(CAST(:tx AS text) AS xid8), :seq)
    AND NOT id = ANY(CAST(:full AS uuid[]))
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
""")
# One that was delivered before, or failed, comes again when its subscription was set back.
_STORE = text("""
    INSERT INTO webhook_delivery
      (id, subscription_id, event_id, event_type, occurred_at, next_attempt_at, created_at)
    SELECT *, now(), now() FROM unnest(CAST(:ids AS uuid[]), CAST(:subscriptions AS uuid[]),
      CAST(:events AS uuid[]), CAST(:types AS text[]), CAST(:times AS timestamptz[]))
    ON CONFLICT (subscription_id, event_id) DO UPDATE SET state = 'pending', attempts = 0,
      next_attempt_at = now(), delivered_at = NULL
    WHERE webhook_delivery.state IN ('delivered', 'failed')
""")
_MOVE = text("""
    UPDATE subscription SET cursor_tx = CAST(CAST(:tx AS text) AS xid8), cursor_seq = :seq
    WHERE id = ANY(CAST(:ids AS uuid[]))
""")


async def full(database: Database) -> list[UUID]:
    """Return the subscriptions for which enough waits."""
    async with database.sessions() as session:
        return list(await session.scalars(_FULL, {"most": MOST_WAITING}))


async def spread(database: Database, full: Sequence[UUID] = ()) -> bool:
    """Store one page of deliveries for each position; return whether more is known to wait."""
    async with database.sessions() as session:
        found = await session.execute(_POSITIONS, {"full": list(full)})
        positions = [Position(int(row.tx), row.seq) for row in found]
    return any([await _from(database, each, full) for each in sorted(positions)])


async def _from(database: Database, position: Position, full: Sequence[UUID]) -> bool:
    async with database.sessions.begin() as session:
        page = await behind(session, position, Filter(), PAGE)
        if page.next == position:
            return False
        given = {"tx": str(position.tx), "seq": position.seq, "full": list(full)}
        ids = list(await session.scalars(_STANDING, given))
        if ids:
            await _store(session, ids, page)
            moved = {"tx": str(page.next.tx), "seq": page.next.seq, "ids": ids}
            await session.execute(_MOVE, moved)
    return not page.complete


async def _store(session: AsyncSession, ids: Sequence[UUID], page: Slice) -> None:
    events = [json.loads(each) for each in page.envelopes]
    wanted = await _wanted(session, ids)
    rows = [(id_, event) for id_, each in wanted.items() for event in events if takes(each, event)]
    if rows:
        await session.execute(_STORE, _columns(rows))


async def _wanted(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Filter]:
    """Return what each takes of what its partner may have as it stands now."""
    now = await database_now(session)
    found = (await session.scalars(select(Subscription).where(Subscription.id.in_(ids)))).all()
    partners = {each.partner_id for each in found}
    known = (await session.scalars(select(Partner).where(Partner.id.in_(partners)))).all()
    scopes = {
        each.id: scope_filter(await scope_of_partner(session, each.id, now)) for each in known
    }
    return {each.id: within(wanted_by(each), scopes[each.partner_id]) for each in found}


def _columns(rows: Sequence[tuple[UUID, Mapping[str, Any]]]) -> dict[str, Any]:
    return {
        "ids": [new_id() for _ in rows],
        "subscriptions": [id_ for id_, _ in rows],
        "events": [UUID(event["id"]) for _, event in rows],
        "types": [event["type"] for _, event in rows],
        "times": [datetime.fromisoformat(event["time"]) for _, event in rows],
    }
