"""From a grid of cells to task rows: the right table, its sections, its numbers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chassis.words import N_, Sentence
from tasks.imports.appendix import vocabulary
from tasks.imports.appendix.headers import LABELS, SEPARATOR, Header, find_header
from tasks.imports.appendix.model import Appendix, AppendixRefused, Cell, Field, Grid
from tasks.imports.domain import RawRow
from tasks.remarks import in_a_row
from tasks.words import key, tidy

_NUMERAL = re.compile(vocabulary.NUMERAL)
_SECTION_STT = re.compile(vocabulary.SECTION_STT)
_NO_STT = frozenset({"", "-", "+", "•", "*"})
_MERGED_ACROSS = 3  # columns under one cell: a heading, not a task


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the grid seen through the columns."""

    cells: dict[Field, Cell]

    def text(self, field: Field) -> str:
        return self.cells[field].text if field in self.cells else ""

    @property
    def merged_across(self) -> bool:
        origins = [cell.origin for cell in self.cells.values() if cell.text]
        return any(origins.count(origin) >= _MERGED_ACROSS for origin in origins)

    @property
    def is_section(self) -> bool:
        """A heading: merged across the table, or a roman numeral or letter with a title alone."""
        if self.merged_across:
            return True
        work = any(self.text(field) for field in ("lead", "coordinating", "deadline", "product"))
        return not work and bool(_SECTION_STT.fullmatch(self.text("stt")))

    @property
    def is_blank(self) -> bool:
        return not any(cell.text for field, cell in self.cells.items() if field != "stt")


def read_tables(grids: Sequence[Grid]) -> Appendix:
    """Read the table that is the appendix. Raises AppendixRefused naming what is missing."""
    found = [(header, grid) for grid in grids if (header := find_header(grid))]
    if not found:
        template = N_("Không tìm thấy bảng phụ lục trong tệp: cần một bảng có các cột {columns}.")
        raise AppendixRefused("appendix_no_table", template, columns=_labels(LABELS, ", "))
    header, grid = max(found, key=lambda pair: (*pair[0].score, len(pair[1])))
    if header.missing:
        raise _columns_missing(header)
    return Appendix(header.columns, tuple(_rows(grid, header)))


def _columns_missing(header: Header) -> AppendixRefused:
    return AppendixRefused(
        "appendix_columns_missing",
        N_("Bảng thiếu cột: {missing}. Các cột tìm thấy: {found}."),
        missing=_labels(header.missing, "; "),
        found="; ".join(header.titles),
    )


def _labels(fields: Iterable[Field], joint: str) -> Sentence:
    return in_a_row([Sentence(LABELS[field]) for field in fields], joint)


def _rows(grid: Grid, header: Header) -> Iterator[RawRow]:
    section, number = "", 0
    for line in _lines(grid, header):
        if line.is_section:
            section = _section_title(line)
            continue
        number += 1
        yield _raw_row(line, number, section)


def _lines(grid: Grid, header: Header) -> Iterator[_Line]:
    """Go through the rows below the header; column numbers and repeated headers are skipped."""
    titles = {
        column.field: {"", *map(key, column.title.split(SEPARATOR))} for column in header.columns
    }
    for row in grid[header.below :]:
        cells = {c.field: row[c.position - 1] for c in header.columns if c.position <= len(row)}
        line = _Line(cells)
        texts = [key(cell.text) for cell in cells.values()]
        numbered = all(text.isdigit() for text in texts) and len(set(texts)) == len(texts)
        repeated = all(key(cell.text) in titles[field] for field, cell in cells.items())
        if not (line.is_blank or numbered or repeated):
            yield line


def _raw_row(line: _Line, number: int, section: str) -> RawRow:
    stt = line.text("stt").strip(" .)")
    return RawRow(
        row_number=number,
        stt=str(number) if stt in _NO_STT else stt,
        section=section,
        subject_matter=_one_line(line.text("subject_matter")),
        content=_one_line(line.text("content")),
        product=_one_line(line.text("product")),
        lead_text=line.text("lead"),  # line breaks separate units here
        coordinating_text=line.text("coordinating"),
        deadline_text=line.text("deadline"),
    )


def _section_title(line: _Line) -> str:
    texts = [cell.text for field, cell in line.cells.items() if field != "stt" and cell.text]
    title = texts[0] if texts else line.text("stt")
    return _NUMERAL.sub("", _one_line(title))


def _one_line(text: str) -> str:
    return tidy(text).replace("\n", " ")
