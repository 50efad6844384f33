"""What reporting listens to, and what each event moves."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.directory import follow_directory
from chassis.messaging.events import EventRouter, Guard, Received
from contracts.surveys import (
    QuestionnairePublished,
    ResponseExcluded,
    ResponseRestored,
    ResponseSubmitted,
    RoundChanged,
    RoundClosed,
    RoundOpened,
)
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
    InspectionConcluded,
    PlanActivated,
    PlanChanged,
    PlanReplaced,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
    TrustedRootChanged,
    UnitReportAccepted,
    UnitReportReturned,
    UnitReportSubmitted,
)
from reporting.completion import actions as completion
from reporting.criteria.links import links_of
from reporting.indices import announcing
from reporting.marks import Moved, mark_moved
from reporting.satisfaction import actions as satisfaction
from reporting.satisfaction import exclusions
from reporting.signatures import actions as signatures
from reporting.sources import actions as sources
from reporting.sources import offered

router = EventRouter("reporting")
follow_directory(router)


@router.on(
    AssignmentCreated, AssignmentChanged, ProgressReported, ResultSubmitted, ResultAccepted,
    ResultReturned, AssignmentDueSoon, AssignmentOverdue, AssignmentCancelled, ExtensionRequested,
    ExtensionRefused, DeadlineExtended, AssignmentPaused, AssignmentResumed, AssignmentHandedOver,
    CommitmentMade, ContributionAsked, ContributionDueSoon, ContributionGiven, ContributionAccepted,
    ContributionReturned, ContributionWithdrawn,
    AssignmentUpdateMissed,
)  # fmt: skip
async def count_assignments(events: list[Received[Any]], session: AsyncSession) -> None:
    """Move completion, and the sub-criteria fed by tasks, by new − old."""
    states = [received.event.assignment for received in events]
    await announcing.touch(session, await completion.apply(session, states, links_of))


@router.on(ResponseSubmitted, guarded_by=Guard("response_fact"))
async def count_responses(events: list[Received[ResponseSubmitted]], session: AsyncSession) -> None:
    """Count ballots; what is shown of them moves with releases. The fact row is the guard."""
    if moved := await satisfaction.apply(session, events):
        await mark_moved(session, *moved)


@router.on(PlanActivated, PlanChanged, PlanReplaced)
async def keep_plans(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep plans with their targets; a year's figures may move when a plan takes effect."""
    moved = await sources.keep_plans(session, [received.event.plan for received in events])
    await announcing.touch(session, Moved(moved, await database_now(session)))


@router.on(UnitReportSubmitted, UnitReportReturned, UnitReportAccepted)
async def keep_unit_reports(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep units' reports: they are offered as evidence."""
    await offered.keep(session, [offered.of_unit_report(each.event) for each in events])


@router.on(TrustedRootChanged)
async def keep_roots(events: list[Received[TrustedRootChanged]], session: AsyncSession) -> None:
    """Keep the roots that vouch for signers: signed copies are checked under them."""
    await signatures.keep_roots(session, [each.event.root for each in events])


@router.on(InspectionConcluded)
async def keep_conclusions(
    events: list[Received[InspectionConcluded]], session: AsyncSession
) -> None:
    """Keep conclusions of inspections: they are offered as evidence."""
    await offered.keep(session, [offered.of_inspection(each.event) for each in events])


@router.on(FindingRecorded)
async def keep_findings(events: list[Received[FindingRecorded]], session: AsyncSession) -> None:
    """Keep that there are findings: they may feed sub-criteria once their conclusion is out."""
    await offered.keep(session, [offered.of_finding(each.event) for each in events])


@router.on(ResponseExcluded, ResponseRestored)
async def exclude_responses(events: list[Received[Any]], session: AsyncSession) -> None:
    """Take ballots out of what is counted, or back into it."""
    if moved := await exclusions.apply(session, [received.event for received in events]):
        await mark_moved(session, *moved)


@router.on(QuestionnairePublished)
async def keep_questionnaires(
    events: list[Received[QuestionnairePublished]], session: AsyncSession
) -> None:
    """Keep what rounds ask."""
    await sources.keep_questionnaires(session, [r.event.questionnaire for r in events])


@router.on(RoundOpened, RoundChanged, RoundClosed)
async def keep_rounds(events: list[Received[Any]], session: AsyncSession) -> None:
    """Keep rounds; a closed one makes its survey's points official."""
    moved = await sources.keep_rounds(session, events)
    await announcing.touch(session, Moved(moved, await database_now(session)))
