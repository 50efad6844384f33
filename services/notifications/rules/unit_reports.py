"""What is said of the report a unit owes under a plan: due, to be approved, handed in, decided."""

from collections.abc import Mapping
from uuid import UUID

from chassis.words import N_
from contracts import tasks
from contracts.tasks import UnitReportDue, UnitReportEvent, UnitReportReturned, UnitReportSubmitted
from notifications.rules.audiences import HEAD_REPORTS, HEAD_REPORTS_IN_APP, OFFICE, WRITER
from notifications.rules.model import Occasion, Rule
from notifications.rules.wording import brief, day_text

_GONE = frozenset({"approved", "accepted"})
_BY_DAY = N_("Kế hoạch «{plan}». Ngày cuối nhận báo cáo: {due}; ngày làm việc cuối: {last_day}.")

UNIT_REPORTS = (
    Rule(
        tasks.UnitReportDue, "early", category="unit_report",
        title=N_("{unit} chưa gửi báo cáo: còn {left} ngày làm việc"),
        body=_BY_DAY,
        audiences=(HEAD_REPORTS,), asks=True, moot_at=_GONE,
    ),
    Rule(
        tasks.UnitReportDue, "tomorrow", category="unit_report", severity="warning",
        title=N_("{unit} chưa gửi báo cáo: còn một ngày làm việc"),
        body=_BY_DAY,
        audiences=(HEAD_REPORTS,), asks=True, moot_at=_GONE,
    ),
    Rule(
        tasks.UnitReportDue, "today", category="unit_report", severity="warning",
        title=N_("{unit} chưa gửi báo cáo: đã đến ngày làm việc cuối"),
        body=_BY_DAY,
        audiences=(HEAD_REPORTS,), asks=True, moot_at=_GONE,
    ),
    Rule(
        tasks.UnitReportWaiting, category="unit_report",
        title=N_("Báo cáo của {unit} chờ phụ trách đơn vị duyệt"),
        body=_BY_DAY,
        audiences=(HEAD_REPORTS,), asks=True, moot_at=_GONE | {"returned"},
    ),
    Rule(
        tasks.UnitReportSubmitted, "on_time", category="unit_report",
        title=N_("{unit} đã gửi báo cáo, đúng hạn"),
        body=N_("Kế hoạch «{plan}». Hãy xem và tiếp nhận, hoặc trả lại kèm lý do."),
        audiences=(OFFICE,), asks=True, moot_at=frozenset({"accepted", "returned"}),
    ),
    Rule(
        tasks.UnitReportSubmitted, "late", category="unit_report", severity="warning",
        title=N_("{unit} đã gửi báo cáo, chậm so với hạn {due}"),
        body=N_("Kế hoạch «{plan}». Hãy xem và tiếp nhận, hoặc trả lại kèm lý do."),
        audiences=(OFFICE,), asks=True, moot_at=frozenset({"accepted", "returned"}),
    ),
    Rule(
        tasks.UnitReportReturned, "office", category="unit_report", severity="warning",
        title=N_("Văn phòng Sở trả lại báo cáo của {unit}"),
        body=N_("Kế hoạch «{plan}». Hãy xem lý do, sửa và gửi lại. Ngày cuối: {due}."),
        audiences=(WRITER, HEAD_REPORTS), asks=True, moot_at=_GONE | {"submitted"},
    ),
    Rule(
        tasks.UnitReportReturned, "head", category="unit_report", severity="warning",
        title=N_("Phụ trách đơn vị trả lại báo cáo của {unit}"),
        body=N_("Kế hoạch «{plan}». Hãy xem lý do, sửa và trình lại. Ngày cuối: {due}."),
        audiences=(WRITER,), asks=True, moot_at=_GONE | {"submitted"},
    ),
    Rule(
        tasks.UnitReportAccepted, category="unit_report",
        title=N_("Văn phòng Sở đã tiếp nhận báo cáo của {unit}"),
        body=N_("Kế hoạch «{plan}»."),
        audiences=(WRITER, HEAD_REPORTS_IN_APP),
    ),
)  # fmt: skip


def occasion_of_unit_report(event: UnitReportEvent, units: Mapping[UUID, str]) -> Occasion:
    """Return what an event of a report means for people; a reminder is one per step and day."""
    report = event.report
    facts = {
        "unit": units.get(report.unit_id, "—"),
        "plan": brief(report.plan_title),
        "due": day_text(report.due_on),
        "last_day": day_text(report.last_working_day),
    }
    step = f"v{event.version}"
    if isinstance(event, UnitReportDue):
        facts["left"] = str(event.working_days_left)
        step = f"due {report.due_on} {event.step}"
    return Occasion(
        event_type=event.type,  # type: ignore[attr-defined]  # every UnitReportEvent is an Event
        case=_case(event),
        subject_type="unit_report",
        subject_id=event.subject,
        version=event.version,
        step=step,
        status=report.status,
        due_on=report.due_on,
        asked_unit_id=report.unit_id,
        writer_id=report.author_id,
        facts=facts,
    )


def _case(event: UnitReportEvent) -> str:
    if isinstance(event, UnitReportDue):
        return {0: "today", 1: "tomorrow"}.get(event.working_days_left, "early")
    if isinstance(event, UnitReportSubmitted):
        return "on_time" if event.report.on_time else "late"
    return event.returned_by if isinstance(event, UnitReportReturned) else ""
