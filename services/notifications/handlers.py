"""Which events are taken: everything public. Most concern somebody; three kinds nobody."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.directory import follow_directory
from chassis.messaging.events import EventRouter, Received
from contracts.reporting import (
    CriteriaSetPublished,
    IndexChanged,
    TargetMissed,
    TargetRecovered,
)
from contracts.surveys import QuestionnairePublished, RoundChanged, RoundClosed, RoundOpened
from contracts.tasks import (
    AssignmentCancelled,
    AssignmentChanged,
    AssignmentCreated,
    AssignmentDueSoon,
    AssignmentOverdue,
    CalendarChanged,
    PlanActivated,
    PlanChanged,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
)
from notifications.obligations.actions import open_obligations

router = EventRouter("notifications")
follow_directory(router)


# One handler for all of them: a batch locks subjects, then people's mails, always in one order.
@router.on(
    AssignmentCreated,
    AssignmentChanged,
    ProgressReported,
    ResultSubmitted,
    ResultAccepted,
    ResultReturned,
    AssignmentDueSoon,
    AssignmentOverdue,
    AssignmentCancelled,
    PlanActivated,
    PlanChanged,
    RoundOpened,
    RoundChanged,
    RoundClosed,
    CriteriaSetPublished,
    TargetMissed,
    TargetRecovered,
)
async def notify_those_concerned(events: list[Received[Any]], session: AsyncSession) -> None:
    """Open one obligation per event and person concerned; rules/table.py says who that is."""
    await open_obligations(session, events, await database_now(session))


@router.on(IndexChanged, QuestionnairePublished, CalendarChanged)
async def notify_nobody(events: list[Received[Any]], session: AsyncSession) -> None:
    """Do nothing: the table's `nobody_because` says why. `index_changed` comes every second."""
