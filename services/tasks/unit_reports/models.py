"""Tables: the report of each unit under a plan, and what the Office has set for all of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import UnitReportState, UnitReportStatus
from tasks.tables import Base, one_of
from tasks.unit_reports.domain import Returner


class UnitReport(Base):
    """What one unit owes under one plan, from the first reminder or the first word on.

    `figures`: from its assignments, as of the moment they name; fresh until the head approves.
    `drafted`: the words that were made of them, so that a person's own can be told apart.
    `difficulties`: objects of `theme` (None: not sorted), `text`, and `number` of the assignment,
    and `cause` where the unit says one.
    `due_on`, `late_days`, `on_time`: as of the day it was handed in to the Office. `reminded_*`:
    what the clock has already announced, for the due day it was about.
    """

    __tablename__ = "unit_report"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    status: Mapped[UnitReportStatus] = mapped_column(Text)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    drafted: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    results: Mapped[str] = mapped_column(Text, server_default="")
    difficulties: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    measures: Mapped[str] = mapped_column(Text, server_default="")
    proposals: Mapped[str] = mapped_column(Text, server_default="")
    author_id: Mapped[UUID | None]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    due_on: Mapped[date | None]
    handed_in_on: Mapped[date | None]
    late_days: Mapped[int | None] = mapped_column(SmallInteger)
    on_time: Mapped[bool | None]
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[Returner | None] = mapped_column(Text)
    return_reason: Mapped[str | None] = mapped_column(Text)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
    reminded_for: Mapped[date | None]
    reminded_step: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("plan_id", "unit_id"),
        one_of("status", UnitReportStatus),
        one_of("returned_by", Returner),
    )

    def facts(self) -> dict[str, Any]:
        """Return what the audit compares: no text, which stays in the report."""
        return {
            "status": self.status,
            "handed_in_on": f"{self.handed_in_on}" if self.handed_in_on else None,
            "on_time": self.on_time,
            "returned_by": self.returned_by,
        }

    def state(self, plan: tuple[str, int], due_on: date, last_working_day: date) -> UnitReportState:
        """Return what other services know of it. `plan`: its title and year."""
        handed_in = self.status in ("approved", "accepted")
        return UnitReportState(
            report_id=self.id,
            version=self.version,
            plan_id=self.plan_id,
            plan_title=plan[0],
            plan_year=plan[1],
            unit_id=self.unit_id,
            due_on=due_on,
            last_working_day=last_working_day,
            status=self.status,
            handed_in_on=self.handed_in_on if handed_in else None,
            on_time=self.on_time if handed_in else None,
            author_id=self.author_id,
        )


class UnitReportSetting(Base):
    """What the Office set for all reports, one row; until it does, `defaults.json` stands.

    `themes`: of difficulties, `code`, `name`, `active`. `reminder_steps`: working days ahead.
    `form`: what stands around the compiled report.
    """

    __tablename__ = "unit_report_setting"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    themes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reminder_steps: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]

    __table_args__ = (CheckConstraint("id = 1", name="one"),)
