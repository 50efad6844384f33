"""Sheets of an .xlsx as grids: what a person sees in the cells, hidden things known as such."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chassis.words import N_, Sentence
from tasks.imports.appendix import marks
from tasks.imports.appendix.excel_around import commented, drawn, on_pages, place_of
from tasks.imports.appendix.excel_styles import Styles
from tasks.imports.appendix.excel_words import Rich, rich
from tasks.imports.appendix.marks import quoting, without_typed_marks
from tasks.imports.appendix.model import Cell, Document, Grid
from tasks.imports.appendix.number_formats import BY_MACHINE, moment, show, shown_text
from tasks.imports.appendix.package import Package, local, related_id
from tasks.imports.appendix.safety import MOST_SHEET_COLUMNS, MOST_SHEET_ROWS
from tasks.remarks import Remark
from tasks.words import tidy

PLACE, HIDDEN_PLACE = N_("Trang tính “{name}”"), N_("Trang tính “{name}” (ẩn)")
LINKED = Sentence(
    N_("Tệp lấy số liệu từ tệp khác: các ô đó được đọc theo giá trị lưu lần cuối trong tệp này.")
)
COMMENTED = Sentence(N_("Tệp có ghi chú kèm ô; nội dung ghi chú không được nhập."))
BOX_OUTSIDE = N_("Khung chữ đặt trên trang tính không được nhập: “{words}”.")

_CHANGING = re.compile(r"\b(?:TODAY|NOW)\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Value:
    """A cell as the file has it: the kind of its value, the value, its style.

    `changing`: its formula says another day each day; so may any formula of such a sheet.
    """

    kind: str
    text: str
    style: int
    rich: Rich | None
    uncalculated: bool
    formula: bool = False
    changing: bool = False


@dataclass(slots=True)
class _Sheet:
    """What the parts of a sheet say, by row and column from 0."""

    values: dict[tuple[int, int], _Value] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    comments: list[tuple[tuple[int, int], str]] = field(default_factory=list)
    last_row: int = -1


@dataclass(frozen=True, slots=True)
class _Book:
    strings: Sequence[Rich]
    styles: Styles
    since_1904: bool


def read(package: Package) -> Document:
    """Return every sheet in order. Raises ValueError for a workbook without sheets."""
    root = package.root("xl/workbook.xml")
    if root is None:
        raise ValueError("no workbook")
    parts = package.related("xl/workbook.xml")
    strings = [rich(item) for item in package.each("xl/sharedStrings.xml", "si")]
    styles = Styles(package.root("xl/styles.xml"))
    settings = root.find("{*}workbookPr")
    since_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    book = _Book(strings, styles, since_1904)
    sheets = [
        (parts.get(related_id(sheet), ""), sheet) for sheet in root.iterfind("{*}sheets/{*}sheet")
    ]
    grids = [_grid(package, part, sheet, book) for part, sheet in sheets]
    placed = [(part, grid.place) for (part, _), grid in zip(sheets, grids, strict=True)]
    pictures = [place for part, place in placed for _ in drawn(package, part)]
    remarks = (*_remarks(package), *marks.pictures("file_picture", pictures))
    return Document(grids, remarks, tuple(on_pages(package, placed)))


def _grid(package: Package, part: str, element: Any, book: _Book) -> Grid:
    hidden = element.get("state") in ("hidden", "veryHidden")
    name = tidy(element.get("name") or "")
    place = Sentence(HIDDEN_PLACE if hidden else PLACE, {"name": name})
    sheet = _sheet(package, part, book)
    return Grid(
        place,
        _rows(sheet, book),
        hidden,
        frozenset(sheet.hidden_rows),
        frozenset(sheet.hidden_columns),
        name=name,
    )


def _sheet(package: Package, part: str, book: _Book) -> _Sheet:
    sheet = _Sheet(comments=list(commented(package, part)))
    for element in package.each(part, "row", "col", "mergeCell"):
        if local(element) == "row":
            _take_row(element, sheet, book)
        elif local(element) == "col" and _is_hidden(element, "width"):
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            sheet.hidden_columns |= set(range(first - 1, min(last, MOST_SHEET_COLUMNS)))
        elif local(element) == "mergeCell":
            sheet.merges += _merge(element.get("ref") or "")
    return sheet


def _take_row(row: Any, sheet: _Sheet, book: _Book) -> None:
    """Blank cells are nothing, however far out somebody has formatted them."""
    number = sheet.last_row = int(row.get("r") or sheet.last_row + 2) - 1
    if number < MOST_SHEET_ROWS and _is_hidden(row, "ht"):
        sheet.hidden_rows.add(number)
    column = -1
    for cell in row:
        place = place_of(cell.get("r") or "")
        column = place[1] if place else column + 1
        if value := _value(cell, book):
            sheet.values[number, column] = value


def _is_hidden(element: Any, size: str) -> bool:
    return element.get("hidden") in ("1", "true") or _is_zero(element.get(size))


def _is_zero(size: str | None) -> bool:
    return size is not None and not float(size)


def _value(cell: Any, book: _Book) -> _Value | None:
    parts = {local(part): part for part in cell}
    kind, style = cell.get("t") or "n", int(cell.get("s") or 0)
    if "is" in parts:
        return _Value("s", "", style, rich(parts["is"]), uncalculated=False)
    text = (parts["v"].text or "") if "v" in parts else ""
    if kind == "s" and text:
        return _Value("s", "", style, book.strings[int(text)], uncalculated=False)
    if not text and "f" not in parts:
        return None
    formula = parts["f"].text or "" if "f" in parts else ""
    return _Value(
        kind,
        text,
        style,
        None,
        uncalculated=not text and kind != "str",
        formula="f" in parts,
        changing=_CHANGING.search(formula) is not None,
    )


def _merge(reference: str) -> list[tuple[int, int, int, int]]:
    first, _, last = reference.partition(":")
    top_left, bottom_right = place_of(first), place_of(last)
    return [(*top_left, *bottom_right)] if top_left and bottom_right else []


# ---------------------------------------------------------------- from values to cells


def _rows(sheet: _Sheet, book: _Book) -> list[list[Cell]]:
    day_first = _days_come_first(sheet.values.values(), book)
    changing = any(value.changing for value in sheet.values.values())
    rows: list[list[Cell]] = [[] for _ in range(max((r for r, _ in sheet.values), default=-1) + 1)]
    for place, value in sorted(sheet.values.items()):
        _fill(rows[place[0]], place[0], place[1])
        cell = _cell(value, place, book, day_first=day_first)
        rows[place[0]][place[1]] = _doubted(cell, value, book) if changing else cell
    for place, words in sheet.comments:
        _comment(rows, place, words)
    for top, left, bottom, right in sheet.merges:
        _spread(rows, top, left, min(bottom, len(rows) - 1), min(right, MOST_SHEET_COLUMNS - 1))
    return rows


def _doubted(cell: Cell, value: _Value, book: _Book) -> Cell:
    """A day that a formula says in a sheet that asks for today may be another one tomorrow."""
    says_day = value.kind == "str" or book.styles.is_date(value.style)
    if not value.formula or not (value.changing or says_day):
        return cell
    remarks = quoting("row_date_changes", marks.FORMULA_CHANGING, [cell.text])
    return replace(cell, remarks=(*cell.remarks, *remarks))


def _comment(rows: list[list[Cell]], place: tuple[int, int], words: str) -> None:
    number, column = place
    if number < len(rows) and column < MOST_SHEET_COLUMNS:
        _fill(rows[number], number, column)
        cell = rows[number][column]
        remarks = quoting("row_comment", marks.COMMENT, [words])
        rows[number][column] = replace(cell, remarks=(*cell.remarks, *remarks))


def _fill(row: list[Cell], number: int, column: int) -> None:
    row.extend(Cell("", (number, at)) for at in range(len(row), column + 1))


def _spread(rows: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(rows) or left >= len(rows[top]) or not rows[top][left].text:
        return
    for number in range(top, bottom + 1):
        _fill(rows[number], number, right)
        rows[number][left : right + 1] = [rows[top][left]] * (right + 1 - left)


def _days_come_first(values: Iterable[_Value], book: _Book) -> bool:
    """A date above the twelfth in the machine's order was typed on a machine with the day first.

    (A machine with the month first takes 30/6/2026 for text, and 7/6/2026 for the 6th of July.)
    """
    shown = (
        moment(one.text, since_1904=book.since_1904)
        for one in values
        if one.kind == "n" and one.text and book.styles.number(one.style) in BY_MACHINE
    )
    return any(when is not None and when.day > 12 for when in shown)  # noqa: PLR2004 - months


def _cell(value: _Value, place: tuple[int, int], book: _Book, *, day_first: bool) -> Cell:
    text, remarks = _text(value, book, day_first=day_first)
    text, typed = without_typed_marks(tidy(text))
    remarks += quoting("row_note_mark", marks.NOTE_MARK, [typed])
    struck = value.rich.struck if value.rich else ""
    text, hidden = _as_formatted(text, value, book)
    remarks += quoting("row_text_hidden", marks.HIDDEN, [hidden])
    if book.styles.struck(value.style) and text:
        text, struck = "", text
    remarks += quoting("row_text_struck", marks.STRUCK, [struck])
    if value.rich:
        remarks += quoting("row_note_mark", marks.NOTE_MARK, [value.rich.note_marks])
    return Cell(text, place, tidy(f"{struck} {hidden}"), tuple(remarks))


def _as_formatted(text: str, value: _Value, book: _Book) -> tuple[str, str]:
    """Return words as the cell's format shows them, and those that it hides."""
    if not text or not (value.rich or value.kind == "str"):
        return text, ""
    shown = tidy(shown_text(text, book.styles.format(value.style)[1]))
    return (shown, "") if shown else ("", text)


