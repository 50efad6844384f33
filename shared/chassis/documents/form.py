"""A workbook to be filled in: sheets with headings and choices, rows if there are any, a guide."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs

from chassis.documents.cells import quoted, tidy

_LAST_LINE = 5_000  # as far as choices are offered
_TEXT = {"num_format": "@", "valign": "top", "text_wrap": True}
_HEADER = {"bold": True, "bg_color": "#E7EDF5", "border": 1, "text_wrap": True, "valign": "top"}


@dataclass(frozen=True)
class FormColumn:
    """A column. `choices`: what a cell may say. `needed`: its heading is marked."""

    heading: str
    width: int
    choices: tuple[str, ...] = ()
    needed: bool = True


@dataclass(frozen=True)
class FilledSheet:
    """A sheet: every cell is a text, so that 007 stays 007."""

    title: str
    columns: Sequence[FormColumn]
    rows: Sequence[Sequence[str]]


async def write_form(sheets: Sequence[FilledSheet], guide: str, guidance: Sequence[str]) -> Path:
    """Write a workbook into a file of its own; return where. The caller removes it.

    `guide`: the name of the last sheet, `guidance` its lines; beside them what columns may say.
    """
    with tempfile.NamedTemporaryFile(suffix=".xlsx", prefix="form-", delete=False) as file:
        path = Path(file.name)
    try:
        await asyncio.to_thread(_write, path, sheets, guide, guidance)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    return path


def _write(path: Path, sheets: Sequence[FilledSheet], guide: str, guidance: Sequence[str]) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    own = {"text": _TEXT, "header": _HEADER, "needed": {**_HEADER, "font_color": "#9A1B12"}}
    looks = {name: book.add_format(look) for name, look in own.items()}
    looks |= {
        f"quoted {name}": book.add_format({**look, "quote_prefix": True})
        for name, look in own.items()
    }
    offered = [column for sheet in sheets for column in sheet.columns if column.choices]
    # Read from cells: in a list written out, Excel would take a comma within a word for its end.
    places = {id(column): _place(guide, n, column) for n, column in enumerate(offered)}
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.title), sheet, looks, places)
    _write_guide(book.add_worksheet(guide), guidance, offered, looks)
    book.close()


def _place(guide: str, number: int, column: FormColumn) -> str:
    cells = xl_range_abs(1, number + 2, len(column.choices), number + 2)
    return f"='{guide}'!{cells}"


def _write_guide(
    page: Any, guidance: Sequence[str], offered: Sequence[FormColumn], looks: dict[str, Any]
) -> None:
    page.set_column(0, 0, 110)
    page.set_column(2, 2 + len(offered), 24)
    for line in range(max([len(guidance), *(len(each.choices) + 1 for each in offered)])):
        if line < len(guidance):
            _say(page, looks, line, 0, guidance[line], "text")
        for place, column in enumerate(offered, 2):
            words = (column.heading, *column.choices)
            if line < len(words):
                _say(page, looks, line, place, words[line], "text" if line else "header")


def _write_sheet(
    page: Any, sheet: FilledSheet, looks: dict[str, Any], places: dict[int, str]
) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, looks["text"])
        _say(page, looks, 0, place, column.heading, "needed" if column.needed else "header")
        if column.choices:
            page.data_validation(1, place, _LAST_LINE, place, _choices(places[id(column)]))
    for line, row in enumerate(sheet.rows, 1):
        for place, value in enumerate(row):
            if value:
                _say(page, looks, line, place, value, "text")


def _say(page: Any, looks: dict[str, Any], line: int, place: int, text: str, look: str) -> None:
    said = tidy(text)
    page.write_string(line, place, said, looks[f"{quoted(said)}{look}"])


def _choices(place: str) -> dict[str, Any]:
    """Offer the words, and let others in: what is wrong is said by whoever reads the file."""
    return {"validate": "list", "source": place, "error_type": "warning"}
