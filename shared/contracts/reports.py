"""The event of a signed report; `contracts.reporting` names it, too."""

from datetime import date
from uuid import UUID

from contracts.events import Event, Payload


class ReportState(Payload):
    """A signed report: what it is, never what it says.

    The period's both days belong to it. `plan_id`: it is of this plan alone. `number`: with symbol,
    "15/BC-SNV". `sha256`: of all that was signed.
    """

    report_id: UUID
    version: int
    kind: str
    kind_name: str
    starts_on: date
    ends_on: date
    plan_id: UUID | None
    number: str
    signed_on: date
    sha256: str


class ReportIssued(Event, type="reporting.report_issued.v1", aggregate="report"):
    """A report was signed: it never changes from now on, and all staff can read it."""

    report: ReportState

    @property
    def subject(self) -> UUID:
        """Id of the report."""
        return self.report.report_id

    @property
    def version(self) -> int:
        """Version of what is told of it: it is told once."""
        return self.report.version
