"""A receiver's secrets, an example to try the way, one delivery again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.outside import outside
from contracts.samples import example
from notifications.partners.domain import check_changeable
from notifications.partners.models import Partner
from notifications.subscribers.subscriptions.actions import visible
from notifications.subscribers.subscriptions.choice import public_event
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position
from notifications.subscribers.webhooks.guard import Allowed
from notifications.subscribers.webhooks.models import (
    WebhookDelivery,
    WebhookSecret,
    WebhookTarget,
)
from notifications.subscribers.webhooks.signing import new_secret

OVERLAP = timedelta(hours=24)
"""For so long the older secret signs, too."""
LEFT_OUT = "not sent: the subscription was put behind it"
_LEAVE_OUT = text("""
    UPDATE webhook_delivery d SET state = 'failed', error = :error FROM public_event e
    WHERE d.subscription_id = :id AND d.state = 'pending' AND d.example IS NULL
      AND e.occurred_at = d.occurred_at AND e.id = d.event_id
      AND (e.tx, e.seq) <= (CAST(CAST(:tx AS text) AS xid8), :seq)
""")
_NO_WEBHOOK = N_("Đăng ký nhận tin «{name}» không phải là webhook")
_NO_SECRET = N_("Webhook «{name}» chưa có khóa ký: hãy tạo khóa ở rotate_secret trước")
_ON_ITS_WAY = Sentence(N_("Tin này đang được gửi: hãy chờ kết quả rồi thử lại"))


async def rotate_secret(
    session: AsyncSession, actor: Actor, subscription: Subscription, allowed: Allowed, now: datetime
) -> WebhookSecret:
    """Make a new secret; the one before ends after OVERLAP, an older one now.

    Raises RuleBroken when it is no webhook, InputRefused when it may not go where it should.
    """
    check_receiver(subscription, allowed)
    secrets = WebhookSecret.subscription_id == subscription.id
    await session.execute(
        update(WebhookSecret).where(secrets, WebhookSecret.ends_at > now).values(ends_at=now)
    )
    ending = update(WebhookSecret).where(secrets, WebhookSecret.ends_at.is_(None))
    await session.execute(ending.values(ends_at=now + OVERLAP))
    made = WebhookSecret(
        id=new_id(), subscription_id=subscription.id, secret=new_secret(), created_at=now
    )
    session.add(made)
    after = {"secret_id": str(made.id)}
    await traces.leave(
        session, actor, "subscription.rotate_secret", subscription.id, now=now, after=after
    )
    return made


async def live_secrets(
    session: AsyncSession, subscription: Subscription, now: datetime
) -> Sequence[WebhookSecret]:
    """Return what signs now, the newest first. Raises RuleBroken when it is no webhook."""
    _check_webhook(subscription)
    lives = or_(WebhookSecret.ends_at.is_(None), WebhookSecret.ends_at > now)
    query = select(WebhookSecret).where(WebhookSecret.subscription_id == subscription.id, lives)
    return (await session.scalars(query.order_by(WebhookSecret.id.desc()))).all()


def check_receiver(subscription: Subscription, allowed: Allowed) -> None:
    """Raise RuleBroken when it is no webhook, InputRefused when its address may not be."""
    _check_webhook(subscription)
    allowed.check(subscription.url or "")


def _check_webhook(subscription: Subscription) -> None:
    if subscription.transport != "webhook":
        sentence = Sentence(_NO_WEBHOOK, {"name": subscription.name})
        raise RuleBroken("subscription_no_webhook", sentence)


async def try_it(
    session: AsyncSession, subscription: Subscription, type_: str, allowed: Allowed, now: datetime
) -> WebhookDelivery:
    """Let an example of a type be sent once, whatever the filter says.

    Raises InputRefused, and RuleBroken without a secret or for a partner that was revoked.
    """
    event = public_event(type_)
    check_receiver(subscription, allowed)
    check_changeable(await session.get_one(Partner, subscription.partner_id))
    has = select(WebhookSecret.id).where(WebhookSecret.subscription_id == subscription.id).limit(1)
    if await session.scalar(has) is None:
        sentence = Sentence(_NO_SECRET, {"name": subscription.name})
        raise RuleBroken("webhook_secret_missing", sentence)
    envelope = example(event).model_copy(update={"id": new_id(), "time": now})
    made = WebhookDelivery(
        id=new_id(), subscription_id=subscription.id, event_id=envelope.id,
        event_type=envelope.type, occurred_at=now, state="pending", attempts=0,
        example=outside(envelope).model_dump_json(exclude_none=True),
        next_attempt_at=now, created_at=now,
    )  # fmt: skip
    session.add(made)
    return made


async def leave_out(session: AsyncSession, subscription: Subscription, start: Position) -> None:
    """Take out of the line what stands before the place a subscription was put to."""
    given = {"id": subscription.id, "tx": str(start.tx), "seq": start.seq, "error": LEFT_OUT}
    await session.execute(_LEAVE_OUT, given)


async def find_delivery(
    session: AsyncSession, actor: Actor, delivery_id: UUID, *, lock: bool = True
) -> WebhookDelivery | None:
    """Return a delivery the actor may see, locked; None when there is none."""
    both = WebhookDelivery.subscription_id == Subscription.id
    query = select(WebhookDelivery).join(Subscription, both)
    mine = visible(query, actor).where(WebhookDelivery.id == delivery_id)
    if lock:  # its subscription first, as who settles what came of attempts does
        its = visible(select(Subscription.id).join(WebhookDelivery, both), actor)
        its = its.where(WebhookDelivery.id == delivery_id)
        await session.execute(its.with_for_update(of=Subscription, key_share=True))
        mine = mine.with_for_update(of=WebhookDelivery)
    found: WebhookDelivery | None = await session.scalar(mine)
    if found is None and actor.role == "external_system":
        raise NotFound("Không có lần gửi này", code="delivery_not_found")
    return found


async def send_again(
    session: AsyncSession, actor: Actor, delivery: WebhookDelivery, now: datetime
) -> None:
    """Send it now, whether it failed, waits, or was taken, though its receiver is left alone.

    Raises RuleBroken while it is sent.
    """
    if delivery.state == "sending":
        raise RuleBroken("delivery_on_its_way", _ON_ITS_WAY)
    before = {"state": delivery.state, "attempts": delivery.attempts}
    delivery.state, delivery.attempts, delivery.next_attempt_at = "pending", 0, now
    held = WebhookTarget.subscription_id == delivery.subscription_id
    await session.execute(update(WebhookTarget).where(held).values(hold_until=None))
    await traces.leave(
        session, actor, "delivery.retry", delivery.id, now=now, before=before,
        after={"state": delivery.state, "attempts": 0}, reason=delivery.error,
    )  # fmt: skip
