"""Events published by the tasks service: the directory, plans and assignments."""

from datetime import date
from decimal import Decimal
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
    CommitmentMade,
    DeadlineExtended,
    DeadlineKind,
    ExtensionRefused,
    ExtensionRequested,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
)
from contracts.events import Event, Payload

__all__ = [
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
    "CalendarChanged",
    "CalendarDay",
    "CalendarState",
    "CommitmentMade",
    "DeadlineExtended",
    "DeadlineKind",
    "ExtensionRefused",
    "ExtensionRequested",
    "PersonChanged",
    "PersonState",
    "PlanActivated",
    "PlanChanged",
    "PlanState",
    "PlanTarget",
    "ProgressReported",
    "ResultAccepted",
    "ResultReturned",
    "ResultSubmitted",
    "Role",
    "UnitChanged",
    "UnitKind",
    "UnitState",
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
    """A person by post. `login` is the token's subject once it is linked."""

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


class PlanTarget(Payload):
    """A published figure to reach. `value` None: unknown, the Office enters it."""

    index: Literal["satisfaction", "par"]
    comparison: Literal["over", "at_least"]
    value: Decimal | None
    source: str


class PlanState(Payload):
    """A yearly plan. `closes_on` is the last allowed day of its reports.

    `cancelled`: it is closed because it was given up; nothing of it counts any more.
    """

    plan_id: UUID
    version: int
    year: int
    title: str
    unit_id: UUID
    status: Literal["draft", "active", "closed"]
    closes_on: date
    targets: list[PlanTarget]
    cancelled: bool = False


class PlanActivated(Event, type="tasks.plan_activated.v1", aggregate="plan"):
    """A plan took effect: its assignments count from now on."""

    plan: PlanState

    @property
    def subject(self) -> UUID:
        return self.plan.plan_id

    @property
    def version(self) -> int:
        return self.plan.version


class PlanChanged(Event, type="tasks.plan_changed.v1", aggregate="plan"):
    """A plan's title, targets or closing day changed, or it was cancelled."""

    plan: PlanState

    @property
    def subject(self) -> UUID:
        return self.plan.plan_id

    @property
    def version(self) -> int:
        return self.plan.version
