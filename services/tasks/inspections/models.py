"""Inspections, their teams and findings, and the rule of what counts as repeated."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import (
    FindingKind,
    InspectionBody,
    InspectionMethod,
    InspectionState,
    InspectionStatus,
)
from tasks.inspections.domain import Duty
from tasks.tables import Base, one_of


class Inspection(Base):
    """An inspection of a unit from day to day, both included. `year`: that of its first day.

    `records`: what is asked for, objects as the API has them. `visited_on`: when the team came, or
    began to read. `concluded_on`: the day of the conclusion notice. `signer_*`: who signs that.
    """

    __tablename__ = "inspection"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    year: Mapped[int]
    body: Mapped[InspectionBody] = mapped_column(Text)
    method: Mapped[InspectionMethod] = mapped_column(Text)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    subject: Mapped[str] = mapped_column(Text)
    state: Mapped[InspectionStatus] = mapped_column(Text)
    records: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    announced_on: Mapped[date | None]
    announcement_number: Mapped[str | None] = mapped_column(Text)
    visited_on: Mapped[date | None]
    conclusion_number: Mapped[str | None] = mapped_column(Text)
    concluded_on: Mapped[date | None]
    conclusion: Mapped[str | None] = mapped_column(Text)
    signer_authority: Mapped[str | None] = mapped_column(Text)
    signer_post: Mapped[str | None] = mapped_column(Text)
    signer_name: Mapped[str | None] = mapped_column(Text)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"))
    cancelled_because: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]

    __table_args__ = (
        one_of("body", InspectionBody),
        one_of("method", InspectionMethod),
        one_of("state", InspectionStatus),
        CheckConstraint("starts_on <= ends_on", name="days"),
        Index(None, "starts_on", "id"),
        Index(None, "unit_id", "starts_on"),
    )

    def version_with(self, findings: int) -> int:
        """Return its version for whoever knows of so many findings: each of them moves it.

        `version` alone is what the unit sees until the conclusion: no finding moves it.
        """
        return self.version + findings

    def announced_state(self, findings: int) -> InspectionState:
        """Return what others may know of it."""
        return InspectionState(
            inspection_id=self.id,
            version=self.version_with(findings),
            unit_id=self.unit_id,
            year=self.year,
            finding_count=findings,
        )


class Member(Base):
    """Somebody of a team. A substitute serves once one who is away was replaced by them."""

    __tablename__ = "inspection_member"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    duty: Mapped[Duty] = mapped_column(Text)
    position: Mapped[int] = mapped_column(SmallInteger)
    replaced_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    replaced_because: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("inspection_id", "person_id"), one_of("duty", Duty))


class Finding(Base):
    """What a team found wanting. `assignment_id`: the remediation it became, at the conclusion.

    `closed_*`: by the Office, because that was cancelled; null of every other.
    """

    __tablename__ = "inspection_finding"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"), index=True)
    kind: Mapped[FindingKind] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    criterion_code: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_because: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (one_of("kind", FindingKind),)


class InspectionRule(Base):
    """The one row of what is data here: when a weakness is repeated, and days to remedy a finding.

    The same criterion in concluded inspections of a unit in `times` of the last `periods` years,
    this one included. `reason`: why it was changed last; "": as it came.
    """

    __tablename__ = "inspection_rule"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    times: Mapped[int] = mapped_column(SmallInteger)
    periods: Mapped[int] = mapped_column(SmallInteger)
    remediation_days: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint("times >= 2 AND periods >= 1 AND remediation_days >= 1", name="sensible"),
    )
