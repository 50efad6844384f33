"""What tasks listens to: whether people got what they were urged about, and say that they know."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import EventRouter, Received
from contracts.notifications import NoticeSeen, NoticeSent, ObligationAcknowledged
from tasks.urging.receipts import keep_receipts

router = EventRouter("tasks")


@router.on(NoticeSent, NoticeSeen, ObligationAcknowledged)
async def keep_urging_receipts(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep the receipt of each person who was urged; nobody is told of it."""
    await keep_receipts(session, events)
