"""What is said of a report that was signed: all staff may read it from now on."""

from chassis.words import N_
from contracts import reporting
from contracts.reporting import ReportIssued
from notifications.rules.audiences import DIRECTOR_IN_APP, OFFICE_IN_APP, UNITS
from notifications.rules.model import Occasion, Rule
from notifications.rules.wording import brief

REPORTS = (
    Rule(
        reporting.ReportIssued, category="report",
        title=N_("Đã ký {kind} số {number}"),
        body=N_("Kỳ số liệu từ {start} đến {end}. Nội dung và phụ lục ở trang báo cáo."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
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
