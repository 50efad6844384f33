"""Events published by the tasks service: the directory, plans and assignments."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.events import Event, Payload

# What is said of plans has a file of its own; here it is said by the same name as the rest.
from contracts.plans import AcknowledgementState as AcknowledgementState  # noqa: PLC0414 - told on
from contracts.plans import PlanAcknowledged as PlanAcknowledged  # noqa: PLC0414 - told on
from contracts.plans import PlanActivated as PlanActivated  # noqa: PLC0414 - told on
from contracts.plans import PlanChanged as PlanChanged  # noqa: PLC0414 - told on
from contracts.plans import PlanObjective as PlanObjective  # noqa: PLC0414 - told on
from contracts.plans import PlanReplaced as PlanReplaced  # noqa: PLC0414 - told on
from contracts.plans import PlanState as PlanState  # noqa: PLC0414 - told on
from contracts.plans import PlanTarget as PlanTarget  # noqa: PLC0414 - told on

AssignmentStatus = Literal[
    "not_started", "in_progress", "submitted", "returned", "done", "cancelled"
]
DeadlineKind = Literal["fixed", "recurring", "continuous", "triggered", "needs_person"]
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


class AssignmentState(Payload):
    """A task given to one unit for one occurrence: the thing that has a status.

    `due_on` is the last allowed day (inclusive), None while there is none: continuous, not yet
    triggered, or needing a person. `submitted_on` is the local day on which the accepted result
    was submitted; it decides on time or late. `carried_from_id`, `carried_to_id`: the assignment of
    an earlier plan that this one goes on with, and the one of a later plan that goes on with this.
    """

    assignment_id: UUID
    version: int
    number: str
    plan_id: UUID
    plan_year: int
    task_id: UUID
    task_number: str
    section: str
    subject_matter: str
    content: str
    product: str
    unit_id: UUID
    coordinating_unit_ids: list[UUID]
    accountable_person_id: UUID | None
    occurrence: str
    deadline_kind: DeadlineKind
    deadline_text: str
    starts_on: date | None
    due_on: date | None
    last_working_day: date | None
    status: AssignmentStatus
    progress_percent: int
    submitted_on: date | None
    accepted_at: datetime | None
    carried_from_id: UUID | None = None
    carried_to_id: UUID | None = None


class AssignmentEvent(Payload):
    """What all events about an assignment carry: its full state after the event."""

    assignment: AssignmentState

    @property
    def subject(self) -> UUID:
        """Id of the assignment."""
        return self.assignment.assignment_id

    @property
    def version(self) -> int:
        """Version of the assignment."""
        return self.assignment.version


class AssignmentCreated(
    AssignmentEvent, Event, type="tasks.assignment_created.v1", aggregate="assignment"
):
    """A unit was given a task under a plan that is in force."""


class AssignmentChanged(
    AssignmentEvent, Event, type="tasks.assignment_changed.v1", aggregate="assignment"
):
    """The Office set what was open: the deadline, the day of the triggering event, the person."""


class ProgressReported(
    AssignmentEvent, Event, type="tasks.progress_reported.v1", aggregate="assignment"
):
    """The unit reported progress. `has_difficulty`: its text stays in tasks."""

    has_difficulty: bool


class ResultSubmitted(
    AssignmentEvent, Event, type="tasks.result_submitted.v1", aggregate="assignment"
):
    """The unit handed in a result for acceptance."""

    result_id: UUID
    evidence_count: int


class ResultAccepted(
    AssignmentEvent, Event, type="tasks.result_accepted.v1", aggregate="assignment"
):
    """The Office accepted the result: the assignment is done."""

    result_id: UUID
    on_time: bool


class ResultReturned(
    AssignmentEvent, Event, type="tasks.result_returned.v1", aggregate="assignment"
):
    """The Office returned the result: not done."""

    result_id: UUID


class AssignmentCancelled(
    AssignmentEvent, Event, type="tasks.assignment_cancelled.v1", aggregate="assignment"
):
    """Its plan was cancelled, or another plan goes on with it: nobody owes it any more here.

    What was done before stays done.
    """


class AssignmentDueSoon(
    AssignmentEvent, Event, type="tasks.assignment_due_soon.v1", aggregate="assignment"
):
    """The last working day is near; announced at the steps 7, 3, 1 and 0 working days before it.

    `working_days_left`: as counted when announced, fewer than `step` when the clock was late; 0:
    the last working day is that day, or only days off remain until the due day.
    """

    working_days_left: int
    step: Literal[7, 3, 1, 0] | None = None


class AssignmentOverdue(
    AssignmentEvent, Event, type="tasks.assignment_overdue.v1", aggregate="assignment"
):
    """The last allowed day passed without an accepted or submitted result. Once per due day."""

    overdue_since: date
