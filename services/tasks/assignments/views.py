"""An assignment as the API shows it: the row, its task's words, and what follows from the day."""

from datetime import date, datetime
from functools import cache
from uuid import UUID

from pydantic import Field

from chassis.access import Actor
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.assignments.domain import LIVE, flags, on_time_first, working_days_left
from tasks.assignments.models import AccountableLost, Assignment, ExtensionStatus
from tasks.assignments.origin import Origin
from tasks.assignments.standing import Standing, allowed_to, standing_of, update_owed
from tasks.calendar.moment import Moment
from tasks.ladder.domain import Lateness
from tasks.plans.views import Warned


class AssignmentView(ResponseBody):
    """An assignment. `working_days_left` counts to the last working day, 0 on it and after it.

    `overdue_days`: working days past the due day; null where none has passed, though `overdue`.
    `on_time`: by the deadline it has now; `on_time_first`: by the one before any extension.
    `accountable_lost`: the accountable person left, moved to another unit, or has a role that does
    not do this; somebody else must be named. Under a draft nothing is due and nothing late.
    `source`: number, else title, of the document that gave it; None: it is the plan.
    `carried_*_id`: the assignment of another plan that it goes on with, or that goes on with it.
    `allowed`: what the caller may do with it now. A partner is told nothing about people.
    """

    id: UUID
    version: int
    number: str
    plan_id: UUID
    task_id: UUID
    task_number: str
    section: str
    subject_matter: str
    content: str
    product: str
    source: str | None
    unit_id: UUID
    coordinating_unit_ids: list[UUID]
    accountable_person_id: UUID | None
    accountable_person_name: str | None
    accountable_lost: AccountableLost | None
    occurrence: str
    deadline_kind: DeadlineKind
    deadline_text: str
    starts_on: date | None
    due_on: date | None
    last_working_day: date | None
    triggered_on: date | None
    trigger_document: str | None
    status: AssignmentStatus
    progress_percent: int
    submitted_on: date | None
    accepted_at: datetime | None
    first_due_on: date | None
    extended_times: int
    requested_due_on: date | None
    paused_on: date | None
    former_unit_ids: list[UUID]
    no_longer_applicable: bool
    on_time: bool | None
    on_time_first: bool | None
    overdue: bool
    overdue_days: int | None
    working_days_left: int | None
    needs_person: bool
    update_owed: bool
    carried_from_id: UUID | None
    carried_to_id: UUID | None
    allowed: list[str]


class FileView(ResponseBody):
    """An evidence file."""

    id: UUID
    name: str
    size: int
    sha256: str


class ResultView(ResponseBody):
    """What a unit handed in, and how it was decided. `unit_id`: that led then."""

    id: UUID
    status: str
    note: str
    unit_id: UUID
    submitted_at: datetime
    submitted_by_name: str | None
    decided_at: datetime | None
    decided_by_name: str | None
    decision_note: str | None
    files: list[FileView]


class ExtensionView(ResponseBody):
    """A request for a later deadline. `due_on`: what it was; `granted_due_on`: what was approved.

    `unit_id`: that asked. `warnings`: what to look at before deciding, while it is open.
    """

    id: UUID
    assignment_id: UUID
    status: ExtensionStatus
    unit_id: UUID
    due_on: date
    requested_due_on: date
    granted_due_on: date | None
    reason: str
    requested_at: datetime
    requested_by_name: str | None
    decided_at: datetime | None
    decided_by_name: str | None
    decision_note: str | None
    warnings: list[Warned] = Field(default=[])


class CommitmentView(ResponseBody):
    """A written commitment of a unit that is late."""

    id: UUID
    assignment_id: UUID
    unit_id: UUID
    document_number: str
    document_date: date
    promised_on: date
    note: str
    made_at: datetime
    made_by_name: str | None
    file: FileView | None


class HandoverView(ResponseBody):
    """A unit that led the assignment, until another took it over."""

    at: datetime
    from_unit_id: UUID
    to_unit_id: UUID


class Serves(ResponseBody):
    """The objective of the plan that a task serves."""

    text: str
    source: str


class Elsewhere(ResponseBody):
    """The assignment of another plan that this one goes on with, or that goes on with this one."""

    id: UUID
    number: str
    plan_id: UUID
    plan_title: str


class AssignmentDetail(AssignmentView):
    """An assignment with its results, extensions, commitments and handovers, the newest first.

    Where it came from and went, if it did: `carried_from`, `carried_to`.
    """

    results: list[ResultView]
    extensions: list[ExtensionView]
    commitments: list[CommitmentView]
    handovers: list[HandoverView]
    serves: Serves | None
    origin: Origin
    carried_from: Elsewhere | None
    carried_to: Elsewhere | None


