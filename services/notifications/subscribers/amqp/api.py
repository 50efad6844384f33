"""HTTP: the queue of a subscription by AMQP, and its password."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from chassis.web import CurrentActor, ServiceRouter, Transaction
from chassis.web.idempotency import keep_instead
from notifications.subscribers.amqp import actions
from notifications.subscribers.amqp.views import CredentialsView, QueueView, queue_view
from notifications.subscribers.subscriptions.actions import find

router = ServiceRouter(prefix="/v1/subscriptions", tags=["subscriptions"])


@dataclass(frozen=True)
class Offer:
    """What this installation offers. `address`: without user; empty: no queues here."""

    address: str
    most_messages: int


def _offer(request: Request) -> Offer:
    offer: Offer = request.app.state.queues_offered
    return offer


Offered = Annotated[Offer, Depends(_offer)]


@router.get("/{id}/queue", policy="subscription.read")
async def read_queue(
    id: UUID, request: Request, session: Transaction, actor: CurrentActor, offer: Offered
) -> QueueView:
    """Return what waits in the queue, when it will be full, and what it dropped.

    404 `subscription_not_found`; 409 `queue_not_asked_for`, `subscription_not_amqp`.
    """
    subscription = await find(session, actor, id)
    queue = await actions.queue_of(session, subscription)
    return queue_view(queue, offer.address, request.app.state.cursor_secret)


@router.post("/{id}/credentials", policy="subscription.credentials", status_code=201)
async def give_credentials(
    id: UUID, request: Request, session: Transaction, actor: CurrentActor, offer: Offered
) -> CredentialsView:
    """Make the queue, or give it a new password: the old one ends, with what it had opened.

    The password is in this answer alone. 404 `subscription_not_found`; 409 `queues_not_offered`,
    `subscription_not_amqp`.
    """
    subscription = await find(session, actor, id, lock=True)
    given = await actions.give(
        session, actor, subscription, offer.most_messages if offer.address else 0
    )
    shown = CredentialsView(
        address=offer.address, user=given.name, password=given.password, queue=given.name
    )
    without = shown.model_copy(update={"password": None})
    keep_instead(request, without.model_dump_json().encode())
    return shown
