"""Which events are taken: everything public, and the directory. Two kinds concern nobody here."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.directory import keep_people, keep_units
from chassis.messaging.events import EventRouter, Guard, Received
from contracts.events import Event
from contracts.reporting import (
    CriteriaSetPublished,
    ExplanationRequested,
    IndexChanged,
    RankingPublished,
    ReportDraftMoved,
    ReportIssued,
    ReportMailFailed,
    ScoreSheetLocked,
    ScoreSheetMoved,
    ScoreSheetPublished,
    ScoreSheetReopened,
    TargetMissed,
    TargetRecovered,
)
from contracts.surveys import QuestionnairePublished, RoundChanged, RoundClosed, RoundOpened
from contracts.tasks import (
    AssignmentCancelled,
    AssignmentChanged,
    AssignmentCreated,
    AssignmentDueSoon,
    AssignmentHandedOver,
    AssignmentOverdue,
    AssignmentPaused,
    AssignmentResumed,
    AssignmentUpdateMissed,
    CalendarChanged,
    CommitmentMade,
    ContributionAccepted,
    ContributionAsked,
    ContributionDueSoon,
    ContributionGiven,
    ContributionReturned,
    ContributionWithdrawn,
    DeadlineExtended,
    ExtensionRefused,
    ExtensionRequested,
    FindingRecorded,
    InspectionAnnounced,
    InspectionConcluded,
    InstructionIssued,
    MeasureAccepted,
    MeasureProposed,
    MeasureReturned,
    PersonChanged,
    PlanAcknowledged,
    PlanActivated,
    PlanChanged,
    PlanReplaced,
    ProgressReported,
    QuestionAnswered,
    QuestionAsked,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
    UnitChanged,
    UnitReportAccepted,
    UnitReportDue,
    UnitReportReturned,
    UnitReportSubmitted,
    UnitReportWaiting,
    UnitUrged,
)
from notifications.calendar import moment
from notifications.channels.in_app.actions import mark_settled
from notifications.obligations.absences import keep_absences
from notifications.obligations.actions import open_obligations
from notifications.obligations.losses import follow_people, follow_units
from notifications.obligations.urging import tell_the_urged
from notifications.subscribers.feed.keeping import copy, keep

CONCERNS_NOBODY = (IndexChanged, QuestionnairePublished)
PUBLIC: tuple[type[Event], ...] = (
    AssignmentCreated,
    AssignmentChanged,
    ProgressReported,
    ResultSubmitted,
    ResultAccepted,
    ResultReturned,
    AssignmentDueSoon,
    AssignmentOverdue,
    AssignmentCancelled,
    ExtensionRequested,
    ExtensionRefused,
    DeadlineExtended,
    AssignmentPaused,
    AssignmentResumed,
    AssignmentHandedOver,
    CommitmentMade,
    ContributionAsked,
    ContributionDueSoon,
    ContributionGiven,
    ContributionAccepted,
    ContributionReturned,
    ContributionWithdrawn,
    AssignmentUpdateMissed,
    MeasureAccepted,
    InspectionConcluded,
    PlanActivated,
    PlanChanged,
    PlanReplaced,
    UnitReportSubmitted,
    RoundOpened,
    RoundChanged,
    RoundClosed,
    CriteriaSetPublished,
    RankingPublished,
    ReportIssued,
    TargetMissed,
    TargetRecovered,
    ScoreSheetLocked,
    ScoreSheetPublished,
    *CONCERNS_NOBODY,
)

router = EventRouter("notifications")


@router.on(PersonChanged)
async def follow_moves(events: list[Received[PersonChanged]], session: AsyncSession) -> None:
    """Keep the people; tell what lost its accountable person, settle what they may not open now."""
    await keep_people(events, session)
    await keep_absences(session, events)
    await follow_people(session, events, await database_now(session))


@router.on(UnitChanged)
async def follow_closings(events: list[Received[UnitChanged]], session: AsyncSession) -> None:
    """Keep the units; tell what a closed one still leads."""
    await keep_units(events, session)
    await follow_units(session, events, await database_now(session))


@router.on(CalendarChanged)
async def keep_calendar(events: list[Received[CalendarChanged]], session: AsyncSession) -> None:
    """Keep the working calendar, by which days are counted and mails wait; tell nobody."""
    await moment.keep(session, (received.event.calendar for received in events))


@router.on(PlanAcknowledged)
async def settle_acknowledged(
    events: list[Received[PlanAcknowledged]], session: AsyncSession
) -> None:
    """Settle what asked a person to take note of a plan; tell nobody."""
    given = [received.event.acknowledgement for received in events]
    pairs = [(each.person_id, each.plan_id) for each in given]
    await mark_settled(session, PlanActivated.type, pairs, await database_now(session))


@router.on(QuestionAsked, QuestionAnswered)
async def tell_of_questions(events: list[Received[Any]], session: AsyncSession) -> None:
    """Tell the Office that a unit asks, and the unit, or all of them, that it answered."""
    await open_obligations(session, events)


@router.on(MeasureProposed, MeasureReturned, InstructionIssued)
async def tell_of_measures(events: list[Received[Any]], session: AsyncSession) -> None:
    """Tell the Office of a proposal, its unit of a return, and a unit of an instruction."""
    await open_obligations(session, events)


@router.on(UnitUrged)
async def tell_of_urging(events: list[Received[UnitUrged]], session: AsyncSession) -> None:
    """Tell each person named that they are urged; what became of it is said to tasks."""
    await tell_the_urged(session, events, await database_now(session))


@router.on(UnitReportDue, UnitReportWaiting, UnitReportReturned, UnitReportAccepted)
async def tell_of_unit_reports(events: list[Received[Any]], session: AsyncSession) -> None:
    """Tell a unit's head and who wrote its report what is owed, and what became of it."""
    await open_obligations(session, events)


