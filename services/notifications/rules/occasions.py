"""What each event means for people: its case, its step, who is tied to it, what is said of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.words import N_
from contracts.events import Event
from contracts.reporting import (
    CriteriaSetPublished,
    RankingPublished,
    SheetEvent,
    TargetMissed,
    TargetRecovered,
)
from contracts.surveys import RoundChanged, RoundClosed, RoundOpened, RoundState
from contracts.tasks import (
    AssignmentCancelled,
    AssignmentDueSoon,
    AssignmentEvent,
    AssignmentHandedOver,
    AssignmentOverdue,
    AssignmentState,
    AssignmentUpdateMissed,
    CommitmentMade,
    ContributionEvent,
    DeadlineExtended,
    ExtensionRefused,
    ExtensionRequested,
    PersonChanged,
    PlanActivated,
    PlanChanged,
    PlanReplaced,
    PlanState,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
    UnitChanged,
)
from notifications.rules.model import MailFailed, Occasion, SubjectType, submission_of
from notifications.rules.published import OF_REPORTS, occasion_of_published
from notifications.rules.requests import (
    OCCASIONS,
    about_contribution,
    contribution_step,
)
from notifications.rules.sheets import occasion_of_sheet
from notifications.rules.targets import occasion_of_target
from notifications.rules.wording import brief, day_text

UnitNames = Mapping[UUID, str]

WHY_LOST = {
    "left": N_("không còn làm việc"),
    "moved": N_("đã chuyển sang đơn vị khác"),
    "role": N_("đã đổi vai trò"),
}

NO_DEADLINE = N_("chưa xác định")
_AFTER: dict[type, str] = {AssignmentOverdue: "overdue", AssignmentUpdateMissed: "update_missed"}
"""What the subject is in after these, whatever its status says."""


def occasion_of(event: Event, units: UnitNames) -> Occasion:
    """Return what an event means for people.

    Args:
        event: of a type with at least one audience. TypeError for any other.
        units: names of the directory's units, for the sentences.
    """
    if isinstance(event, AssignmentEvent):
        return _of_assignment(event, units)
    if isinstance(event, (TargetMissed, TargetRecovered, SheetEvent)):
        return (
            occasion_of_sheet(event) if isinstance(event, SheetEvent) else occasion_of_target(event)
        )
    for kind, said in OCCASIONS:
        if isinstance(event, kind):
            return said(event, units)
    if isinstance(event, (PlanActivated, PlanChanged, PlanReplaced)):
        return _of_plan(event)
    if isinstance(event, (RoundOpened, RoundChanged, RoundClosed)):
        units_of = tuple(event.round.unit_ids)
        facts = _round_facts(event.round)
        return _of(event, "round", facts, scope=units_of, case=_end(event.round))
    if isinstance(event, (CriteriaSetPublished, RankingPublished, *OF_REPORTS)):
        return occasion_of_published(event)
    raise TypeError(f"nobody is told about {type(event).__name__}")


def _of_plan(event: PlanActivated | PlanChanged | PlanReplaced) -> Occasion:
    plan = event.plan
    facts = {"title": brief(plan.title), "year": str(plan.year)}
    if isinstance(event, PlanReplaced):
        facts["count"] = str(event.carried)
        case = ""
    else:
        case = _case_of_plan(event)
    occasion = _of(event, "plan", facts, scope=None, case=case)
    return replace(occasion, status=plan.status, recipient_unit_ids=tuple(plan.recipient_unit_ids))


def _case_of_plan(event: PlanActivated | PlanChanged) -> str:
    plan = event.plan
    if isinstance(event, PlanActivated):
        return "acknowledge" if plan.recipient_unit_ids else ""
    if plan.cancelled or plan.status != "closed":
        return _end(plan)
    return "rolled_over" if plan.rolled_into_id else "closed"


def _of(
    event: Event,
    subject_type: SubjectType,
    facts: Mapping[str, str],
    scope: tuple[UUID, ...] | None,
    case: str = "",
) -> Occasion:
    return Occasion(
        event_type=event.type,
        case=case,
        subject_type=subject_type,
        subject_id=event.subject,
        version=event.version,
        step=f"v{event.version}",
        scope_unit_ids=scope,
        facts=facts,
    )


def occasion_of_loss(
    event: PersonChanged | UnitChanged, state: AssignmentState, units: UnitNames, why: str = ""
) -> Occasion:
    """Return what it means for an assignment that its person or its lead unit is lost to it.

    `why`: of a person, words of ours (`WHY_LOST`).
    """
    occasion = _about(state, units)
    person = {"person": brief(event.person.name)} if isinstance(event, PersonChanged) else {}
    return replace(
        occasion,
        event_type=event.type,
        step=f"{event.subject} v{event.version}",
        facts={**occasion.facts, **person, "why": why},
    )


def occasion_of_failure(
    person_id: UUID, facts: Mapping[str, str], on: date, *, of_partner: bool = False
) -> Occasion:
    """Return what it means that a mail to a person failed for good: one per address and day.

    `facts`: the `person` it was for, the `address`, the mail server's `reply`. `of_partner`: it was
    for the contact of another system, whose id stands in the person's place.
    """
    return Occasion(
        event_type=MailFailed.type,
        case="partner" if of_partner else "",
        subject_type="partner" if of_partner else "person",
        subject_id=person_id,
        version=1,
        step=f"{facts['address']} {on}",
        facts=facts,
    )


def _end(state: PlanState | RoundState) -> str:
    return "cancelled" if state.cancelled else ""


def _of_assignment(event: AssignmentEvent, units: UnitNames) -> Occasion:
    occasion = _about(event.assignment, units)
    if isinstance(event, ContributionEvent):
        occasion = about_contribution(occasion, event, units)
    return replace(
        occasion,
        event_type=event.type,  # type: ignore[attr-defined]  # every AssignmentEvent is an Event
        case=_case(event),
        step=_step(event),
        status=_AFTER.get(type(event), occasion.status),
        submission_id=submission_of(event),
        previous_unit_id=getattr(event, "previous_unit_id", None),
        facts={**occasion.facts, **_event_facts(event, units)},
    )


def _about(state: AssignmentState, units: UnitNames) -> Occasion:
    return Occasion(
        event_type="",
        case="",
        subject_type="assignment",
        subject_id=state.assignment_id,
        version=state.version,
        step="",
        status=_standing(state),
        due_on=state.due_on,
        accountable_id=state.accountable_person_id,
        helper_ids=tuple(state.helper_ids or ()),
        lead_unit_id=state.unit_id,
        coordinating_unit_ids=tuple(state.coordinating_unit_ids),
        former_unit_ids=tuple(state.former_unit_ids),
        facts=_assignment_facts(state, units),
        state=state,
    )


def _standing(state: AssignmentState) -> str:
    if state.carried_to_id:
        return "carried"
    return "paused" if state.paused_on else state.status


def _case(event: AssignmentEvent) -> str:
    match event:
        case ProgressReported():
            return "difficulty" if event.has_difficulty else "no_difficulty"
        case ResultAccepted():
            return "on_time" if event.on_time else "late"
        case AssignmentDueSoon():
            return {0: "today", 1: "tomorrow"}.get(_reminder(event), "early")
        case AssignmentCancelled():
            return "" if event.because in {"plan_cancelled", "carried_over"} else event.because
    return ""


def _step(event: AssignmentEvent) -> str:
    """Name the obligation: a result by its id, a reminder by its due day, else the version."""
    match event:
        case ResultSubmitted() | ResultAccepted() | ResultReturned():
            return f"result {event.result_id}"
        case ExtensionRequested() | ExtensionRefused() | DeadlineExtended():
            return f"extension {event.extension_id}"
        case ContributionEvent():
            return contribution_step(event)
        case AssignmentDueSoon():
            return f"due {event.assignment.due_on} {_reminder(event)}"
        case AssignmentOverdue():
            return f"due {event.assignment.due_on}"
    return f"v{event.version}"


def _reminder(event: AssignmentDueSoon) -> int:
    """Return which reminder it is; events of before the field carried the step as the count."""
    return event.working_days_left if event.step is None else event.step


def _assignment_facts(state: AssignmentState, units: UnitNames) -> dict[str, str]:
    due = day_text(state.due_on) if state.due_on else brief(state.deadline_text) or NO_DEADLINE
    return {
        "number": state.number,
        "subject_matter": brief(state.subject_matter or state.content),
        "product": brief(state.product) or "—",
        "unit": units.get(state.unit_id, "—"),
        "deadline": due,
    }


def _event_facts(event: AssignmentEvent, units: UnitNames) -> dict[str, str]:
    match event:
        case ProgressReported():
            return {"percent": str(event.assignment.progress_percent)}
        case ResultSubmitted():
            return {"evidence": str(event.evidence_count)}
        case AssignmentDueSoon():
            return {"days": str(event.working_days_left)}
    return _act_facts(event, units)


def _act_facts(event: AssignmentEvent, units: UnitNames) -> dict[str, str]:
    match event:
        case ExtensionRequested():
            asked = event.assignment.requested_due_on
            return {"requested": day_text(asked) if asked else "—"}
        case DeadlineExtended():
            return {"previous": day_text(event.previous_due_on)}
        case AssignmentUpdateMissed():
            return {"quarter": day_text(event.quarter_ended_on)}
        case CommitmentMade():
            return {"promised": day_text(event.promised_on)}
        case AssignmentHandedOver():
            return {"previous_unit": units.get(event.previous_unit_id, "—")}
    return {}


def _round_facts(state: RoundState) -> dict[str, str]:
    return {
        "title": brief(state.title),
        "opens_on": day_text(state.opens_on),
        "closes_on": day_text(state.closes_on),
    }
