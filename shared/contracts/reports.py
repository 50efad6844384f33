"""Events of reports: that one waits for its signature, that it was signed, that its mail failed.

`contracts.reporting` names them, too.
"""

from datetime import date
from typing import Literal
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


class DraftState(Payload):
    """A report that waits for its signature, or no longer: what it is, never what it says."""

    report_id: UUID
    version: int
    kind_name: str
    starts_on: date
    ends_on: date
    status: Literal["checked", "draft", "signed", "discarded"]


class ReportDraftMoved(
    Event,
    type="reporting.report_draft_moved.v1",
    aggregate="report_draft",
    audience="internal",
):
    """A report was checked and waits for its signature; or was changed after, signed, put aside."""

    draft: DraftState

    @property
    def subject(self) -> UUID:
        """Id of the report."""
        return self.draft.report_id

    @property
    def version(self) -> int:
        """Version of the report."""
        return self.draft.version


class LostMail(Payload):
    """A mail with a signed report that nobody takes, nor will be sent again by itself.

    `because`: the mail server refused it, or did not take it for days (`given_up`). `reply`: its
    last word. `sent_by`: who had it sent.
    """

    sending_id: UUID
    version: int
    report_id: UUID
    kind_name: str
    number: str
    recipient: str
    mail_to: str
    because: Literal["refused", "given_up"]
    reply: str | None
    sent_by: UUID


class ReportMailFailed(
    Event,
    type="reporting.report_mail_failed.v1",
    aggregate="report_sending",
    audience="internal",
):
    """A signed report that was to leave by mail did not reach its recipient."""

    mail: LostMail

    @property
    def subject(self) -> UUID:
        """Id of the sending."""
        return self.mail.sending_id

    @property
    def version(self) -> int:
        """Version of what is told of it: it is told once."""
        return self.mail.version
