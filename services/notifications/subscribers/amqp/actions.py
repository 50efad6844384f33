"""A partner's queue: asked for, given a new password, and what it dropped."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.messaging.delivering import Dropped
from notifications.subscribers.amqp.domain import SALT_BYTES, hash_of
from notifications.subscribers.amqp.models import PartnerQueue
from notifications.subscribers.subscriptions.positions import Position

_COUNT = text("""
    UPDATE partner_queue SET dropped = dropped + :dropped, refused = refused + :refused,
      overflowed_at = CASE WHEN :dropped > 0 THEN now() ELSE overflowed_at END
    WHERE name = :name
""")
# The oldest counts: whoever recovers from there has everything.
_LOST = text("""
    UPDATE partner_queue SET lost_tx = CAST(CAST(:tx AS text) AS xid8), lost_seq = :seq
    WHERE name = :name AND (lost_tx IS NULL
      OR (lost_tx, lost_seq) > (CAST(CAST(:tx AS text) AS xid8), :seq))
""")
_RECOVERED = text("""
    UPDATE partner_queue q SET lost_tx = NULL, lost_seq = NULL, overflowed_at = NULL
    FROM subscription s WHERE s.id = q.subscription_id AND q.lost_tx IS NOT NULL
      AND (s.cursor_tx, s.cursor_seq) < (q.lost_tx, q.lost_seq)
      AND q.subscription_id = ANY(CAST(:ids AS uuid[]))
""")


async def ask_for(session: AsyncSession, subscription_id: UUID, most_messages: int) -> str:
    """Ask the keeper for a queue; return the password of its user, which is kept nowhere.

    Its name cannot be guessed: at a broker, whoever knows a queue's name may ask how much is in it.
    """
    password, hashed = _new_password()
    name = f"partner_{secrets.token_hex(16)}"
    session.add(
        PartnerQueue(
            subscription_id=subscription_id,
            name=name,
            password_hash=hashed,
            most_messages=most_messages,
            asked_at=await database_now(session),
        )
    )
    await session.flush()
    return password


async def rotate(session: AsyncSession, subscription_id: UUID) -> str | None:
    """Return a new password; the old one ends within seconds, with what it opened. None: no queue.

    A broker keeps one password per user, so that two cannot live at once.
    """
    password, hashed = _new_password()
    changed = await session.scalar(
        update(PartnerQueue)
        .where(PartnerQueue.subscription_id == subscription_id)
        .values(password_hash=hashed, settled_at=None)
        .returning(PartnerQueue.subscription_id)
    )
    return password if changed else None


async def note_dropped(
    session: AsyncSession, dropped: Iterable[tuple[Dropped, Position | None]]
) -> None:
    """Count what queues dropped, and remember the oldest that partners have not read.

    Each comes with its position; None when the message does not say it.
    """
    by_queue: dict[str, list[tuple[Dropped, Position | None]]] = defaultdict(list)
    for one in dropped:
        by_queue[one[0].queue].append(one)
    for name, ones in sorted(by_queue.items()):
        full = [position for one, position in ones if one.overflowed]
        counts = {"dropped": len(full), "refused": len(ones) - len(full)}
        await session.execute(_COUNT, {"name": name, **counts})
        if known := [position for position in full if position is not None]:
            oldest = min(known)
            await session.execute(_LOST, {"name": name, "tx": str(oldest.tx), "seq": oldest.seq})


async def forget_recovered(session: AsyncSession, ids: Sequence[UUID]) -> None:
    """Forget the overflow of subscriptions whose position was put back before what was lost."""
    await session.execute(_RECOVERED, {"ids": list(ids)})


def _new_password() -> tuple[str, str]:
    password = secrets.token_urlsafe(32)
    return password, hash_of(password, secrets.token_bytes(SALT_BYTES))