@router.on(FindingRecorded)
async def tell_of_findings(events: list[Received[FindingRecorded]], session: AsyncSession) -> None:
    """Tell the Office that a team wrote a finding down; the unit hears of it when it ends."""
    await open_obligations(session, events)


@router.on(InspectionAnnounced)
async def tell_of_inspections(
    events: list[Received[InspectionAnnounced]], session: AsyncSession
) -> None:
    """Tell the inspected unit's head and the team what was announced, and what changed in it."""
    await open_obligations(session, events)


@router.on(ScoreSheetMoved, ExplanationRequested, ScoreSheetReopened)
async def tell_of_sheets(events: list[Received[Any]], session: AsyncSession) -> None:
    """Tell who acts for a body, appraises it or decides that it is their turn, or is again."""
    await open_obligations(session, events)


@router.on(ReportDraftMoved)
async def tell_of_drafts(events: list[Received[ReportDraftMoved]], session: AsyncSession) -> None:
    """Tell the Director that a report waits for a signature; settle that when it does no more."""
    await open_obligations(session, events)


@router.on(ReportMailFailed)
async def tell_of_lost_mails(
    events: list[Received[ReportMailFailed]], session: AsyncSession
) -> None:
    """Tell who sent a report by mail, and the Office, that it did not reach its recipient."""
    await open_obligations(session, events)


# One handler for all of them: they are kept by one statement, and a batch locks subjects, then
# people's mails, always in one order.
@router.on(*PUBLIC)
async def hand_on_and_notify(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep each for other systems; open one obligation per event and person concerned.

    rules/table.py says who that is; its `nobody_because` why two kinds concern nobody.
    """
    await keep(session, events)
    telling = [received for received in events if type(received.event) not in CONCERNS_NOBODY]
    if telling:
        await open_obligations(session, telling)


copies = EventRouter("notifications")
"""What other systems may read, filled and held level with the logs, whatever becomes of telling."""
copies.on(*PUBLIC, guarded_by=Guard("public_event", id="id", time="occurred_at", of_many=True))(
    copy
)
