"""Events of the reports that units owe under a plan; `contracts.tasks` has them by these names."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.events import Event, OfStaff, Payload

UnitReportStatus = Literal["owed", "draft", "submitted", "approved", "returned", "accepted"]


class UnitReportState(Payload):
    """The report of a unit under a plan; what it says stays in tasks.

    `due_on`: the last allowed day, `last_working_day` the last one on which people work. `owed`:
    nobody has begun; `submitted`: the unit's head has to approve; `approved`: with the Office since
    `handed_in_on`; `returned`: owed again, by the same day. `on_time`: null until it is handed in.
    """

    report_id: UUID
    version: int
    plan_id: UUID
    plan_title: str
    plan_year: int
    unit_id: UUID
    due_on: date
    last_working_day: date
    status: UnitReportStatus
    handed_in_on: date | None
    on_time: bool | None
    author_id: OfStaff


class UnitReportEvent(Payload):
    """What all events about a unit's report carry: its full state after the event."""

    report: UnitReportState

    @property
    def subject(self) -> UUID:
        """Id of the report."""
        return self.report.report_id

    @property
    def version(self) -> int:
        """Version of the report."""
        return self.report.version


class UnitReportDue(
    UnitReportEvent,
    Event,
    type="tasks.unit_report_due.v1",
    aggregate="unit_report",
    audience="internal",
):
    """A unit has not reported and few working days are left; each step announced once."""

    step: int
    working_days_left: int


class UnitReportWaiting(
    UnitReportEvent,
    Event,
    type="tasks.unit_report_waiting.v1",
    aggregate="unit_report",
    audience="internal",
):
    """A report waits for the head of its unit."""


class UnitReportSubmitted(
    UnitReportEvent, Event, type="tasks.unit_report_submitted.v1", aggregate="unit_report"
):
    """The head of a unit approved its report: it is with the Office now, in time or late."""


class UnitReportReturned(
    UnitReportEvent,
    Event,
    type="tasks.unit_report_returned.v1",
    aggregate="unit_report",
    audience="internal",
):
    """A report was returned: by the Office to the unit, or by its head to who wrote it."""

    returned_by: Literal["office", "head"]


class UnitReportAccepted(
    UnitReportEvent,
    Event,
    type="tasks.unit_report_accepted.v1",
    aggregate="unit_report",
    audience="internal",
):
    """The Office accepted a unit's report."""
