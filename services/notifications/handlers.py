"""Which events are taken: everything public, and the directory. Two kinds concern nobody."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.directory import keep_people, keep_units
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
    PersonChanged,
    PlanActivated,
    PlanChanged,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
    UnitChanged,
)
from notifications.calendar.moment import keep
from notifications.obligations.actions import open_obligations
from notifications.obligations.losses import follow_people, follow_units

router = EventRouter("notifications")


@router.on(PersonChanged)
async def follow_moves(events: list[Received[PersonChanged]], session: AsyncSession) -> None:
    """Keep the people; tell what lost its accountable person, settle what they may not open now."""
    await keep_people(events, session)
    await follow_people(session, events, await database_now(session))


@router.on(UnitChanged)
async def follow_closings(events: list[Received[UnitChanged]], session: AsyncSession) -> None:
    """Keep the units; tell what a closed one still leads."""
    await keep_units(events, session)
    await follow_units(session, events, await database_now(session))


@router.on(CalendarChanged)
async def keep_calendar(events: list[Received[CalendarChanged]], session: AsyncSession) -> None:
    """Keep the working calendar, by which days are counted and mails wait; tell nobody."""
    await keep(session, (received.event.calendar for received in events))


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


@router.on(IndexChanged, QuestionnairePublished)
async def notify_nobody(events: list[Received[Any]], session: AsyncSession) -> None:
    """Do nothing: the table's `nobody_because` says why. `index_changed` comes every second."""
