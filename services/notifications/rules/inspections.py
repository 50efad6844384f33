"""What is said of inspections: to the Office that there is a finding, to the unit that it ended."""

from collections.abc import Mapping
from uuid import UUID

from chassis.words import N_
from contracts import tasks
from contracts.tasks import FindingRecorded, InspectionConcluded, InspectionEvent
from notifications.rules.audiences import HEAD, OFFICE_IN_APP
from notifications.rules.model import Occasion, Rule

INSPECTIONS = (
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
        audiences=(HEAD,), asks=True,
    ),
)  # fmt: skip


def occasion_of_inspection(event: InspectionEvent, units: Mapping[UUID, str]) -> Occasion:
    """Return what a finding, or the conclusion, means: of the unit's head, and of the Office."""
    inspection = event.inspection
    return Occasion(
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


def _step(event: InspectionEvent) -> str:
    if isinstance(event, FindingRecorded):
        return f"finding {event.finding_id}"
    return f"v{event.version}"
