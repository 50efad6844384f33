"""Our department's published score sheet, as reporting says that it was published."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from tests.envelopes import envelope_of

from chassis.ids import new_id
from chassis.messaging.consuming import Consumer
from contracts.reporting import ScoredRow, ScoreSheetPublished, SheetState
from tasks.handlers import router

NOW = datetime(2026, 1, 15, 3, tzinfo=UTC)
ROWS = (
    ("1.1.1", "Ban hành kế hoạch", "2", "2"),
    ("1.1.2", "Mức độ hoàn thành kế hoạch", "0.75", "1.5"),
    ("2.1.1", "Xử lý văn bản", "0", "1"),
)
"""Code, name, points and maximum."""


def published(
    version: int = 4, rows=ROWS, year: int = 2024, id_: UUID | None = None
) -> ScoreSheetPublished:
    state = SheetState(
        sheet_id=id_ or uuid5(NAMESPACE_URL, f"sheet {year}"), version=version, year=year,
        body_id=uuid5(NAMESPACE_URL, "SNV"), body_code="SNV", body_name="Sở Nội vụ",
        block_id=uuid5(NAMESPACE_URL, "block"), block_code="SO", unit_id=None, status="published",
        index=Decimal("81.33"), points=None, applicable_points=None, bonus=None, penalty=None,
        people_ids=[], appraiser_ids=[],
    )  # fmt: skip
    told = rows and [
        ScoredRow(code=code, name=name, points=points, max_points=most)
        for code, name, points, most in rows
    ]
    return ScoreSheetPublished(sheet=state, rows=told)


async def tell(department, *events: ScoreSheetPublished) -> None:
    """Hand events to the service's consumer, each in a message of its own."""
    consumer = Consumer(router, department.database)
    for event in events:
        await consumer.apply([envelope_of(event, id=new_id(), time=NOW)])
