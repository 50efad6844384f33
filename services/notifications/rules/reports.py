"""What is said of a report: that it waits for its signature, may be read, did not arrive."""

from chassis.words import N_
from contracts import reporting
from contracts.reporting import ReportDraftMoved, ReportIssued, ReportMailFailed
from notifications.rules.audiences import DIRECTOR, DIRECTOR_IN_APP, OFFICE_IN_APP, SENDER, UNITS
from notifications.rules.model import Occasion, Rule
from notifications.rules.wording import brief

REPORTS = (
    Rule(
        reporting.ReportDraftMoved, "waits", category="report",
        title=N_("{kind} chờ ký"),
        body=N_("Văn phòng Sở đã kiểm tra. Kỳ số liệu từ {start} đến {end}."),
        audiences=(DIRECTOR,), asks=True, moot_at=frozenset({"draft", "signed", "discarded"}),
    ),
    Rule(
        reporting.ReportDraftMoved, "over",
        nobody_because="what waited for a signature is settled; a signed report is said to all",
    ),
    Rule(
        reporting.ReportIssued, category="report",
        title=N_("Đã ký {kind} số {number}"),
        body=N_("Kỳ số liệu từ {start} đến {end}. Nội dung và phụ lục ở trang báo cáo."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        reporting.ReportMailFailed, "refused", category="report", severity="warning",
        title=N_("Thư gửi {kind} số {number} không đến được {recipient}"),
        body=N_("Địa chỉ {address}; máy chủ thư trả lời: {reply}."
                " Hãy sửa địa chỉ hoặc gửi cách khác, ở trang báo cáo."),
        audiences=(SENDER, OFFICE_IN_APP), asks=True,
    ),
    Rule(
        reporting.ReportMailFailed, "given_up", category="report", severity="warning",
        title=N_("Thư gửi {kind} số {number} không đến được {recipient}"),
        body=N_("Địa chỉ {address}; ba ngày liền máy chủ thư không nhận: {reply}."
                " Hãy gửi lại hoặc gửi cách khác, ở trang báo cáo."),
        audiences=(SENDER, OFFICE_IN_APP), asks=True,
    ),
)  # fmt: skip


def occasion_of_report(event: ReportIssued | ReportDraftMoved | ReportMailFailed) -> Occasion:
    """Return what it means that a report waits for its signature, is signed, did not arrive."""
    if isinstance(event, ReportMailFailed):
        return _lost(event)
    return _draft(event) if isinstance(event, ReportDraftMoved) else _issued(event)


def _lost(event: ReportMailFailed) -> Occasion:
    mail = event.mail
    facts = {
        "kind": brief(mail.kind_name), "number": mail.number, "recipient": brief(mail.recipient),
        "address": mail.mail_to, "reply": brief(mail.reply or "—"),
    }  # fmt: skip
    return Occasion(
        event_type=event.type, case=mail.because, subject_type="report",
        subject_id=mail.report_id, version=event.version, step=f"mail {mail.sending_id}",
        sender_id=mail.sent_by, facts=facts,
    )  # fmt: skip


def _draft(event: ReportDraftMoved) -> Occasion:
    draft = event.draft
    facts = {
        "kind": brief(draft.kind_name), "start": f"{draft.starts_on:%d/%m/%Y}",
        "end": f"{draft.ends_on:%d/%m/%Y}",
    }  # fmt: skip
    return Occasion(
        event_type=event.type, case="waits" if draft.status == "checked" else "over",
        subject_type="report", subject_id=event.subject, version=event.version,
        step=f"v{event.version}", scope_unit_ids=None, facts=facts, status=draft.status,
    )  # fmt: skip


def _issued(event: ReportIssued) -> Occasion:
    report = event.report
    facts = {
        "kind": brief(report.kind_name), "number": report.number,
        "start": f"{report.starts_on:%d/%m/%Y}", "end": f"{report.ends_on:%d/%m/%Y}",
    }  # fmt: skip
    return Occasion(
        event_type=event.type, case="", subject_type="report", subject_id=event.subject,
        version=event.version, step=f"v{event.version}", scope_unit_ids=None,
        facts=facts,
    )  # fmt: skip
