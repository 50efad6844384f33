"""Assignments, and the events of what becomes of them; `contracts.tasks` names them, too."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.events import Event, OfStaff, Payload, SeveralOfStaff

AssignmentStatus = Literal[
    "not_started", "in_progress", "submitted", "returned", "done", "cancelled"
]
DeadlineKind = Literal["fixed", "recurring", "continuous", "triggered", "needs_person"]
ContributionStatus = Literal["asked", "given", "accepted", "returned", "withdrawn"]


class ContributionState(Payload):
    """What one coordinating unit was asked to contribute, and whether it came in time.

    `due_on` is the last allowed day (inclusive). `given_on`: the local day on which what is
    `given` or `accepted` was handed in, None while it is owed. `on_time`: no working day had
    passed after the last allowed day.
    """

    contribution_id: UUID
    unit_id: UUID
    due_on: date
    status: ContributionStatus
    given_on: date | None
    on_time: bool | None


class AssignmentState(Payload):
    """A task given to one unit for one occurrence: the thing that has a status.

    `due_on` is the last allowed day (inclusive), None while there is none: continuous, not yet
    triggered, or needing a person. `submitted_on` is the local day on which the accepted result
    was submitted; it decides on time or late.

    `first_due_on` is the last allowed day before the first extension, None while there was none;
    `extended_times` how many there were; `requested_due_on` the day an open request asks for.
    `paused_on`: nobody owes it since that day, until it is resumed. `former_unit_ids` led it
    before it was handed over. `helper_ids`: people of the lead unit beside the accountable one.

    `carried_from_id`, `carried_to_id`: the assignment of an earlier plan that this one goes on
    with, and the one of a later plan that goes on with this. `contributions`: everything that was
    asked of coordinating units, the oldest first.
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
    accountable_person_id: OfStaff
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
    first_due_on: date | None = None
    extended_times: int = 0
    requested_due_on: date | None = None
    paused_on: date | None = None
    former_unit_ids: list[UUID] = Field(default=[])
    helper_ids: SeveralOfStaff = None
    no_longer_applicable: bool = False
    carried_from_id: UUID | None = None
    carried_to_id: UUID | None = None
    contributions: list[ContributionState] = Field(default=[])


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
    """Nobody owes it any more here, because of its plan or alone. What was done stays done.

    `because`: its plan was cancelled (`plan_cancelled`) or replaced by one that goes on with it
    (`carried_over`, and `carried_to_id` says where); or the Office ended it alone: `cancelled`, or
    `no_longer_applicable`.
    """

    because: Literal["plan_cancelled", "carried_over", "cancelled", "no_longer_applicable"] = (
        "plan_cancelled"
    )


class ExtensionRequested(
    AssignmentEvent, Event, type="tasks.extension_requested.v1", aggregate="assignment"
):
    """The unit asks for a later last allowed day; it does not count before it is granted."""

    extension_id: UUID


class ExtensionRefused(
    AssignmentEvent, Event, type="tasks.extension_refused.v1", aggregate="assignment"
):
    """The last allowed day stays as it was."""

    extension_id: UUID


class DeadlineExtended(
    AssignmentEvent, Event, type="tasks.deadline_extended.v1", aggregate="assignment"
):
    """The last allowed day was put off, at the unit's request. The appendix's words stay."""

    extension_id: UUID
    previous_due_on: date


class AssignmentPaused(
    AssignmentEvent, Event, type="tasks.assignment_paused.v1", aggregate="assignment"
):
    """Nobody owes it for now: neither due nor overdue, until it is resumed."""


class AssignmentResumed(
    AssignmentEvent, Event, type="tasks.assignment_resumed.v1", aggregate="assignment"
):
    """It is owed again, by the last allowed day it has."""


class AssignmentHandedOver(
    AssignmentEvent, Event, type="tasks.assignment_handed_over.v1", aggregate="assignment"
):
    """Another unit leads it from now on."""

    previous_unit_id: UUID


class CommitmentMade(
    AssignmentEvent, Event, type="tasks.commitment_made.v1", aggregate="assignment"
):
    """The unit, being late, commits itself in writing to a day. The last allowed day stays."""

    commitment_id: UUID
    promised_on: date


class AssignmentDueSoon(
    AssignmentEvent, Event, type="tasks.assignment_due_soon.v1", aggregate="assignment"
):
    """The last working day is near; announced at the steps 7, 3, 1 and 0 working days before it.

    `working_days_left`: as counted when announced, fewer than `step` when the clock was late; 0:
    the last working day is that day, or only days off remain until the due day.
    """

    working_days_left: int
    step: Literal[7, 3, 1, 0] | None = None


class AssignmentUpdateMissed(
    AssignmentEvent, Event, type="tasks.assignment_update_missed.v1", aggregate="assignment"
):
    """A whole quarter passed without a word about what is to be done all the time (continuous).

    `quarter_ended_on`: its last day. Once per quarter, until progress is reported.
    """

    quarter_ended_on: date


class AssignmentOverdue(
    AssignmentEvent, Event, type="tasks.assignment_overdue.v1", aggregate="assignment"
):
    """The last allowed day passed without an accepted or submitted result. Once per due day."""

    overdue_since: date
