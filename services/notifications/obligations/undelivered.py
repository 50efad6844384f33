"""A mail that failed for good is seen: by who keeps the directory, and by the Office."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.directory import person
from chassis.ids import new_id
from chassis.words import N_
from notifications.channels.in_app.pushes import push_new
from notifications.ledger.actions import store
from notifications.ledger.models import Delivery, Notification
from notifications.obligations.people import known
from notifications.rules.reasons import Reason
from notifications.rules.wording import brief

TITLE = N_("Thư gửi {person} không đến được")
BODY = N_(
    "Địa chỉ {address}; máy chủ thư trả lời: {reply}."
    " Hãy sửa địa chỉ trong danh bạ, rồi gửi lại thư."
)


async def tell_of_failure(session: AsyncSession, delivery_id: UUID, reply: str) -> None:
    """Tell administrators and the Office, in-app, once per address and day."""
    about = select(person.c.id, person.c.name, person.c.email)
    joined = about.join(Delivery, Delivery.person_id == person.c.id)
    to = (await session.execute(joined.where(Delivery.id == delivery_id))).one()
    now, active = await database_now(session), (await known(session)).active
    facts = {"person": brief(to.name), "address": to.email, "reply": brief(reply)}
    notices = [
        Notification(
            id=new_id(), person_id=each.id, event_id=delivery_id, case="", subject_id=to.id,
            event_type="notifications.mail_failed", subject_type="person", subject_version=1,
            step=f"{to.email} {local_date(now)}", category="mail", severity="warning", asks=True,
            reason=Reason.MAIL_FAILED.value, title=TITLE, body=BODY, facts=facts, created_at=now,
        )
        for each in active.with_role("admin") + active.with_role("office")
        if each.id != to.id
    ]  # fmt: skip
    if notices:
        await push_new(session, await store(session, notices, ()))
