"""A mail and its fate, as administrators and the Office see it."""

from datetime import datetime
from uuid import UUID

from chassis.access import Actor
from chassis.bodies import ResponseBody
from notifications.access import RIGHTS
from notifications.ledger.models import Delivery


class DeliveryView(ResponseBody):
    """A mail on its way. `uncertain`: how often it may have left without our knowing.

    `address`: the person's, as it is now.
    """

    id: UUID
    person_id: UUID
    person_name: str
    address: str
    state: str
    attempts: int
    uncertain: int
    message_id: str | None
    smtp_reply: str | None
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    allowed: list[str]


def presented(actor: Actor, delivery: Delivery, name: str, address: str) -> DeliveryView:
    """Return the mail, with what the actor may do now: `retry` what has failed."""
    acts = ["retry"] if delivery.state == "failed" else []
    facts = {name: getattr(delivery, name) for name in _PLAIN}
    return DeliveryView(
        **facts,
        person_name=name,
        address=address,
        allowed=RIGHTS.allowed(actor, "delivery", acts),
    )


_PLAIN = [name for name in DeliveryView.model_fields
          if name not in {"person_name", "address", "allowed"}]  # fmt: skip
