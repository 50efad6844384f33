"""Trying a mail again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from notifications.access import RIGHTS
from notifications.ledger.actions import PATIENCE
from notifications.ledger.models import Delivery

_NOT_FAILED = Sentence(N_("Chỉ gửi lại được thư đã gửi không thành công"))


async def retry_mail(
    session: AsyncSession, delivery_id: UUID, actor: Actor, now: datetime
) -> Delivery:
    """Send a failed mail again. Raises NotFound, or RuleBroken when it has not failed."""
    RIGHTS.check(actor, "mail.retry")
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    delivery: Delivery | None = await session.scalar(query)
    if delivery is None:
        raise NotFound("Không có thư này", code="delivery_not_found")
    if delivery.state != "failed":
        raise RuleBroken("delivery_not_failed", _NOT_FAILED)
    before = {"state": delivery.state}
    delivery.state, delivery.next_attempt_at, delivery.give_up_at = "queued", now, now + PATIENCE
    await traces.leave(
        session,
        actor,
        "delivery.retry",
        delivery.id,
        now=now,
        before=before,
        after={"state": delivery.state},
        reason=delivery.smtp_reply,
    )
    return delivery
