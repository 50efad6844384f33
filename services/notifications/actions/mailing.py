"""Which notifications travel in which mail: one per person and burst, however many they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.access import Actor
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from notifications.models import Delivery, Notification

QUIET = timedelta(seconds=2)  # nothing more came for the person: the burst is over
LONGEST = timedelta(seconds=20)  # a burst that does not end is cut here
PATIENCE = timedelta(days=3)  # with a mail server that does not take it; then it has failed

_GATHER = text("""
    INSERT INTO delivery (id, person_id, channel, created_at, next_attempt_at, give_up_at)
    SELECT given.id, given.person_id, 'email', :now, now() + CAST(:quiet AS interval),
      now() + CAST(:patience AS interval)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:people AS uuid[])) AS given(id, person_id)
    ON CONFLICT (person_id, channel) WHERE state = 'queued' AND attempts = 0
    DO UPDATE SET next_attempt_at =
      least(delivery.created_at + CAST(:longest AS interval), excluded.next_attempt_at)
    RETURNING id, person_id
""")


async def gather_mail(
    session: AsyncSession, notifications: Sequence[Notification], now: datetime
) -> None:
    """Put notifications into their people's next mail, opening one where there is none."""
    people = sorted({notification.person_id for notification in notifications})
    if not people:
        return
    ids = [new_id() for _ in people]
    facts = {"ids": ids, "people": people, "now": now, "quiet": QUIET, "longest": LONGEST,
             "patience": PATIENCE}  # fmt: skip
    opened = (await session.execute(_GATHER, facts)).all()
    mail_of = {row.person_id: row.id for row in opened}
    for person_id in people:
        theirs = [each.id for each in notifications if each.person_id == person_id]
        await session.execute(
            update(Notification)
            .where(Notification.id.in_(theirs))
            .values(delivery_id=mail_of[person_id])
        )


async def retry_mail(
    session: AsyncSession, delivery_id: UUID, actor: Actor, now: datetime
) -> Delivery:
    """Send a failed mail again. Raises NotFound, or Conflict when it has not failed."""
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    delivery: Delivery | None = await session.scalar(query)
    if delivery is None:
        raise NotFound("Không có thư này", code="delivery_not_found")
    if delivery.state != "failed":
        raise Conflict("Chỉ gửi lại được thư đã gửi không thành công", code="delivery_not_failed")
    before = {"state": delivery.state, "smtp_reply": delivery.smtp_reply}
    delivery.state, delivery.next_attempt_at, delivery.give_up_at = "queued", now, now + PATIENCE
    await audit.record(
        session,
        actor_id=actor.person_id,
        action="delivery.retry",
        subject_id=delivery.id,
        before=before,
        after={"state": "queued"},
        reason=None,
        now=now,
    )
    return delivery
