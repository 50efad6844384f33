"""From the grids of a file to the appendix: which tables are read, by which header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chassis.words import N_, Sentence
from tasks.imports.appendix import untaken, years
from tasks.imports.appendix.columns import SURE, Column
from tasks.imports.appendix.headers import (
    Header,
    bare_header,
    find_header,
    titles_among,
    with_choices,
)
from tasks.imports.appendix.lines import Line, lines_of
from tasks.imports.appendix.model import (
    Appendix,
    Cell,
    Choices,
    Document,
    Grid,
    Outside,
    SeenColumn,
    SeenTable,
    distinct,
)
from tasks.imports.appendix.refusing import labels, refusal
from tasks.imports.appendix.task_rows import Numbering, rows_of
from tasks.imports.domain import RawRow
from tasks.remarks import Remark

LONGEST_SAMPLE = 80  # characters
_OPENING_CELLS = 6
_SURE_TITLES = 3  # of a row that may begin another table below the first

PART = N_("{place}, từ dòng {row}")
OVER_HEADER = N_("{place}, trên dòng tiêu đề")
NOTE_IN = N_("Ghi chú trong {place}")
CONTINUED = N_("{place} không có dòng tiêu đề: được đọc tiếp theo bảng trước.")
COLUMN_HIDDEN = N_("{place}: cột ẩn “{column}” không được đọc.")
NO_HEADER = Sentence(N_("không có dòng tiêu đề của bảng nhiệm vụ"))
MISSING = N_("thiếu cột {missing}")
SHEET_HIDDEN = Sentence(N_("trang tính bị ẩn"))


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a grid from `begun` up to `end` under one header.

    `header` None: it has none of its own. `titled`: the years that its sheet and its title name.
    """

    grid: Grid
    place: Sentence
    header: Header | None
    end: int
    begun: int = 0
    titled: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    """A part with the header it is read by, and whether it is read."""

    part: _Part
    header: Header
    continued: bool
    seen: SeenTable
    lines: tuple[Line, ...]


def read_tables(document: Document, choices: Choices) -> Appendix:
    """Read the tables that are the appendix.

    Raises AppendixRefused naming what is missing, unless the officer chose tables.
    """
    parts = [
        replace(part, titled=tuple(_titled(part, number, document)))
        for number, grid in enumerate(document.grids)
        for part in _parts(grid)
    ]
    tables = list(_judged(parts, choices))
    if not any(table.seen.taken for table in tables) and not choices.tables:
        raise refusal(document.grids, [part.header for part in parts if part.header])
    rows = tuple(_rows(tables))
    seen = tuple(table.seen for table in tables)
    outside = (*_outside(tables), *document.outside)
    return Appendix(seen, rows, (*document.remarks, *_remarks(tables)), outside)


# ---------------------------------------------------------------- tables one below the other


def _parts(grid: Grid) -> Iterator[_Part]:
    """Take a grid apart where another header begins; a blank grid is nothing."""
    if not any(cell.text or cell.gone for row in grid.rows for cell in row):
        return
    header, begun = find_header(grid), 0
    while header and (below := _another(grid, header)):
        yield _part(grid, header, begun, below.top)
        header, begun = below, below.top
    yield _part(grid, header, begun, len(grid.rows))


def _part(grid: Grid, header: Header | None, begun: int, end: int) -> _Part:
    place = Sentence(PART, {"place": grid.place, "row": begun + 1}) if begun else grid.place
    return _Part(grid, place, header, end, begun)


def _another(grid: Grid, above: Header) -> Header | None:
    """Return the next header below, other than the same one said again."""
    for number in range(above.below, len(grid.rows)):
        if titles_among(cell.text for cell in grid.rows[number]) < _SURE_TITLES:
            continue
        header = find_header(grid, number)
        found = header and header.top == number and not header.missing
        if header and found and header.meanings != above.meanings:
            return header
    return None


def _titled(part: _Part, number: int, document: Document) -> Iterator[Remark]:
    above = [one.words for one in document.outside if one.after is not None and one.after <= number]
    lines = _lines_above(part.grid, part.header.top) if part.header else ()
    yield from years.over_table(lines, reversed(above))
    name = part.grid.name
    yield from years.said_by(years.ON_SHEET, name, years.years_of_name(name))


def _outside(tables: Sequence[_Table]) -> Iterator[Outside]:
    """Return the lines over the first header of each grid that is read, and notes in a frame.

    A note among the rows is told of, too: it may speak of any of them.
    """
    for table in tables:
        part, seen = table.part, table.seen
        if seen.taken and part.header and not part.begun:
            place = Sentence(OVER_HEADER, {"place": part.place})
            yield from _lines(part.grid.rows[: table.header.top], place)
        elif seen.reason is NO_HEADER and not (seen.may_hold_tasks or part.grid.in_cell):
            words = "; ".join(one.words for one in _lines(part.grid.rows, part.place))
            yield Outside(part.place, words)
        for line in table.lines if seen.taken else ():
            if line.kind == "note":
                yield from _lines([line.row], Sentence(NOTE_IN, {"place": part.place}))


