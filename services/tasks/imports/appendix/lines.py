"""Rows of a table seen through its columns, and what kind of row each is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tasks.imports.appendix import before, vocabulary
from tasks.imports.appendix.columns import SEPARATOR, Column
from tasks.imports.appendix.headers import Header
from tasks.imports.appendix.model import Cell, Field, Grid, distinct
from tasks.words import fold, key, pattern, tidy

_NUMERAL = re.compile(vocabulary.NUMERAL)
_SECTION_STT = re.compile(vocabulary.SECTION_STT)
_HEADED = re.compile(vocabulary.HEADED)
_NOTE = pattern(vocabulary.NOTE)
_SUM = re.compile(vocabulary.SUM)
_SIGNATURE = re.compile(vocabulary.SIGNATURE)
_OFFICE_ALONE = re.compile(vocabulary.OFFICE_ALONE)
_PLACE_AND_DAY = re.compile(vocabulary.PLACE_AND_DAY)
_MERGED_ACROSS = 3  # columns under one cell: a heading, not a task
_WORK: tuple[Field, ...] = ("lead", "coordinating", "deadline", "product")

Kind = Literal["task", "section", "heading", "sum", "signature", "note", "number", "struck"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid seen through the columns. `number`: of the row in the grid, from 0."""

    number: int
    header: Header
    row: tuple[Cell, ...]
    hidden: bool
    struck: bool  # everything it said is struck through or hidden: the words are these

    def cells(self, column: Column) -> list[Cell]:
        """Return the cells under a title, a merged one once."""
        return distinct(self.row[place] for place in column.places if place < len(self.row))

    def words(self, column: Column) -> str:
        """Return what stands under a title."""
        said = [text for cell in self.cells(column) if (text := self.said(cell))]
        return said[0] if len(said) == 1 else tidy("\n".join(said))

    def text(self, field: Field) -> str:
        """Return what the row says of a field."""
        columns = self.header.of(field)
        if any(column.period for column in columns):
            return self._ticked(columns)
        if field == "deadline" and len(columns) == 1:
            return before.in_full(columns[0], self.words(columns[0]))
        if len(columns) == 1:
            return self.words(columns[0])
        found = {tuple(cell.origin for cell in self.cells(one)): self.words(one) for one in columns}
        return tidy("\n".join(found.values()))

    def said(self, cell: Cell) -> str:
        """Return the words of a cell that count here."""
        return cell.gone if self.struck else cell.text

    def _ticked(self, columns: tuple[Column, ...]) -> str:
        """Say the quarters or months that are ticked; other words stand behind theirs."""
        said = [(column.period_name, self.words(column)) for column in columns]
        return ", ".join(
            title if words.lower() in vocabulary.TICKS else f"{title}: {words}"
            for title, words in said
            if words
        )

    def sure_text(self, field: Field) -> str:
        """Return what the row says of a field, or of the columns that compete for it."""
        return self.text(field) or "".join(self.words(one) for one in self.header.rivals(field))

    @property
    def stt(self) -> str:
        """Return the row's own number without a final stop."""
        return self.text("stt").strip(" .)")

    @property
    def has_work(self) -> bool:
        """Say whether it names a unit, a time or a product."""
        return any(self.sure_text(field) for field in _WORK)

    @property
    def title(self) -> str:
        """Return the words of a heading without its numeral."""
        texts = [cell.text for cell in self._beside_number() if self.said(cell)]
        title = tidy(texts[0] if texts else self.text("stt"))
        return _NUMERAL.sub("", title.replace("\n", " "))

    def _beside_number(self) -> list[Cell]:
        places = {place for column in self.header.of("stt") for place in column.places}
        return [cell for place, cell in enumerate(self.row) if place not in places]

    @property
    def says_one_thing(self) -> bool:
        """Say whether a single cell beside the number has words."""
        return len(distinct(cell for cell in self._beside_number() if self.said(cell))) <= 1

    @property
    def merged_across(self) -> bool:
        """Say whether one cell lies under three titles or more and says all there is."""
        if not self.says_one_thing:
            return False
        firsts = [self.cells(one)[0] for one in self.header.columns if self.cells(one)]
        origins = [cell.origin for cell in firsts if self.said(cell)]
        return any(origins.count(origin) >= _MERGED_ACROSS for origin in origins)

    @property
    def kind(self) -> Kind:
        """Say what the row is, by itself; headings of numbered groups need the rows below."""
        if self.struck:
            return "struck"
        if kind := self._end():
            return kind
        if self.merged_across:
            return "section"
        if not self.has_work and self.numbered_as_heading:
            return "section"
        beside = any(self.said(cell) for cell in self._beside_number())
        return "task" if beside else "number"

    @property
    def numeral(self) -> str:
        """Return its number, or the numeral before its words."""
        found = _NUMERAL.match(self.text("content"))
        return self.stt or (found[0].strip(" .)/:-") if found else "")

    @property
    def numbered_as_heading(self) -> bool:
        """Say whether it is numbered as a heading: by its number, or before its words."""
        stt, content = self.text("stt"), self.text("content")
        if _SECTION_STT.fullmatch(stt):
            return True
        return bool(_HEADED.match(content if not stt else "" if content else stt))

    def _end(self) -> Kind | None:
        """Say whether it stands under the table rather than in it: a sum, a signature, a note."""
        if self.stt[:1].isdigit():
            return None
        if self.says_one_thing and _NOTE.fullmatch(fold(self.title)):
            return "note"
        texts = [key(self.said(cell)) for cell in distinct(self.row) if self.said(cell)]
        if not texts:
            return None
        if _SUM.fullmatch(texts[0]) and not self.sure_text("lead"):
            return "sum"
        signed = any(_SIGNATURE.fullmatch(text) for text in texts)
        alone = any(_OFFICE_ALONE.fullmatch(text) for text in texts) and not self.text("content")
        dated = len(texts) == 1 and _PLACE_AND_DAY.fullmatch(texts[0])
        return "signature" if signed or alone or dated else None


def lines_of(grid: Grid, header: Header, below: int) -> Iterator[Line]:
    """Go through the rows under a header down to row `below`; what says nothing is skipped.

    Nothing: blank rows, the header said again, and the row of column numbers.
    """
    titles = {
        one: {"", *map(key, one.title.split(SEPARATOR))} for one in header.columns if one.stack
    }
    for number in range(header.below, below):
        row = tuple(grid.rows[number])
        shown = any(cell.text for cell in row)
        if not shown and not any(cell.gone for cell in row):
            continue
        line = Line(number, header, row, number in grid.hidden_rows, not shown)
        if not (_is_numbered(row) or _is_repeated(line, titles)):
            yield line


def _is_numbered(row: tuple[Cell, ...]) -> bool:
    """Say whether the row numbers the columns: (1) (2) (3), or A B 1 2 3."""
    texts = [key(cell.text) for cell in distinct(row) if cell.text]
    numbers = [int(text) for text in texts if text.isdecimal()]
    letters = [text for text in texts if not text.isdecimal()]
    rising = numbers == list(range(1, len(numbers) + 1)) and len(numbers) > 1
    return rising and letters == list("abc"[: len(letters)])


def _is_repeated(line: Line, titles: Mapping[Column, set[str]]) -> bool:
    return all(key(line.words(column)) in titles[column] for column in titles) and any(
        line.words(column) for column in titles
    )
