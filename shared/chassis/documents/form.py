"""A workbook to be filled in: sheets with headings and choices, rows if there are any, a guide."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from chassis.documents.sheet import DANGEROUS, tidy

_LAST_LINE = 5_000  # as far as choices are offered
_LONGEST_LIST = 255  # characters; Excel takes no more in a list of choices
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

    `guide`: the name of the last sheet, `guidance` its lines.
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
    looks = {
        "text": book.add_format(_TEXT),
        "quoted": book.add_format({**_TEXT, "quote_prefix": True}),
        "header": book.add_format(_HEADER),
        "needed": book.add_format({**_HEADER, "font_color": "#9A1B12"}),
    }
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.title), sheet, looks)
    last = book.add_worksheet(guide)
    last.set_column(0, 0, 110)
    for line, words in enumerate(guidance):
        last.write_string(line, 0, words)
    book.close()


def _write_sheet(page: Any, sheet: FilledSheet, looks: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, looks["text"])
        page.write_string(0, place, column.heading, looks["needed" if column.needed else "header"])
        if column.choices and len(",".join(column.choices)) <= _LONGEST_LIST:
            page.data_validation(1, place, _LAST_LINE, place, _choices(column.choices))
    for line, row in enumerate(sheet.rows, 1):
        for place, value in enumerate(row):
            said = tidy(value)
            if said:
                page.write_string(
                    line, place, said, looks["quoted" if said.startswith(DANGEROUS) else "text"]
                )


def _choices(choices: tuple[str, ...]) -> dict[str, Any]:
    """Offer the words, and let others in: what is wrong is said by whoever reads the file."""
    return {"validate": "list", "source": list(choices), "error_type": "warning"}
