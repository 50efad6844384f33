"""A list as .xlsx: title, as-of time, the filter in words, a frozen header, then row by row.

Every list is exported through here. Memory does not grow with the rows: a row is on the disk once
the next one comes, and the event loop only fetches: writing is a thread's work.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import xlsxwriter
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from chassis.clock import TIME_ZONE
from chassis.documents.cells import quoted, tidy
from chassis.i18n import Language, say
from chassis.words import N_, Sentence

Kind = Literal["text", "number", "decimal", "percent", "day", "instant", "mixed"]
"""`mixed`: whole numbers, decimals and texts in one column, each cell by what it holds."""
Value = str | int | float | Decimal | date | datetime | None
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000  # Excel holds 1,048,576 lines
AS_OF = N_("Tính đến {time} ngày {day} (giờ Việt Nam)")
_FIRST_DAY = date(1899, 12, 30).toordinal()  # of Excel's count
_SECONDS = 86_400
_NOT_PLAIN = re.compile(r'[^ -~]|["\\/?]')  # what a header's quoted name cannot hold
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31  # of a sheet's name
_HEADER_LINE = 4  # from 0: title, as-of, filter, an empty line
_TOP = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#C8CED6"}
_TEXTS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"italic": True},
    "header": {
        "bold": True, "bg_color": "#E7EDF5", "border": 1, "text_wrap": True, "valign": "vcenter",
        "align": "center",
    },
    "text": _TOP,
}  # fmt: skip
_FORMATS: dict[str, dict[str, Any]] = {
    **_TEXTS,
    **{f"quoted {name}": {**look, "quote_prefix": True} for name, look in _TEXTS.items()},
    "number": {**_TOP, "num_format": "#,##0"},
    "decimal": {**_TOP, "num_format": "#,##0.00"},
    "exact": {**_TOP, "num_format": "#,##0.00##"},
    "percent": {**_TOP, "num_format": '0"%"'},
    "day": {**_TOP, "num_format": "dd/mm/yyyy", "align": "center"},
    "instant": {**_TOP, "num_format": "dd/mm/yyyy hh:mm", "align": "center"},
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column. `width`: in characters."""

    heading: str
    width: int
    kind: Kind = "text"


@dataclass(frozen=True)
class Frame:
    """What stands around the rows, said in the reader's language already. `filter`: in words."""

    title: str
    as_of: datetime
    filter: str
    columns: Sequence[Column]
    language: Language = "vi"


async def write_sheet(frame: Frame, batches: AsyncIterator[Sequence[Sequence[Value]]]) -> Path:
    """Write a workbook into a file of its own; return where. The caller removes it.

    `batches`: rows of values in the order of the columns; None leaves a cell empty.
    """
    return await write_sheets([(None, frame, batches)])


async def write_sheets(
    pages: Sequence[tuple[str | None, Frame, AsyncIterator[Sequence[Sequence[Value]]]]],
) -> Path:
    """Write a workbook of several sheets, each with its name (None: Excel's), frame and rows."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx", prefix="sheet-", delete=False) as file:
        path = Path(file.name)
    try:
        book = await asyncio.to_thread(_Book, path)
        for name, frame, batches in pages:
            page = await asyncio.to_thread(book.page, frame, name)
            async for rows in batches:
                await asyncio.to_thread(page.write, rows)
            await asyncio.to_thread(page.finish)
        await asyncio.to_thread(book.close)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    return path


def sheet_response(path: Path, name: str) -> FileResponse:
    """Answer with a written workbook as an attachment, and remove it once it is sent."""
    plain = _NOT_PLAIN.sub("_", name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return FileResponse(
        path,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


class _Book:
    """A workbook whose sheets are written one after the other."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
        )
        self._formats = {name: self._book.add_format(look) for name, look in _FORMATS.items()}

    def page(self, frame: Frame, name: str | None) -> "_Page":
        """Begin a sheet."""
        shown = name and _NOT_IN_A_NAME.sub(" ", name)[:_LONGEST_NAME].strip()
        return _Page(self._book.add_worksheet(shown), self._formats, frame)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


class _Page:
    """A sheet that is written line by line and never looks back."""

    def __init__(self, sheet: Any, formats: dict[str, Any], frame: Frame) -> None:
        self._frame, self._sheet, self._formats = frame, sheet, formats
        self._line = _HEADER_LINE
        self._begin()
        writers = self._writers()
        self._columns = [writers[column.kind] for column in frame.columns]

    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        """Write lines below the last one."""
        columns, line = self._columns, self._line
        for row in rows:
            line += 1
            for place, value in enumerate(row):
                columns[place](line, place, value)
        self._line = line

    def finish(self) -> None:
        """Let every column be filtered."""
        last = max(self._line, _HEADER_LINE + 1)
        self._sheet.autofilter(_HEADER_LINE, 0, last, len(self._columns) - 1)

    def _begin(self) -> None:
        sheet, frame = self._sheet, self._frame
        for place, column in enumerate(frame.columns):
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(_HEADER_LINE + 1, 0)
        sheet.repeat_rows(_HEADER_LINE)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        local = frame.as_of.astimezone(TIME_ZONE)
        facts = {"time": f"{local:%H:%M:%S}", "day": f"{local:%d/%m/%Y}"}
        said = say(Sentence(AS_OF, facts), frame.language)
        for line, text, look in ((0, frame.title, "title"), (1, said, "note"),
                                 (2, frame.filter, "note")):  # fmt: skip
            self._say(line, 0, text, look)
        for place, column in enumerate(frame.columns):
            self._say(_HEADER_LINE, place, column.heading, "header")

    def _say(self, line: int, place: int, text: str, look: str) -> None:
        said = tidy(text)
        self._sheet.write_string(line, place, said, self._formats[f"{quoted(said)}{look}"])

    def _writers(self) -> dict[Kind, Callable[[int, int, Any], None]]:
        """Return what writes a value of each kind: a formula is made of none."""
        text, number = self._sheet.write_string, self._sheet.write_number
        blank, formats = self._sheet.write_blank, self._formats
        looks = {begin: formats[f"{begin}text"] for begin in ("", "quoted ")}

        def write_text(line: int, place: int, value: Any) -> None:
            if value is None:
                blank(line, place, None, looks[""])
                return
            said = tidy(value)
            text(line, place, said, looks[quoted(said)])

        def counted(kind: str, count: Callable[[Any], float]) -> Callable[[int, int, Any], None]:
            look = formats[kind]

            def write(line: int, place: int, value: Any) -> None:
                if value is None:
                    blank(line, place, None, look)
                else:
                    number(line, place, count(value), look)

            return write

        whole, exact = counted("number", float), counted("exact", float)

        def write_mixed(line: int, place: int, value: Any) -> None:
            write = write_text if value is None or isinstance(value, str) else exact
            (whole if isinstance(value, int) else write)(line, place, value)

        return {
            "text": write_text,
            "mixed": write_mixed,
            "number": whole,
            "decimal": counted("decimal", float),
            "percent": counted("percent", float),
            "day": counted("day", _day_number),
            "instant": counted("instant", _instant_number),
        }


def _day_number(day: date) -> int:
    return day.toordinal() - _FIRST_DAY


def _instant_number(at: datetime) -> float:
    local = at.astimezone(TIME_ZONE)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return local.toordinal() - _FIRST_DAY + seconds / _SECONDS
