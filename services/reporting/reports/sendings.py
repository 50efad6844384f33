"""To whom signed reports were sent."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import person
from chassis.web import ResponseBody
from reporting.reports.models import Report, Sending


class SendingView(ResponseBody):
    """To whom the signed report was sent. `channel`: document_axis, mail, paper, portal, other."""

    id: UUID
    recipient: str
    number: str | None
    sent_on: date
    channel: str
    note: str | None
    sent_by: UUID
    sent_by_name: str | None
    sent_at: datetime


async def sendings_of(
    session: AsyncSession, reports: Iterable[Report]
) -> dict[UUID, list[SendingView]]:
    """Return the sendings of each report that was sent, in order."""
    found: dict[UUID, list[SendingView]] = {}
    rows = await session.execute(
        select(Sending, person.c.name)
        .outerjoin(person, person.c.id == Sending.sent_by)
        .where(Sending.report_id.in_([each.id for each in reports]))
        .order_by(Sending.sent_at, Sending.id)
    )
    for sending, name in rows:
        facts = {each: getattr(sending, each, None) for each in SendingView.model_fields}
        view = SendingView(**{**facts, "sent_by_name": name})
        found.setdefault(sending.report_id, []).append(view)
    return found
