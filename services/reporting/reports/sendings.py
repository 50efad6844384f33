"""To whom signed reports were sent."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.tables import person
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.reports.models import Report, Sending


class SendingView(ResponseBody):
    """To whom the signed report was sent. `channel`: document_axis, mail, paper, portal, other.

    `mail_state` of a mail from here: queued, sending, sent, failed, unknown (the connection broke:
    it is sent again); `mail_to`, `mail_reply`, the mail server's last word, for who may send.
    """

    id: UUID
    recipient: str
    number: str | None
    sent_on: date
    channel: str
    note: str | None
    sent_by: UUID
    sent_by_name: str | None
    sent_at: datetime
    mail_to: str | None
    mail_state: str | None
    mail_reply: str | None


_OF_MAIL = ("mail_to", "mail_reply")


async def sendings_of(
    session: AsyncSession, actor: Actor, reports: Iterable[Report]
) -> dict[UUID, list[SendingView]]:
    """Return the sendings of each report that was sent, in order."""
    found: dict[UUID, list[SendingView]] = {}
    sent = [each.id for each in reports if each.state == "sent"]
    if not sent:
        return found
    hidden = {} if RIGHTS.allowed(actor, "report", ["send"]) else dict.fromkeys(_OF_MAIL)
    rows = await session.execute(
        select(Sending, person.c.name)
        .outerjoin(person, person.c.id == Sending.sent_by)
        .where(Sending.report_id.in_(sent))
        .order_by(Sending.sent_at, Sending.id)
    )
    for sending, name in rows:
        facts = {each: getattr(sending, each, None) for each in SendingView.model_fields}
        view = SendingView(**{**facts, "sent_by_name": name, **hidden})
        found.setdefault(sending.report_id, []).append(view)
    return found
