"""HTTP: what was sent and what became of it, mails and webhooks; sending one again."""

from typing import Literal
from uuid import UUID

from sqlalchemy import select

from chassis.clock import database_now
from chassis.web import CurrentActor, Page, PageParams, ServiceRouter, Transaction, paginate
from notifications.channels.mail.actions import retry_mail
from notifications.channels.mail.views import DeliveryView, mail, mails
from notifications.subscribers.subscriptions import actions as subscriptions
from notifications.subscribers.webhooks.actions import find_delivery, send_again
from notifications.subscribers.webhooks.models import WebhookDelivery
from notifications.subscribers.webhooks.views import WebhookDeliveryView, presented

router = ServiceRouter(prefix="/v1/deliveries", tags=["administration"])
State = Literal["queued", "sending", "sent", "failed", "unknown", "dropped", "pending", "delivered"]


@router.get("", policy="delivery.list")
async def list_deliveries(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    state: State | None = None,
    subscription_id: UUID | None = None,
) -> Page[DeliveryView] | Page[WebhookDeliveryView]:
    """Return mails, newest first, or with `subscription_id` the deliveries of that webhook.

    403 for a partner that asks for mails; 404 `subscription_not_found`.
    """
    if subscription_id is None:
        return await mails(session, actor, paging, state)
    await subscriptions.find(session, actor, subscription_id)
    query = select(WebhookDelivery).where(WebhookDelivery.subscription_id == subscription_id)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    rows, following = await paginate(session, query, paging, WebhookDelivery.id.desc())
    return Page(data=[presented(actor, row) for row in rows], next_cursor=following)


@router.get("/{id}", policy="delivery.list")
async def read_delivery(
    id: UUID, session: Transaction, actor: CurrentActor
) -> DeliveryView | WebhookDeliveryView:
    """Return a mail or the delivery of a webhook. 404 `delivery_not_found`."""
    delivery = await find_delivery(session, actor, id, lock=False)
    return presented(actor, delivery) if delivery else await mail(session, actor, id)


@router.post("/{id}/retry", policy="delivery.retry")
async def retry_delivery(
    id: UUID, session: Transaction, actor: CurrentActor
) -> DeliveryView | WebhookDeliveryView:
    """Send a failed mail again, or a webhook that is not on its way.

    404 `delivery_not_found`, 409 `delivery_not_failed`, `delivery_on_its_way`.
    """
    now = await database_now(session)
    delivery = await find_delivery(session, actor, id)
    if delivery is not None:
        await send_again(session, actor, delivery, now)
        return presented(actor, delivery)
    await retry_mail(session, id, actor, now)
    return await mail(session, actor, id)
