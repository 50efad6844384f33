"""Mails and their fate, as administrators and the Office see them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, Uuid, column, null, select, table, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from chassis.directory import person
from chassis.errors import NotFound
from chassis.web import Page, Paging, paginate
from notifications.access import RIGHTS
from notifications.ledger.models import Delivery

_partner = table(
    "partner", column("id", Uuid), column("name", Text), column("contact_email", Text),
    column("revoked_at"),
)  # fmt: skip
_people = select(person.c.id, person.c.name, person.c.email, person.c.active, null().label("of"))
_contacts = select(
    _partner.c.id,
    _partner.c.name,
    _partner.c.contact_email,
    _partner.c.revoked_at.is_(None),
    _partner.c.id,
)
ADDRESSEE = union_all(_people, _contacts).subquery("addressee")
"""Whom mail goes to: people, and partners, whose mail goes to their contact (`of` is then set)."""
_WITH_PERSON = select(Delivery, ADDRESSEE.c.name, ADDRESSEE.c.email).join(
    ADDRESSEE, ADDRESSEE.c.id == Delivery.person_id
)


class DeliveryView(ResponseBody):
    """A mail on its way. `uncertain`: how often it may have left without our knowing.

    `address`: the person's, as it is now. `person_id` is a partner's when it goes to its contact.
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
    """Return one mail. Raises NotFound."""
    RIGHTS.check(actor, "mail.list")
    row = (await session.execute(_WITH_PERSON.where(Delivery.id == id))).first()
    if row is None:
        raise NotFound("Không có thư này", code="delivery_not_found")
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
