"""Assignments: a task given to one unit for one occurrence, its results and its history."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    case,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from contracts.tasks import AssignmentState, AssignmentStatus, ContributionState, DeadlineKind
from tasks.assignments.indexes import INDEXES
from tasks.directory.models import Person
from tasks.plans.models import Plan, Task
from tasks.tables import Base, one_of

ResultStatus = Literal["submitted", "accepted", "returned"]
EntryKind = Literal[
    "created", "progress", "result_submitted", "result_accepted", "result_returned", "changed",
    "overdue", "due_soon", "cancelled", "extension_requested", "extension_refused",
    "deadline_extended", "paused", "resumed", "handed_over", "committed",
    "contribution_asked", "contribution_due_soon", "contribution_given", "contribution_accepted",
    "contribution_returned", "contribution_withdrawn", "update_missed",
]  # fmt: skip
ExtensionStatus = Literal["open", "approved", "refused", "withdrawn"]
AccountableLost = Literal["left", "moved", "role"]
FIXED = {"fixed": True}
"""Of a column that no later version changes."""
LONGEST_WORD = 100  # characters of a word that are kept for looking it up
AT_WORK = ("unit_head", "unit_officer", "office", "director")


class Assignment(Base):
    """The thing that has a status. Meaning of the days: `contracts.tasks.AssignmentState`.

    `overdue_announced_for`, `reminded_for`, `reminded_step`: what the clock has already announced,
    each for a due day, so that a new due day is announced anew; of what is continuous the first:
    the last day of the quarter in which nothing was reported, until something is. `in_draft`: the
    plan is not in force, so nothing is due yet. `accountable_lost`: why the person cannot be
    counted on any more.
    """

    __tablename__ = "assignment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    year: Mapped[int] = mapped_column(info=FIXED)
    sequence: Mapped[int] = mapped_column(info=FIXED)
    number: Mapped[str] = mapped_column(Text, info=FIXED)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), info=FIXED)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True, info=FIXED)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    coordinating_unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    accountable_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    occurrence: Mapped[str] = mapped_column(Text, info=FIXED)
    deadline_kind: Mapped[DeadlineKind] = mapped_column(Text)
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    last_working_day: Mapped[date | None]
    triggered_on: Mapped[date | None]
    trigger_document: Mapped[str | None] = mapped_column(Text)
    status: Mapped[AssignmentStatus] = mapped_column(Text)
    progress_percent: Mapped[int] = mapped_column(SmallInteger)
    submitted_on: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    search_text: Mapped[str] = mapped_column(Text, info=FIXED)
    overdue_announced_for: Mapped[date | None]
    reminded_for: Mapped[date | None]
    reminded_step: Mapped[int | None] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(info=FIXED)
    first_due_on: Mapped[date | None]
    extended_times: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    requested_due_on: Mapped[date | None]
    paused_on: Mapped[date | None]
    former_unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    helper_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    no_longer_applicable: Mapped[bool] = mapped_column(server_default="false")
    carried_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    carried_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    contributions: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    in_draft: Mapped[bool] = column_property(
        select(Plan.status == "draft")
        .where(Plan.id == plan_id)
        .correlate_except(Plan)
        .scalar_subquery()
    )
    accountable_lost: Mapped[AccountableLost | None] = column_property(
        select(
            case(
                (~Person.active, "left"),
                (Person.unit_id != unit_id, "moved"),
                (Person.role.not_in(AT_WORK), "role"),
            )
        )
        .where(Person.id == accountable_person_id)
        .correlate_except(Person)
        .scalar_subquery()
    )

    task: Mapped[Task] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("year", "sequence"),
        *INDEXES,
        CheckConstraint("progress_percent BETWEEN 0 AND 100", name="progress_percent"),
        one_of("deadline_kind", DeadlineKind),
        one_of("status", AssignmentStatus),
    )

    def state(self) -> AssignmentState:
        """Return the full state that events carry, its task's words included."""
        task = self.task
        return AssignmentState(
            assignment_id=self.id,
            version=self.version,
            number=self.number,
            plan_id=self.plan_id,
            plan_year=self.year,
            task_id=self.task_id,
            task_number=task.number,
            section=task.section,
            subject_matter=task.subject_matter,
            content=task.content,
            product=task.product,
            unit_id=self.unit_id,
            coordinating_unit_ids=list(self.coordinating_unit_ids),
            accountable_person_id=self.accountable_person_id,
            occurrence=self.occurrence,
            deadline_kind=self.deadline_kind,
            deadline_text=task.deadline_text,
            starts_on=self.starts_on,
            due_on=self.due_on,
            last_working_day=self.last_working_day,
            status=self.status,
            progress_percent=self.progress_percent,
            submitted_on=self.submitted_on,
            accepted_at=self.accepted_at,
            first_due_on=self.first_due_on,
            extended_times=self.extended_times,
            requested_due_on=self.requested_due_on,
            paused_on=self.paused_on,
            former_unit_ids=list(self.former_unit_ids),
            helper_ids=list(self.helper_ids),
            no_longer_applicable=self.no_longer_applicable,
            carried_from_id=self.carried_from_id,
            carried_to_id=self.carried_to_id,
            contributions=[ContributionState.model_validate(each) for each in self.contributions],
        )


