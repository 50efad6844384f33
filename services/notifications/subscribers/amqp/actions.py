"""A partner's queue: asked for, given a new password, and what it dropped."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.messaging.delivering import Dropped
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from notifications.subscribers.amqp.domain import SALT_BYTES, hash_of
from notifications.subscribers.amqp.models import PartnerQueue
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position

_NO_QUEUE = N_(
    "Đăng ký nhận tin «{name}» chưa có hàng đợi: hãy lấy mật khẩu trước "
    "(POST /v1/subscriptions/…/credentials)"
)
_NOT_AMQP = N_("Đăng ký nhận tin «{name}» không nhận qua AMQP nên không có hàng đợi và mật khẩu")
_NOT_OFFERED = N_("Nơi này không mở hàng đợi AMQP: hãy nhận qua feed hoặc webhook")
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
RECOVERED = """
    recovered AS (
      UPDATE partner_queue q SET lost_tx = NULL, lost_seq = NULL, overflowed_at = NULL
      FROM subscription s WHERE s.id = q.subscription_id AND q.lost_tx IS NOT NULL
        AND (s.cursor_tx, s.cursor_seq) < (q.lost_tx, q.lost_seq)
        AND q.subscription_id = ANY(CAST(:ids AS uuid[]))
    )
"""
"""A step of a statement: the overflow of those is forgotten that were put back before it."""


class Given(NamedTuple):
    """What a user of the broker is called, and its password, which is kept nowhere."""

    name: str
    password: str


async def queue_of(session: AsyncSession, subscription: Subscription) -> PartnerQueue:
    """Return the queue of a subscription. Raises RuleBroken when it has none, or never will."""
    _check_transport(subscription)
    queue = await session.get(PartnerQueue, subscription.id)
    if queue is None:
        raise RuleBroken("queue_not_asked_for", Sentence(_NO_QUEUE, {"name": subscription.name}))
    return queue


async def give(
    session: AsyncSession, actor: Actor, subscription: Subscription, most_messages: int
) -> Given:
    """Ask the keeper for a queue, or for a new password of the one there is.

    A broker keeps one password per user: the old one ends within seconds, with what it opened.
    `most_messages`: what the queue may hold; 0: none are offered. Raises RuleBroken.
    """
    _check_transport(subscription)
    if not most_messages:
        raise RuleBroken("queues_not_offered", Sentence(_NOT_OFFERED))
    given = await rotate(session, subscription.id)
    if given is None:
        given = await ask_for(session, subscription.id, most_messages)
    now = await database_now(session)
    act, about = "subscription.credentials", subscription.id
    await traces.leave(session, actor, act, about, now=now, after={"user": given.name})
    return given


async def ask_for(session: AsyncSession, subscription_id: UUID, most_messages: int) -> Given:
    """Ask for a queue, whose name cannot be guessed: who knows it may ask how much is in it."""
    given = Given(f"partner_{secrets.token_hex(16)}", secrets.token_urlsafe(32))
    session.add(
        PartnerQueue(
            subscription_id=subscription_id,
            name=given.name,
            password_hash=_hashed(given.password),
            most_messages=most_messages,
            asked_at=await database_now(session),
        )
    )
    await session.flush()
    return given


async def rotate(session: AsyncSession, subscription_id: UUID) -> Given | None:
    """Ask for a new password; None: there is no queue."""
    password = secrets.token_urlsafe(32)
    name: str | None = await session.scalar(
        update(PartnerQueue)
        .where(PartnerQueue.subscription_id == subscription_id)
        .values(password_hash=_hashed(password), settled_at=None)
        .returning(PartnerQueue.name)
    )
    return None if name is None else Given(name, password)


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


def _hashed(password: str) -> str:
    return hash_of(password, secrets.token_bytes(SALT_BYTES))


def _check_transport(subscription: Subscription) -> None:
    if subscription.transport != "amqp":
        raise RuleBroken("subscription_not_amqp", Sentence(_NOT_AMQP, {"name": subscription.name}))
