"""Events published by the tasks service: the directory, plans and assignments."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.assignments import (
    AssignmentCancelled,
    AssignmentChanged,
    AssignmentCreated,
    AssignmentDueSoon,
    AssignmentEvent,
    AssignmentHandedOver,
    AssignmentOverdue,
    AssignmentPaused,
    AssignmentResumed,
    AssignmentState,
    AssignmentStatus,
    AssignmentUpdateMissed,
    CommitmentMade,
    ContributionState,
    ContributionStatus,
    DeadlineExtended,
    DeadlineKind,
    ExtensionRefused,
    ExtensionRequested,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
)
from contracts.contributions import (
    ContributionAccepted,
    ContributionAsked,
    ContributionDueSoon,
    ContributionEvent,
    ContributionGiven,
    ContributionReturned,
    ContributionWithdrawn,
)
from contracts.events import Event, Payload
from contracts.inspections import (
    FindingKind,
    FindingRecorded,
    InspectionAnnounced,
    InspectionBody,
    InspectionConcluded,
    InspectionEvent,
    InspectionMethod,
    InspectionNews,
    InspectionState,
    InspectionStatus,
)
from contracts.instructions import InstructionIssued, InstructionState, IssuingBody
from contracts.measures import (
    MeasureAccepted,
    MeasureEvent,
    MeasureProposed,
    MeasureReturned,
    MeasureState,
    MeasureStatus,
)
from contracts.plans import (
    AcknowledgementState,
    PlanAcknowledged,
    PlanActivated,
    PlanChanged,
    PlanObjective,
    PlanReplaced,
    PlanState,
    PlanTarget,
)
from contracts.questions import (
    QuestionAnswered,
    QuestionAsked,
    QuestionEvent,
    QuestionState,
    QuestionStatus,
)
from contracts.trusted_roots import TrustedRootChanged, TrustedRootState
from contracts.unit_reports import (
    UnitReportAccepted,
    UnitReportDue,
    UnitReportEvent,
    UnitReportReturned,
    UnitReportState,
    UnitReportStatus,
    UnitReportSubmitted,
    UnitReportWaiting,
)
from contracts.urging import UnitUrged, UrgedAs, UrgedPerson, UrgingOrigin

__all__ = [
    "AcknowledgementState",
    "AssignmentCancelled",
    "AssignmentChanged",
    "AssignmentCreated",
    "AssignmentDueSoon",
    "AssignmentEvent",
    "AssignmentHandedOver",
    "AssignmentOverdue",
    "AssignmentPaused",
    "AssignmentResumed",
    "AssignmentState",
    "AssignmentStatus",
    "AssignmentUpdateMissed",
    "CalendarChanged",
    "CalendarDay",
    "CalendarState",
    "CommitmentMade",
    "ContributionAccepted",
    "ContributionAsked",
    "ContributionDueSoon",
    "ContributionEvent",
    "ContributionGiven",
    "ContributionReturned",
    "ContributionState",
    "ContributionStatus",
    "ContributionWithdrawn",
    "DeadlineExtended",
    "DeadlineKind",
    "ExtensionRefused",
    "ExtensionRequested",
    "FindingKind",
    "FindingRecorded",
    "InspectionAnnounced",
    "InspectionBody",
    "InspectionConcluded",
    "InspectionEvent",
    "InspectionMethod",
    "InspectionNews",
    "InspectionState",
    "InspectionStatus",
    "InstructionIssued",
    "InstructionState",
    "IssuingBody",
    "MeasureAccepted",
    "MeasureEvent",
    "MeasureProposed",
    "MeasureReturned",
    "MeasureState",
    "MeasureStatus",
    "PersonChanged",
    "PersonState",
    "PlanAcknowledged",
    "PlanActivated",
    "PlanChanged",
    "PlanObjective",
    "PlanReplaced",
    "PlanState",
    "PlanTarget",
    "ProgressReported",
    "QuestionAnswered",
    "QuestionAsked",
    "QuestionEvent",
    "QuestionState",
    "QuestionStatus",
    "ResultAccepted",
    "ResultReturned",
    "ResultSubmitted",
    "Role",
    "TrustedRootChanged",
    "TrustedRootState",
    "UnitChanged",
    "UnitKind",
    "UnitReportAccepted",
    "UnitReportDue",
    "UnitReportEvent",
    "UnitReportReturned",
    "UnitReportState",
    "UnitReportStatus",
    "UnitReportSubmitted",
    "UnitReportWaiting",
    "UnitState",
    "UnitUrged",
    "UrgedAs",
    "UrgedPerson",
    "UrgingOrigin",
]

UnitKind = Literal["department", "office", "room", "centre"]
Role = Literal[
    "director",
    "office",
    "unit_head",
    "unit_officer",
    "appraiser",
    "auditor",
    "admin",
    "external_system",
]


class UnitState(Payload):
    """A unit of the department, or another department. `aliases` are other names people write."""

    unit_id: UUID
    version: int
    code: str
    name: str
    kind: UnitKind
    parent_id: UUID | None
    aliases: list[str]
    sort_order: int
    active: bool


class UnitChanged(Event, type="tasks.unit_changed.v1", aggregate="unit", audience="internal"):
    """A unit was added, renamed, moved or closed."""

    unit: UnitState

    @property
    def subject(self) -> UUID:
        return self.unit.unit_id

    @property
    def version(self) -> int:
        return self.unit.version


class PersonState(Payload):
    """A person by post. `login` is the token's subject once it is linked.

    Away from `absent_from` to `absent_until`, both included, while `substitute_id` stands in.
    """

    person_id: UUID
    version: int
    employee_code: str
    name: str
    post: str
    email: str
    role: Role
    unit_id: UUID
    login: str | None
    active: bool
    substitute_id: UUID | None = None
    absent_from: date | None = None
    absent_until: date | None = None


class PersonChanged(Event, type="tasks.person_changed.v1", aggregate="person", audience="internal"):
    """A person was added, moved, linked to a login or left."""

    person: PersonState

    @property
    def subject(self) -> UUID:
        return self.person.person_id

    @property
    def version(self) -> int:
        return self.person.version


class CalendarDay(Payload):
    """An exception to Monday-Friday: a day off, or a make-up working day."""

    day: date
    working: bool
    name: str


class CalendarState(Payload):
    """All exceptions of one year; days not listed follow the weekend rule."""

    calendar_id: UUID
    version: int
    year: int
    days: list[CalendarDay]


class CalendarChanged(
    Event, type="tasks.calendar_changed.v1", aggregate="calendar", audience="internal"
):
    """The working calendar of a year was set."""

    calendar: CalendarState

    @property
    def subject(self) -> UUID:
        return self.calendar.calendar_id

    @property
    def version(self) -> int:
        return self.calendar.version
