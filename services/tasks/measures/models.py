"""Sub-criteria that our sheets or people call weak, and the measures against that."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, PrimaryKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import MeasureState, MeasureStatus
from tasks.tables import Base, one_of

POINTS = Numeric(12, 6)


class WeakCriterion(Base):
    """A row of our department's published sheet of a year, as reporting told it, or named by hand.

    `lost`: points short of the maximum; 0: not weak, kept so that an older version of the sheet
    that comes later changes nothing. `version`: of the sheet; 0: no sheet has it, nor its points.
    `position`: its place in the sheet. `reason`, `named_*`: who called it weak, and why; None: only
    the sheet does.
    """

    __tablename__ = "weak_criterion"

    year: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    lost: Mapped[Decimal] = mapped_column(POINTS)
    max_points: Mapped[Decimal] = mapped_column(POINTS)
    position: Mapped[int]
    version: Mapped[int]
    reason: Mapped[str | None] = mapped_column(Text)
    named_at: Mapped[datetime | None]
    named_by: Mapped[UUID | None]
    named_unit_id: Mapped[UUID | None]

    __table_args__ = (PrimaryKeyConstraint("year", "code"),)


class Measure(Base):
    """What a unit proposes against a sub-criterion that lost points, and what became of it.

    `unit_id` leads it. `decision_note`: why it was returned. `assignment_*`: the first that it
    became; all of them: `assignments.became`.
    """

    __tablename__ = "measure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    year: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    criterion: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    deadline_text: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    status: Mapped[MeasureStatus] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision_note: Mapped[str | None] = mapped_column(Text)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    assignment_number: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("status", MeasureStatus),
        Index("ix_measure_year", "year", "code", "proposed_at", "id"),
        Index("ix_measure_assignment_id", "assignment_id"),
    )

    def state(self, assignment_ids: Sequence[UUID] = ()) -> MeasureState:
        """Return what events say of it. `assignment_ids`: all that its deadline became."""
        return MeasureState(
            measure_id=self.id,
            version=self.version,
            year=self.year,
            code=self.code,
            criterion=self.criterion,
            unit_id=self.unit_id,
            proposed_by_id=self.proposed_by,
            status=self.status,
            plan_id=self.plan_id,
            assignment_id=self.assignment_id,
            assignment_number=self.assignment_number,
            assignment_ids=list(assignment_ids),
        )

    def facts(self) -> dict[str, Any]:
        """Return what the audit compares, as JSON."""
        return {
            "year": self.year,
            "code": self.code,
            "unit_id": str(self.unit_id),
            "deadline_text": self.deadline_text,
            "status": self.status,
            "assignment_id": str(self.assignment_id) if self.assignment_id else None,
        }
