"""What reporting listens to, and what each event moves."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.directory import follow_directory
from chassis.messaging.events import EventRouter, Received
from contracts.surveys import (
    QuestionnairePublished,
    ResponseSubmitted,
    RoundClosed,
    RoundOpened,
)
from contracts.tasks import (
    AssignmentChanged,
    AssignmentCreated,
    AssignmentDueSoon,
    AssignmentOverdue,
    PlanActivated,
    PlanChanged,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
)
from reporting.completion import actions as completion
from reporting.indices import announcing
from reporting.satisfaction import actions as satisfaction
from reporting.sources import actions as projections

router = EventRouter("reporting")
follow_directory(router)


@router.on(
    AssignmentCreated, AssignmentChanged, ProgressReported, ResultSubmitted, ResultAccepted,
    ResultReturned, AssignmentDueSoon, AssignmentOverdue,
)  # fmt: skip
async def count_assignments(events: list[Received[Any]], session: AsyncSession) -> None:
    """Move completion, and the sub-criteria fed by tasks, by new − old."""
    states = [received.event.assignment for received in events]
    moved = await completion.apply(session, states)
    touches = [("completion", str(plan_id)) for plan_id, _ in moved.touched]
    touches += [("par", str(year)) for _, year in moved.touched]
    await announcing.touch(session, touches, moved.now)


@router.on(ResponseSubmitted, guarded_by="response_fact")
async def count_responses(events: list[Received[ResponseSubmitted]], session: AsyncSession) -> None:
    """Move satisfaction, and the sub-criteria fed by surveys. The fact row is the guard."""
    moved = await satisfaction.apply(session, events)
    if moved is None:
        return
    touches = [("satisfaction", str(round_id)) for round_id, _ in moved.touched]
    touches += [("par", str(year)) for _, year in moved.touched]
    await announcing.mark_moved(session, touches, moved.now)


@router.on(PlanActivated, PlanChanged)
async def keep_plans(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep plans with their targets; a year's figures may move when a plan takes effect."""
    plans = [received.event.plan for received in events]
    years = await projections.keep_plans(session, plans)
    touches = [("par", str(year)) for year in years]
    touches += [("completion", str(plan.plan_id)) for plan in plans]
    await announcing.touch(session, touches, await database_now(session))


@router.on(QuestionnairePublished)
async def keep_questionnaires(
    events: list[Received[QuestionnairePublished]], session: AsyncSession
) -> None:
    """Keep what rounds ask."""
    await projections.keep_questionnaires(session, [r.event.questionnaire for r in events])


@router.on(RoundOpened, RoundClosed)
async def keep_rounds(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep rounds; a closed one makes its survey's points official."""
    rounds = [received.event.round for received in events]
    years = await projections.keep_rounds(session, rounds)
    touches = [("par", str(year)) for year in years]
    touches += [("satisfaction", str(round_.round_id)) for round_ in rounds]
    await announcing.touch(session, touches, await database_now(session))