class Change(ResponseBody):
    """A fact that was changed."""

    field: str
    before: str | None
    after: str | None


class EntryView(ResponseBody):
    """A line of the history. `version`: the assignment's after it; no actor: the system."""

    id: UUID
    version: int
    at: datetime
    kind: str
    actor_name: str | None
    percent: int | None
    note: str | None
    difficulty: str | None
    reason: str | None
    on_time: bool | None
    working_days_left: int | None
    files: list[FileView]
    changes: list[Change]


class Timeline(ResponseBody):
    """The whole history, the newest first."""

    data: list[EntryView]


class AssignmentPresenter:
    """Presents assignments to one actor at one moment."""

    def __init__(self, at: Moment, actor: Actor) -> None:
        """Take the moment lateness is judged at, and whose acts `allowed` lists."""
        self.at, self.actor = at, actor
        # Counted once for each due day: in a list many share one.
        self._left = cache(lambda due_on: working_days_left(due_on, at.today, at.calendar))
        self._late = Lateness(at.today, at.calendar)
        self._acts: dict[tuple[Standing, UUID, bool], list[str]] = {}

    def view(self, assignment: Assignment, person_name: str | None = None) -> AssignmentView:
        """Return the view of an assignment whose task is loaded."""
        found = flags(
            status=assignment.status,
            due_on=assignment.due_on,
            submitted_on=assignment.submitted_on,
            today=self.at.today,
            calendar=self.at.calendar,
            in_draft=assignment.in_draft,
            paused=assignment.paused_on is not None,
        )
        task, outside = assignment.task, self.actor.reach is not None
        lost = assignment.accountable_lost if assignment.status in LIVE else None
        return AssignmentView(
            id=assignment.id,
            version=assignment.version,
            number=assignment.number,
            plan_id=assignment.plan_id,
            task_id=assignment.task_id,
            task_number=task.number,
            section=task.section,
            subject_matter=task.subject_matter,
            content=task.content,
            product=task.product,
            source=task.source_number or task.source_title or None,
            unit_id=assignment.unit_id,
            coordinating_unit_ids=assignment.coordinating_unit_ids,
            accountable_person_id=None if outside else assignment.accountable_person_id,
            accountable_person_name=None if outside else person_name,
            accountable_lost=None if outside else lost,
            occurrence=assignment.occurrence,
            deadline_kind=assignment.deadline_kind,
            deadline_text=task.deadline_text,
            starts_on=assignment.starts_on,
            due_on=assignment.due_on,
            last_working_day=assignment.last_working_day,
            triggered_on=assignment.triggered_on,
            trigger_document=assignment.trigger_document,
            status=assignment.status,
            progress_percent=assignment.progress_percent,
            submitted_on=assignment.submitted_on,
            accepted_at=assignment.accepted_at,
            first_due_on=assignment.first_due_on,
            extended_times=assignment.extended_times,
            requested_due_on=assignment.requested_due_on,
            paused_on=assignment.paused_on,
            former_unit_ids=assignment.former_unit_ids,
            no_longer_applicable=assignment.no_longer_applicable,
            on_time=found.on_time,
            on_time_first=on_time_first(
                assignment.submitted_on, assignment.first_due_on, found.on_time
            ),
            overdue=found.overdue,
            overdue_days=(self._late.of(assignment.due_on) or None) if found.overdue else None,
            working_days_left=self._days_left(assignment),
            needs_person=assignment.deadline_kind == "needs_person",
            update_owed=update_owed(assignment),
            carried_from_id=assignment.carried_from_id,
            carried_to_id=assignment.carried_to_id,
            allowed=self._allowed(assignment),
        )

    def _allowed(self, assignment: Assignment) -> list[str]:
        if assignment.carried_to_id is not None:
            return []
        helps = self.actor.unit_id in assignment.coordinating_unit_ids
        kind = (standing_of(assignment, self.at.today), assignment.unit_id, helps)
        if kind not in self._acts:
            self._acts[kind] = allowed_to(self.actor, *kind)
        return self._acts[kind]

    def _days_left(self, assignment: Assignment) -> int | None:
        due_on = assignment.due_on
        owed = assignment.status in LIVE and assignment.paused_on is None
        counts = owed and not assignment.in_draft
        if due_on is None or not counts or due_on < self.at.today:
            return None
        return self._left(due_on)
