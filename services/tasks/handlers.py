"""What tasks listens to: receipts of what people were urged about, and what lost points."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import EventRouter, Received
from contracts.notifications import NoticeSeen, NoticeSent, ObligationAcknowledged
from contracts.reporting import ScoreSheetPublished
from tasks.measures.actions import keep_sheets
from tasks.urging.receipts import keep_receipts

router = EventRouter("tasks")


@router.on(NoticeSent, NoticeSeen, ObligationAcknowledged)
async def keep_urging_receipts(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep the receipt of each person who was urged; nobody is told of it."""
    await keep_receipts(session, events)


@router.on(ScoreSheetPublished)
async def keep_weak_criteria(
    events: list[Received[ScoreSheetPublished]], session: AsyncSession
) -> None:
    """Keep what our department's published sheets lost, for measures against it."""
    await keep_sheets(session, [received.event for received in events])
