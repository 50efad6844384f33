"""Secrets when they are made, and deliveries, as partners and administrators see them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from chassis.access import Actor
from chassis.bodies import ResponseBody
from notifications.access import RIGHTS
from notifications.subscribers.webhooks.models import WebhookDelivery


class SecretView(ResponseBody):
    """A new secret, shown this once. `older_until`: until when the one before signs, too."""

    secret: str = Field(examples=["whsec_…"])
    older_until: datetime


class LiveSecret(ResponseBody):
    """A secret that signs. `ends_at`: when it stops to, null for the newest."""

    created_at: datetime
    ends_at: datetime | None


class LiveSecrets(ResponseBody):
    """Secrets that sign now, the newest first: none yet, one, or two while one takes over."""

    data: list[LiveSecret]


class WebhookDeliveryView(ResponseBody):
    """One event on its way to a receiver. `id` is ours, `event_id` is the header `webhook-id`.

    `is_example`: sent once, to try the way. `failed`: ten attempts within three days. `error`:
    why the last attempt was none that counts; never what the receiver wrote.
    """

    id: UUID
    subscription_id: UUID
    event_id: UUID
    event_type: str
    occurred_at: datetime
    is_example: bool
    state: str = Field(examples=["pending", "sending", "delivered", "failed"])
    attempts: int
    next_attempt_at: datetime | None
    status: int | None
    error: str | None
    milliseconds: int | None
    created_at: datetime
    delivered_at: datetime | None
    allowed: list[str]


def presented(actor: Actor, delivery: WebhookDelivery) -> WebhookDeliveryView:
    """Return the delivery, with what the actor may do now: `retry` what is not on its way."""
    facts = {name: getattr(delivery, name) for name in _PLAIN}
    waits = delivery.state == "pending"
    acts = [] if delivery.state == "sending" else ["retry"]
    return WebhookDeliveryView(
        **facts,
        is_example=delivery.example is not None,
        next_attempt_at=delivery.next_attempt_at if waits else None,
        allowed=RIGHTS.allowed(actor, "delivery", acts),
    )


_PLAIN = [name for name in WebhookDeliveryView.model_fields
          if name not in {"is_example", "next_attempt_at", "allowed"}]  # fmt: skip
