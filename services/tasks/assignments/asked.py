"""What is asked about an assignment: contributions of coordinating units, the Office's guidance."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import ContributionState, ContributionStatus, QuestionStatus
from tasks.tables import Base, one_of

OWED: tuple[ContributionStatus, ...] = ("asked", "returned")


class Contribution(Base):
    """What a coordinating unit is asked for, by when, and what became of it.

    `note`, `given_*` and `on_time` tell of the last time it was given, `decided_*` of the last
    decision; the history has all. `file_ids`: all that ever came with it, in order. `reminded_for`:
    the last allowed day of which the clock has reminded.
    """

    __tablename__ = "contribution"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    what: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    status: Mapped[ContributionStatus] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    given_at: Mapped[datetime | None]
    given_on: Mapped[date | None]
    given_by: Mapped[UUID | None]
    on_time: Mapped[bool | None]
    note: Mapped[str] = mapped_column(Text, server_default="")
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision_note: Mapped[str | None] = mapped_column(Text)
    reminded_for: Mapped[date | None]

    __table_args__ = (
        one_of("status", ContributionStatus),
        Index(
            "ix_contribution_owed", "unit_id", "due_on",
            postgresql_where=text("status IN ('asked', 'returned')"),
        ),
        Index("ix_contribution_given", "assignment_id", postgresql_where=text("status = 'given'")),
        Index("ix_contribution_file_ids", "file_ids", postgresql_using="gin"),
    )  # fmt: skip

    def state(self) -> ContributionState:
        """Return what the assignment's events say of it."""
        stands = self.status in ("given", "accepted")
        return ContributionState(
            contribution_id=self.id,
            unit_id=self.unit_id,
            due_on=self.due_on,
            status=self.status,
            given_on=self.given_on if stands else None,
            on_time=self.on_time if stands else None,
        )


class Question(Base):
    """What a unit asks the Office about an assignment, and the answer, once it is there.

    `for_all`: the answer is made known to all units of the plan.
    """

    __tablename__ = "question"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), index=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    words: Mapped[str] = mapped_column(Text)
    status: Mapped[QuestionStatus] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    file_id: Mapped[UUID | None] = mapped_column(index=True)
    for_all: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        one_of("status", QuestionStatus),
        Index("ix_question_asked_at", "asked_at", "id"),
        Index("ix_question_plan_id", "plan_id", "asked_at", "id"),
    )
