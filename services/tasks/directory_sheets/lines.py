"""From the cells of a workbook to lines with named cells: which sheet, which column is which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.words import N_, Sentence
from tasks.directory_sheets.cells import SHEETS, Sheet, SheetName
from tasks.remarks import sentence_of, stored
from tasks.words import key

HEADER_WITHIN = 20  # rows from the top
MOST_LINES = 5_000

NO_SHEET = N_(
    "Tệp không có trang «{units}» hay «{people}». Hãy tải mẫu về, điền vào rồi tải lên lại."
)
NO_COLUMNS = N_("Trang «{sheet}» thiếu cột: {missing}. Hãy giữ nguyên dòng tiêu đề của mẫu.")
TWICE = N_("Trang «{sheet}» có hai cột «{heading}»: hãy bỏ bớt một.")
TOO_MANY = N_("Trang «{sheet}» có {count} dòng, quá nhiều: tối đa {most} dòng một lần.")
NOTHING = N_("Tệp không có dòng nào dưới dòng tiêu đề: hãy điền ít nhất một dòng.")


class FileRefused(Exception):
    """The file cannot be read. `code` is stable; the sentence says what would be right."""

    def __init__(self, code: str, template: str, **facts: object) -> None:
        """Take the code, and the sentence as template and facts."""
        super().__init__(template)
        self.code, self.sentence = code, Sentence(template, facts)


@dataclass(frozen=True)
class SeenCell:
    """A cell as it is read. `lost`: why its words are not what one sees in it."""

    text: str
    lost: Sentence | None = None


@dataclass(frozen=True)
class Line:
    """A line of a sheet. `number`: as the sheet counts, from 1. `cells`, `places`: by column."""

    number: int
    cells: Mapping[str, SeenCell]
    places: Mapping[str, str]


@dataclass(frozen=True)
class ReadSheet:
    """A sheet's lines, which columns it has, and the headings that mean nothing here."""

    name: SheetName
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    unknown: tuple[str, ...] = ()


def read_sheets(grids: Iterable[tuple[str, Sequence[Sequence[SeenCell]]]]) -> list[ReadSheet]:
    """Return the sheets of a workbook that are ours, units first. Raises FileRefused.

    `grids`: by the name of each sheet, its rows of cells.
    """
    by_title = {key(sheet.title): sheet for sheet in SHEETS.values()}
    found = {
        by_title[key(name)].name: _read(by_title[key(name)], rows)
        for name, rows in grids
        if key(name) in by_title
    }
    if not found:
        titles = {name: sheet.title for name, sheet in SHEETS.items()}
        raise FileRefused("directory_file_no_sheet", NO_SHEET, **titles)
    if not any(sheet.lines for sheet in found.values()):
        raise FileRefused("directory_file_empty", NOTHING)
    return [found[name] for name in SHEETS if name in found]


def _read(sheet: Sheet, rows: Sequence[Sequence[SeenCell]]) -> ReadSheet:
    at, columns = _header(sheet, rows)
    missing = [f.heading for f in sheet.fields if f.needed and f.name not in columns.values()]
    if missing:
        facts = {"sheet": sheet.title, "missing": "; ".join(missing)}
        raise FileRefused("directory_file_columns_missing", NO_COLUMNS, **facts)
    lines = [
        line
        for number, row in enumerate(rows[at + 1 :], at + 2)
        if (line := _line(number, row, columns))
    ]
    if len(lines) > MOST_LINES:
        raise FileRefused(
            "directory_file_too_long", TOO_MANY,
            sheet=sheet.title, count=len(lines), most=MOST_LINES,
        )  # fmt: skip
    unknown = [
        cell.text for place, cell in enumerate(rows[at]) if cell.text and place not in columns
    ]
    return ReadSheet(sheet.name, tuple(columns.values()), tuple(lines), tuple(unknown))


def _header(sheet: Sheet, rows: Sequence[Sequence[SeenCell]]) -> tuple[int, dict[int, str]]:
    """Return the row of headings, and which column stands where: the row that knows the most."""
    headings = {key(field.heading): field for field in sheet.fields}
    best: tuple[int, dict[int, str]] = (-1, {})
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        seen = {
            place: headings[key(cell.text)]
            for place, cell in enumerate(row)
            if key(cell.text) in headings
        }
        if len(seen) > len(best[1]):
            _check_once(sheet, [field.heading for field in seen.values()])
            best = number, {place: field.name for place, field in seen.items()}
    return best


def _check_once(sheet: Sheet, headings: Sequence[str]) -> None:
    twice = next((each for each in headings if headings.count(each) > 1), None)
    if twice:
        facts = {"sheet": sheet.title, "heading": twice}
        raise FileRefused("directory_file_column_twice", TWICE, **facts)


def _line(number: int, row: Sequence[SeenCell], columns: Mapping[int, str]) -> Line | None:
    """Return the line, None for one that says nothing in our columns."""
    cells = {
        name: row[place] if place < len(row) else SeenCell("") for place, name in columns.items()
    }
    if not any(cell.text or cell.lost for cell in cells.values()):
        return None
    places = {name: f"{_letters(place)}{number}" for place, name in columns.items()}
    return Line(number, cells, places)


def _letters(place: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    letters, rest = "", place + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def stored_line(line: Line) -> dict[str, Any]:
    """Return a line as JSON has it."""
    cells = {
        name: {"text": cell.text, "lost": cell.lost and stored(cell.lost)}
        for name, cell in line.cells.items()
    }
    return {"number": line.number, "cells": cells, "places": dict(line.places)}


def line_of(data: Mapping[str, Any]) -> Line:
    """Return a stored line."""
    cells = {
        name: SeenCell(cell["text"], cell["lost"] and sentence_of(cell["lost"]))
        for name, cell in data["cells"].items()
    }
    return Line(data["number"], cells, data["places"])
