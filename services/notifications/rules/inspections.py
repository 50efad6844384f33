"""What is said of inspections: announced, to unit and team; found, to the Office; concluded."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from chassis.words import N_
from contracts import tasks
from contracts.tasks import (
    FindingRecorded,
    InspectionAnnounced,
    InspectionConcluded,
    InspectionEvent,
)
from notifications.rules.audiences import INSPECTED, OFFICE_IN_APP, TEAM
from notifications.rules.model import Occasion, Rule
from notifications.rules.wording import brief, day_text

# Not once it is visited: what is found then, the unit hears with the conclusion.
_OVERTAKEN = frozenset({"changed", "cancelled", "concluded"})
_RECORDS = N_("Hồ sơ cần có trước khi đoàn bắt đầu ngày {starts}: {records}.")
NO_RECORDS = N_("hiện không yêu cầu")

INSPECTIONS = (
    Rule(
        tasks.InspectionAnnounced, "announced", category="inspection",
        title=N_("Thông báo kiểm tra tại {unit}, {days}: {subject_matter}"),
        body=_RECORDS,
        audiences=(INSPECTED, TEAM), asks=True, moot_at=_OVERTAKEN,
    ),
    Rule(
        tasks.InspectionAnnounced, "changed", category="inspection", severity="warning",
        title=N_("Kiểm tra tại {unit} được điều chỉnh, nay là {days}: {subject_matter}"),
        body=_RECORDS,
        audiences=(INSPECTED, TEAM), asks=True, moot_at=_OVERTAKEN,
    ),
    Rule(
        tasks.InspectionAnnounced, "cancelled", category="inspection", severity="warning",
        title=N_("Hủy kiểm tra tại {unit}, {days}: {subject_matter}"),
        body=N_("Lý do ở trang của cuộc kiểm tra."),
        audiences=(INSPECTED, TEAM),
    ),
    Rule(
        tasks.FindingRecorded, category="inspection",
        title=N_("Đoàn kiểm tra ghi nhận tồn tại, hạn chế tại {unit}"),
        body=N_("Kiểm tra năm {year}, đến nay: {count}. Mở cuộc kiểm tra để đọc."),
        audiences=(OFFICE_IN_APP,), moot_at=frozenset({"concluded"}),
    ),
    Rule(
        tasks.InspectionConcluded, category="inspection",
        title=N_("Đã có kết luận kiểm tra tại {unit} năm {year}"),
        body=N_("Mở cuộc kiểm tra để đọc kết luận và những việc phải khắc phục."),
        audiences=(INSPECTED,), asks=True,
    ),
)  # fmt: skip


def occasion_of_inspection(event: InspectionEvent, units: Mapping[UUID, str]) -> Occasion:
    """Return what an event means for the unit's head, the team and the Office."""
    inspection = event.inspection
    occasion = Occasion(
        event_type=event.type,  # type: ignore[attr-defined]  # every InspectionEvent is an Event
        case="",
        subject_type="inspection",
        subject_id=event.subject,
        version=event.version,
        step=_step(event),
        status="concluded" if isinstance(event, InspectionConcluded) else "visited",
        lead_unit_id=inspection.unit_id,
        facts={
            "unit": units.get(inspection.unit_id, "—"),
            "year": str(inspection.year),
            "count": str(inspection.finding_count),
        },
    )
    return _announced(occasion, event) if isinstance(event, InspectionAnnounced) else occasion


def _announced(occasion: Occasion, event: InspectionAnnounced) -> Occasion:
    starts, ends = day_text(event.starts_on), day_text(event.ends_on)
    facts = {
        "days": starts if starts == ends else f"{starts} – {ends}",
        "starts": starts,
        "subject_matter": brief(event.subject_matter),
        "records": brief("; ".join(event.records)) or NO_RECORDS,
    }
    return replace(
        occasion,
        case=event.news,
        status=event.news,
        team_ids=tuple(event.team_ids or ()),
        facts={**occasion.facts, **facts},
    )


def _step(event: InspectionEvent) -> str:
    if isinstance(event, FindingRecorded):
        return f"finding {event.finding_id}"
    return f"v{event.version}"
