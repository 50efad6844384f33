"""Mails and their fate, as administrators and the Office see them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from chassis.directory import person
from chassis.web import Page, Paging, paginate
from notifications.access import RIGHTS
from notifications.ledger.models import Delivery

_WITH_PERSON = select(Delivery, person.c.name, person.c.email).join(
    person, person.c.id == Delivery.person_id
)


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


async def mails(
    session: AsyncSession, actor: Actor, paging: Paging, state: str | None
) -> Page[DeliveryView]:
    """Return mails, newest first, with what the mail server said."""
    RIGHTS.check(actor, "mail.list")
    query = _WITH_PERSON
    if state is not None:
        query = query.where(Delivery.state == state)
    newest_first = (Delivery.created_at.desc(), Delivery.id.desc())
    rows, following = await paginate(session, query, paging, *newest_first)
    return Page(data=[presented(actor, *row) for row in rows], next_cursor=following)


async def mail(session: AsyncSession, actor: Actor, id: UUID) -> DeliveryView:
    """Return one mail."""
    row = (await session.execute(_WITH_PERSON.where(Delivery.id == id))).one()
    return presented(actor, *row)


def presented(actor: Actor, delivery: Delivery, name: str, address: str) -> DeliveryView:
    """Return the mail, with what the actor may do now: `retry` what has failed."""
    acts = ["retry"] if delivery.state == "failed" else []
    facts = {name: getattr(delivery, name) for name in _PLAIN}
    return DeliveryView(
        **facts,
        person_name=name,
        address=address,
        allowed=RIGHTS.allowed(actor, "mail", acts),
    )


_PLAIN = [name for name in DeliveryView.model_fields
          if name not in {"person_name", "address", "allowed"}]  # fmt: skip
