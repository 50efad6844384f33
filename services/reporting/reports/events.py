"""What others are told of a report: what it is, never what it says."""

from contracts.reports import DraftState, LostMail, ReportDraftMoved, ReportMailFailed, ReportState
from reporting.reports.models import Report, Sending


def waiting(report: Report) -> ReportDraftMoved:
    """Return the event that a report waits for its signature, or no longer does."""
    return ReportDraftMoved(draft=DraftState.model_validate({
        "report_id": report.id, "version": report.version, "kind_name": report.kind_name,
        "starts_on": report.starts_on, "ends_on": report.ends_on, "status": report.state,
    }))  # fmt: skip


def state_of(report: Report) -> ReportState:
    """Return a signed report as everybody may know it: what it is, never what it says."""
    if report.number is None or report.signed_on is None or report.signed_sha256 is None:
        raise TypeError("only a signed report is told of")
    return ReportState(
        report_id=report.id, version=1, kind=report.kind_code, kind_name=report.kind_name,
        starts_on=report.starts_on, ends_on=report.ends_on, plan_id=report.plan_id,
        number=report.number, signed_on=report.signed_on, sha256=report.signed_sha256,
    )  # fmt: skip


def lost(report: Report, sending: Sending, because: str) -> ReportMailFailed:
    """Return the event that a mail with a signed report did not reach its recipient."""
    return ReportMailFailed(mail=LostMail.model_validate({
        "sending_id": sending.id, "version": 1, "report_id": report.id,
        "kind_name": report.kind_name, "number": report.number, "recipient": sending.recipient,
        "mail_to": sending.mail_to, "because": because, "reply": sending.mail_reply,
        "sent_by": sending.sent_by,
    }))  # fmt: skip
