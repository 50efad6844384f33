"""The lists of a snapshot as one workbook, a sheet each, through the one frame of all lists."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import FileResponse

from chassis.clock import TIME_ZONE
from chassis.documents.sheet import Column, Frame, sheet_response, write_sheets
from chassis.documents.sheet import Kind as CellKind
from chassis.documents.sheet import Value as Cell
from reporting.reports.models import Report
from reporting.reports.numbers import Value, number_of
from reporting.reports.papers import file_name
from reporting.reports.reading import all_parts, list_of, taken
from reporting.reports.taking import FIGURE

_MIXED = "mixed"
_KINDS: dict[str, CellKind] = {
    _MIXED: "mixed",
    "count": "number", "percent": "decimal", "points": "decimal", "day": "day", "text": "text",
}  # fmt: skip
_MM_OF_A_CHARACTER = 2
NO_LISTS, _REMARK = "Không có bảng số liệu", "Ghi chú"
NO_DATA = "Hệ thống chưa có số liệu cho bảng nào của báo cáo này."
Page = tuple[str | None, Frame, AsyncIterator[Sequence[Sequence[Cell]]]]


async def annex(session: AsyncSession, report: Report, code: str | None) -> FileResponse:
    """Return the lists, or the one asked for, as .xlsx. Raises NotFound, RuleBroken."""
    snapshot = taken(report)
    chosen = [list_of(report, code)] if code else snapshot["lists"]
    pages = [
        (each["title"], _frame(report, snapshot, each), _rows(session, report, each))
        for each in chosen
    ] or [_without(report, snapshot)]
    path = await write_sheets(pages)
    return sheet_response(path, f"Phụ lục {file_name(report)}.xlsx")


def _without(report: Report, snapshot: dict[str, Any]) -> Page:
    """Return the sheet of a report that has no list: an empty workbook would say nothing."""
    about = {"title": NO_LISTS, "headings": [], "kinds": [], "widths": [], "code": ""}
    frame = replace(_frame(report, snapshot, about), columns=[Column(_REMARK, 60)])

    async def rows() -> AsyncIterator[Sequence[Sequence[Cell]]]:
        yield [[NO_DATA]]

    return NO_LISTS, frame, rows()


def _frame(report: Report, snapshot: dict[str, Any], about: dict[str, Any]) -> Frame:
    columns = [
        Column(heading, max(8, width // _MM_OF_A_CHARACTER), _KINDS[kind])
        for heading, kind, width in zip(
            about["headings"], _kinds_of(about), about["widths"], strict=True
        )
    ]
    number = f"Số {report.number}: " if report.number else ""
    name = f"{number}{report.title} ({snapshot['period_name']})"
    said = f"{name}. Mã kiểm tra SHA-256: {report.sha256}"
    return Frame(about["title"], _as_of(report, snapshot, about), said, columns)


def _as_of(report: Report, snapshot: dict[str, Any], about: dict[str, Any]) -> datetime:
    """Return what the rows are of: the end of a period that is over, else when they were taken."""
    if snapshot["running"] or about.get("as_of"):
        return datetime.fromisoformat(snapshot["taken_at"])
    return datetime.combine(report.ends_on, time(23, 59), TIME_ZONE)


async def _rows(
    session: AsyncSession, report: Report, about: dict[str, Any]
) -> AsyncIterator[Sequence[Sequence[Cell]]]:
    kinds = _kinds_of(about)
    async for rows in all_parts(session, report.id, about["code"]):
        yield [[_cell(k, v) for k, v in zip(kinds, row, strict=True)] for row in rows]


def _kinds_of(about: dict[str, Any]) -> list[str]:
    """Return what a list's columns hold: that of all figures holds figures of every kind."""
    mixed = about["code"] == "indicators"
    pairs = zip(about["headings"], about["kinds"], strict=True)
    return [_MIXED if mixed and heading == FIGURE else kind for heading, kind in pairs]


def _cell(kind: str, value: Value) -> Cell:
    if value is None or value == "":
        return None
    if kind == _MIXED:
        number = number_of(str(value))
        return value if number is None else number
    if kind in ("percent", "points"):
        return Decimal(value)
    return date.fromisoformat(str(value)) if kind == "day" else value