def _lines(rows: Sequence[Sequence[Cell]], place: Sentence) -> Iterator[Outside]:
    said = (" ".join(cell.text for cell in distinct(row) if cell.text) for row in rows)
    return (Outside(place, words) for words in said if words)


def _lines_above(grid: Grid, top: int) -> Iterator[str]:
    """Go up from a header through the rows that say one thing each."""
    for row in reversed(grid.rows[:top]):
        texts = [cell.text for cell in distinct(row) if cell.text]
        if len(texts) > 1:
            return
        yield from texts


# ---------------------------------------------------------------- which are read


def _judged(parts: Sequence[_Part], choices: Choices) -> Iterator[_Table]:
    above: Header | None = None
    for number, part in enumerate(parts, start=1):
        id_ = str(number)
        own = part.header
        continued = own is None and above is not None and _goes_on(part, above)
        header = own or (_moved_up(above) if continued and above else bare_header(part.grid))
        header = with_choices(header, choices.columns.get(id_, {}))
        table = _table(id_, part, header, continued=continued, chosen=choices.tables.get(id_))
        above = header if own or continued else None
        yield table


def _goes_on(part: _Part, above: Header) -> bool:
    """A table right below another, as wide and without a header, is the rest of it."""
    width = 1 + max(place for column in above.columns for place in column.places)
    return part.grid.follows and max(map(len, part.grid.rows)) == width


def _moved_up(header: Header) -> Header:
    return replace(header, top=0, below=0)


def _table(
    id_: str, part: _Part, header: Header, *, continued: bool, chosen: bool | None
) -> _Table:
    reason = _reason(part, header, continued=continued)
    taken = reason is None if chosen is None else chosen
    if chosen is False:
        reason = untaken.LEFT_BY_CHOICE
    lines = tuple(lines_of(part.grid, header, part.end))
    looks = untaken.looks_like_rows(part.grid, header, headed=part.header is not None)
    looks = looks and reason is not untaken.HEAD_OR_FOOT
    seen = SeenTable(
        id=id_,
        place=part.place,
        hidden=part.grid.hidden,
        taken=taken,
        reason=None if taken else reason,
        opening=_opening(part),
        columns=tuple(_seen(one, lines) for one in header.columns if _is_there(one, lines)),
        rows=len(lines),
        may_hold_tasks=taken or looks,
    )
    return _Table(part, header, continued, seen, lines)


def _reason(part: _Part, header: Header, *, continued: bool) -> Sentence | None:
    """Say why a table is not read unless the officer asks for it."""
    if part.grid.hidden:
        return SHEET_HIDDEN
    if part.header is None and not continued and not _is_mapped(header):
        return untaken.HEAD_OR_FOOT if untaken.is_head_or_foot(part.grid) else NO_HEADER
    if header.missing:
        return Sentence(MISSING, {"missing": labels(header.missing, "; ")})
    return None


def _is_mapped(header: Header) -> bool:
    return any(column.field for column in header.columns)


def _opening(part: _Part) -> str:
    cells = (cell for row in part.grid.rows[: part.end] for cell in row)
    texts = list(dict.fromkeys(cell.text for cell in cells if cell.text))
    return _cut(" ".join(texts[:_OPENING_CELLS]))


def _is_there(column: Column, lines: Sequence[Line]) -> bool:
    return bool(column.stack) or any(line.words(column) for line in lines)


def _seen(column: Column, lines: Sequence[Line]) -> SeenColumn:
    words = (line.words(column) for line in lines if line.words(column) and line.kind != "section")
    nearly = column.field not in (None, "ignored") and column.sure < SURE
    return SeenColumn(
        position=column.places[0] + 1,
        title=column.title,
        field=column.field,
        sample=_cut(next(filter(None, words), "")),
        hidden=column.hidden,
        unsure=column.rival or nearly,
    )


def _cut(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_SAMPLE else f"{one_line[:LONGEST_SAMPLE]}…"


# ---------------------------------------------------------------- rows and remarks


def _rows(tables: Sequence[_Table]) -> Iterator[RawRow]:
    numbering = Numbering()
    for table in tables:
        if not table.continued:
            numbering.begin_table()
        if table.seen.taken:
            yield from rows_of(table.seen.id, table.lines, numbering, table.part.titled)


def _remarks(tables: Sequence[_Table]) -> Iterator[Remark]:
    for table in tables:
        place = table.part.place
        if table.seen.taken and table.continued:
            yield Remark("table_continued", Sentence(CONTINUED, {"place": place}))
        yield from untaken.remarks(table.seen)
        for column in table.seen.columns if table.seen.taken else ():
            if column.hidden and column.field is None:
                facts = {"place": place, "column": column.title}
                yield Remark("column_hidden", Sentence(COLUMN_HIDDEN, facts))
