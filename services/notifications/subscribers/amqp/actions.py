"""A partner's queue: asked for, given a new password, and what becomes of what it held."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.delivering import Dropped
from chassis.messaging.outside import Measure
from notifications.subscribers.amqp.domain import SALT_BYTES, Load, earlier_of, hash_of
from notifications.subscribers.amqp.models import PartnerQueue

# Where an event stands that was dropped decides from where to recover; the oldest counts.
_DROPPED = text("""
    WITH lost AS (
      SELECT queue, count(*) FILTER (WHERE overflowed) AS dropped,
        count(*) FILTER (WHERE NOT overflowed) AS refused,
        min(ROW(p.tx, p.seq)) FILTER (WHERE overflowed) AS oldest
      FROM unnest(CAST(:queues AS text[]), CAST(:ids AS uuid[]), CAST(:overflowed AS boolean[]))
        AS d(queue, id, overflowed)
      LEFT JOIN public_event p ON p.id = d.id GROUP BY queue
    )
    SELECT 1
""")
_COUNT = text("""
    UPDATE partner_queue SET dropped = dropped + :dropped, refused = refused + :refused,
      overflowed_at = CASE WHEN :dropped > 0 THEN CAST(:now AS timestamptz) ELSE overflowed_at END
    WHERE name = :name
""")


async def ask_for(
    session: AsyncSession, subscription_id: UUID, most_messages: int, now: datetime
) -> str:
    """Ask the keeper for a queue; return the password of its user, which is kept nowhere.

    Its name cannot be guessed: at a broker, whoever knows a queue's name may ask how much is in it.
    """
    password = secrets.token_urlsafe(32)
    session.add(
        PartnerQueue(
            subscription_id=subscription_id,
            name=f"partner_{secrets.token_hex(16)}",
            password_hash=hash_of(password, secrets.token_bytes(SALT_BYTES)),
            most_messages=most_messages,
            asked_at=now,
        )
    )
    await session.flush()
    return password