def _text(value: _Value, book: _Book, *, day_first: bool) -> tuple[str, list[Remark]]:
    if value.rich:
        return value.rich.text, []
    if value.uncalculated:
        return "", [Remark("row_not_calculated", Sentence(marks.NOT_CALCULATED))]
    if value.kind == "b":
        return ("TRUE" if value.text == "1" else "FALSE"), []
    if value.kind == "e":
        return value.text, quoting("row_formula_failed", marks.FORMULA_FAILED, [value.text])
    if value.kind == "d":
        value = replace(value, kind="n", text=_serial(value.text, since_1904=book.since_1904))
    if value.kind != "n":
        return value.text, []
    number, code = book.styles.format(value.style)
    shown = show(value.text, number, code, since_1904=book.since_1904, day_first=day_first)
    return shown.text, [shown.remark] if shown.remark else []


def _serial(day: str, *, since_1904: bool) -> str:
    """Return an ISO date (strict workbooks) as the serial number it stands for."""
    try:
        when = datetime.fromisoformat(day).replace(tzinfo=None)
    except ValueError:
        return day
    zero = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
    return str((when - zero) / timedelta(days=1))


def _remarks(package: Package) -> Iterator[Remark]:
    folders = {name.lower().split("/")[1] for name in package.names if name.count("/") > 1}
    if "externallinks" in folders:
        yield Remark("file_linked", LINKED)
    if any("comments" in name.lower() for name in package.names):
        yield Remark("file_commented", COMMENTED)
    boxes = [
        one.text or ""
        for name in sorted(package.names)
        if name.startswith("xl/drawings/") and name.endswith(".xml")
        for one in package.each(name, "t")
    ]
    yield from quoting("file_text_box", BOX_OUTSIDE, boxes)