class AssignmentWords(Base):
    """The words an assignment is found by, apart from it: they never change, it does.

    Each word of `search_text` as it stands, and numbers without leading zeros too. The database
    keeps it by a trigger, so that no writer forgets it.
    """

    __tablename__ = "assignment_words"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    words: Mapped[str] = mapped_column(TSVECTOR)

    __table_args__ = (Index("ix_assignment_words_words", "words", postgresql_using="gin"),)


class Result(Base):
    """What a unit handed in, and how the Office decided. `submitted_on` is the local day."""

    __tablename__ = "result"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    status: Mapped[ResultStatus] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime]
    submitted_on: Mapped[date]
    submitted_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision_note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (one_of("status", ResultStatus),)


class ResultFile(Base):
    """An evidence file of a result, in the order given."""

    __tablename__ = "result_file"

    result_id: Mapped[UUID] = mapped_column(ForeignKey("result.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file_id: Mapped[UUID] = mapped_column(index=True)


class Extension(Base):
    """A request for a later deadline, and what became of it. `due_on`: the deadline it is about.

    `unit_id`: that asked, whoever leads the assignment now. `granted_due_on`: what was approved,
    not always what was asked for. At most one of an assignment is open.
    """

    __tablename__ = "deadline_extension"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    status: Mapped[ExtensionStatus] = mapped_column(Text)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    due_on: Mapped[date]
    requested_due_on: Mapped[date]
    granted_due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime]
    requested_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision_note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("status", ExtensionStatus),
        Index(
            "uq_deadline_extension_open", "assignment_id", unique=True,
            postgresql_where=text("status = 'open'"),
        ),
    )  # fmt: skip


class Commitment(Base):
    """A written commitment of who is late. `version`: the assignment's after it was entered."""

    __tablename__ = "commitment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    version: Mapped[int]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    document_number: Mapped[str] = mapped_column(Text)
    document_date: Mapped[date]
    promised_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    file_id: Mapped[UUID | None] = mapped_column(index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]


class Entry(Base):
    """One line of an assignment's history; only ever added. `version`: the assignment's after it.

    `actor_id` None: the clock. Texts of difficulties stay here and go into no event.
    """

    __tablename__ = "assignment_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    version: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[EntryKind] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    percent: Mapped[int | None] = mapped_column(SmallInteger)
    note: Mapped[str | None] = mapped_column(Text)
    difficulty: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    on_time: Mapped[bool | None]
    working_days_left: Mapped[int | None] = mapped_column(SmallInteger)
    result_id: Mapped[UUID | None]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))

    __table_args__ = (
        UniqueConstraint("assignment_id", "version"),
        Index("ix_assignment_entry_at_id", "at", "id"),
        one_of("kind", EntryKind),
    )
