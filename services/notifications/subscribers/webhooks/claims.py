"""Which deliveries are next. A claim holds for a lease; past it the event goes again, same id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from chassis.database import Database
from notifications.partners.domain import EventScope

LEASE = timedelta(seconds=60)  # four times the longest attempt
AT_ONCE = 4  # deliveries on their way to a receiver that answers
_EXAMPLES = 10

_LOST = text("""
    UPDATE webhook_delivery SET state = 'pending', lease_until = NULL, next_attempt_at = now()
    WHERE id IN (SELECT id FROM webhook_delivery WHERE state = 'sending' AND lease_until < now()
      FOR UPDATE SKIP LOCKED)
""")
_RELEASE = text("""
    UPDATE webhook_delivery SET state = 'pending', lease_until = NULL
    WHERE id = ANY(CAST(:ids AS uuid[])) AND state = 'sending'
""")
# Receivers for whom nothing waits are not looked at: from one that has something the index leads to
# the next. Of a receiver that fails, one at a time: that which has waited through most attempts, so
# that its three days are counted. An example asks for neither state nor turn.
_CLAIM = text("""
    WITH RECURSIVE waiting AS (
      (SELECT subscription_id AS id FROM webhook_delivery
        WHERE state = 'pending' AND example IS NULL ORDER BY subscription_id LIMIT 1)
      UNION ALL
      SELECT following.id FROM waiting CROSS JOIN LATERAL (
        SELECT subscription_id AS id FROM webhook_delivery
        WHERE state = 'pending' AND example IS NULL AND subscription_id > waiting.id
        ORDER BY subscription_id LIMIT 1) AS following
    ), room AS (
      SELECT s.id, s.failures_in_row, least(CASE WHEN s.failures_in_row > 0 THEN 1 END,
        coalesce(f.most, 1), s.rate_per_second) - coalesce(f.flying, 0) AS free
      FROM waiting JOIN subscription s ON s.id = waiting.id
      LEFT JOIN webhook_target t ON t.subscription_id = s.id
      LEFT JOIN unnest(CAST(:ids AS uuid[]), CAST(:flying AS integer[]), CAST(:mosts AS integer[]))
        AS f (id, flying, most) ON f.id = s.id
      JOIN partner p ON p.id = s.partner_id AND p.revoked_at IS NULL
        AND p.expires_on >= CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)
      WHERE s.transport = 'webhook' AND s.state = 'active'
        AND (t.hold_until IS NULL OR t.hold_until <= now())
        AND EXISTS (SELECT FROM webhook_secret w WHERE w.subscription_id = s.id)
    ), due AS (
      SELECT d.id FROM room CROSS JOIN LATERAL (
        SELECT id FROM webhook_delivery WHERE subscription_id = room.id
          AND state = 'pending' AND example IS NULL AND next_attempt_at <= now()
        ORDER BY next_attempt_at LIMIT room.free FOR UPDATE SKIP LOCKED) AS d
      WHERE room.free > 0 AND room.failures_in_row = 0
    ), probe AS (
      SELECT d.id FROM room CROSS JOIN LATERAL (
        SELECT id FROM webhook_delivery WHERE subscription_id = room.id
          AND state = 'pending' AND example IS NULL AND next_attempt_at <= now()
        ORDER BY attempts DESC, next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS d
      WHERE room.free > 0 AND room.failures_in_row > 0
    ), example AS (
      SELECT id FROM webhook_delivery
      WHERE state = 'pending' AND example IS NOT NULL AND next_attempt_at <= now()
      ORDER BY next_attempt_at LIMIT :examples FOR UPDATE SKIP LOCKED
    ), taken AS (
      (SELECT id FROM example UNION ALL SELECT id FROM due UNION ALL SELECT id FROM probe)
      LIMIT :most
    ), sending AS (
      UPDATE webhook_delivery d SET state = 'sending', attempts = attempts + 1,
        lease_until = now() + CAST(:lease AS interval)
      FROM taken WHERE d.id = taken.id
      RETURNING d.id, d.subscription_id, d.event_id, d.occurred_at, d.attempts, d.example
    )
    SELECT d.id, d.subscription_id, d.event_id, d.attempts, d.example IS NOT NULL AS is_example,
      e.type, e.unit_ids, p.id AS partner_id, p.event_types AS may_types, p.unit_ids AS may_units,
      coalesce(d.example, nullif(e.envelope, '')) AS body, s.url, s.rate_per_second,
      ARRAY(SELECT secret FROM webhook_secret w WHERE w.subscription_id = d.subscription_id
        AND (w.ends_at IS NULL OR w.ends_at > now()) ORDER BY w.created_at DESC) AS secrets
    FROM sending d JOIN subscription s ON s.id = d.subscription_id
    JOIN partner p ON p.id = s.partner_id
    LEFT JOIN public_event e ON e.occurred_at = d.occurred_at AND e.id = d.event_id
""")

_WITHDRAW = text("""
    UPDATE webhook_delivery SET state = 'failed', lease_until = NULL, error = :error
    WHERE id = ANY(CAST(:ids AS uuid[]))
""")
WITHDRAWN = "not sent: the partner may not have it any more"


@dataclass(frozen=True, slots=True)
class Places:
    """How many deliveries are on their way to a receiver from here, and how many may be."""

    flying: int
    most: int


@dataclass(frozen=True)
class Claim:
    """One delivery that this process sends now. `attempts`: this one included.

    `body` None: the event is older than what is kept.
    """

    id: UUID
    subscription_id: UUID
    event_id: UUID
    attempts: int
    is_example: bool
    body: str | None
    url: str
    rate_per_second: int | None
    secrets: list[str]

    def __repr__(self) -> str:
        """Name it without its secrets: it may be logged."""
        return f"Claim({self.id}, attempts={self.attempts})"


async def find_lost(database: Database) -> None:
    """Bring what a process left behind that has gone back into the line."""
    async with database.at_once.connect() as connection:
        await connection.execute(_LOST)


async def release(database: Database, ids: Sequence[UUID]) -> None:
    """Put claimed deliveries back: the process ends before it knows what became of them."""
    async with database.sessions.begin() as session:
        await session.execute(_RELEASE, {"ids": list(ids)})


async def claim(database: Database, places: Mapping[UUID, Places], most: int) -> list[Claim]:
    """Claim up to `most` deliveries that are due, one per receiver or as `places` says.

    What its partner may not have any more is withdrawn instead: a scope counts when something
    leaves, not only when it was put in the line.
    """
    given = {
        "ids": list(places), "flying": [each.flying for each in places.values()],
        "mosts": [each.most for each in places.values()], "most": most, "lease": LEASE,
        "examples": _EXAMPLES,
    }  # fmt: skip
    async with database.at_once.connect() as connection:
        rows = (await connection.execute(_CLAIM, given)).all()
        withdrawn = [row.id for row in rows if not _may_leave(row)]
        if withdrawn:
            await connection.execute(_WITHDRAW, {"ids": withdrawn, "error": WITHDRAWN})
    left = set(withdrawn)
    return [_claim(row) for row in rows if row.id not in left]


def _may_leave(row: Row[Any]) -> bool:
    """Tell whether a partner may still have an event; there is no event behind an example."""
    if row.is_example or row.body is None:
        return True
    units = None if row.may_units is None else frozenset(row.may_units)
    return EventScope(row.partner_id, tuple(row.may_types), units).covers(row.type, row.unit_ids)


def _claim(row: Row[Any]) -> Claim:
    return Claim(**{each.name: getattr(row, each.name) for each in fields(Claim)})
