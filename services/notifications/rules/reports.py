"""What is said of a report: that it waits for its signature, and that all staff may read it."""

from chassis.words import N_
from contracts import reporting
from contracts.reporting import ReportDraftMoved, ReportIssued
from notifications.rules.audiences import DIRECTOR, DIRECTOR_IN_APP, OFFICE_IN_APP, UNITS
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
)  # fmt: skip


def occasion_of_draft(event: ReportDraftMoved) -> Occasion:
    """Return what it means that a report waits for its signature, or no longer."""
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


def occasion_of_report(event: ReportIssued) -> Occasion:
    """Return what it means that a report was signed."""
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
