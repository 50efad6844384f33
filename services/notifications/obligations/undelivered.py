"""A mail that failed for good is seen: by who keeps the directory, and by the Office."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from notifications.channels.in_app.pushes import push_new
from notifications.channels.mail.views import ADDRESSEE
from notifications.ledger.actions import store
from notifications.ledger.models import Delivery
from notifications.obligations.actions import notification_of
from notifications.obligations.people import known
from notifications.rules.occasions import occasion_of_failure
from notifications.rules.recipients import recipients_of
from notifications.rules.table import CONTACT_UNDELIVERED, UNDELIVERED
from notifications.rules.wording import brief


async def tell_of_failure(session: AsyncSession, delivery_id: UUID, reply: str) -> None:
    """Tell administrators and the Office, in-app, once per address and day."""
    joined = select(ADDRESSEE).join(Delivery, Delivery.person_id == ADDRESSEE.c.id)
    to = (await session.execute(joined.where(Delivery.id == delivery_id))).one()
    directory = await known(session)
    now, active = directory.now, directory.active
    facts = {"person": brief(to.name), "address": to.email, "reply": brief(reply)}
    of_partner = to.of is not None
    occasion = occasion_of_failure(to.id, facts, local_date(now), of_partner=of_partner)
    rule = CONTACT_UNDELIVERED if of_partner else UNDELIVERED
    recipients = recipients_of(rule, occasion, active, actor_id=to.id, submitter_id=None)
    notices = [notification_of(delivery_id, occasion, each, now) for each in recipients]
    if notices:
        await push_new(session, await store(session, notices, ()))
