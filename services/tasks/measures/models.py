"""Sub-criteria as our own published sheets have them, and the measures against lost points."""

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
    """A row of our department's published sheet of a year, as reporting told it.

    `lost`: points short of the maximum; 0: not weak, kept so that an older version of the sheet
    that comes later changes nothing. `version`: of the sheet. `position`: its place in the sheet.
    """

    __tablename__ = "weak_criterion"

    year: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    lost: Mapped[Decimal] = mapped_column(POINTS)
    max_points: Mapped[Decimal] = mapped_column(POINTS)
    position: Mapped[int]
    version: Mapped[int]

    __table_args__ = (PrimaryKeyConstraint("year", "code"),)


class Measure(Base):
    """What a unit proposes against a sub-criterion that lost points, and what became of it.

    `unit_id` leads it. `decision_note`: why it was returned. `assignment_id`: what it became.
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

    def state(self) -> MeasureState:
        """Return what events say of it."""
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
        )

    def facts(self) -> dict[str, Any]:
        """Return what the audit compares, as JSON."""
        return {
            "year": self.year,
            "code": self.code,
            "unit_id": str(self.unit_id),
            "status": self.status,
            "assignment_id": str(self.assignment_id) if self.assignment_id else None,
        }
