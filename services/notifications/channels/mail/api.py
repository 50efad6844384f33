"""HTTP for administrators and the Office: the mails, what became of them; trying one again."""

from typing import Literal
from uuid import UUID

from sqlalchemy import select

from chassis.clock import database_now
from chassis.directory import person
from chassis.web import CurrentActor, Page, PageParams, ServiceRouter, Transaction, paginate
from notifications.channels.mail.actions import retry_mail
from notifications.channels.mail.views import DeliveryView, presented
from notifications.ledger.models import Delivery

router = ServiceRouter(prefix="/v1", tags=["administration"])
DeliveryState = Literal["queued", "sending", "sent", "failed", "unknown", "dropped"]

_WITH_PERSON = select(Delivery, person.c.name, person.c.email).join(
    person, person.c.id == Delivery.person_id
)


@router.get("/deliveries", policy="delivery.list")
async def list_deliveries(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    state: DeliveryState | None = None,
) -> Page[DeliveryView]:
    """Return mails, newest first, with what the mail server said."""
    query = _WITH_PERSON
    if state is not None:
        query = query.where(Delivery.state == state)
    newest_first = (Delivery.created_at.desc(), Delivery.id.desc())
    rows, following = await paginate(session, query, paging, *newest_first)
    return Page(data=[presented(actor, *row) for row in rows], next_cursor=following)


@router.post("/deliveries/{id}/retry", policy="delivery.retry")
async def retry_delivery(id: UUID, session: Transaction, actor: CurrentActor) -> DeliveryView:
    """Send a failed mail again. 404 `delivery_not_found`, 409 `delivery_not_failed`."""
    now = await database_now(session)
    await retry_mail(session, id, actor, now)
    row = (await session.execute(_WITH_PERSON.where(Delivery.id == id))).one()
    return presented(actor, *row)
