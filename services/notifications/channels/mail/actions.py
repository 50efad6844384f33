"""Trying a mail again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.access import Actor
from chassis.errors import Conflict, NotFound
from notifications.ledger.actions import PATIENCE
from notifications.ledger.models import Delivery


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
