"""Which column is which: by the many titles departments give to the same seven columns."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chassis.words import N_, Sentence
from tasks.imports.appendix import vocabulary
from tasks.imports.appendix.columns import CHOSEN, CONTAINED, SURE, WEAK, WHOLE, Column
from tasks.imports.appendix.model import Cell, Field, Grid
from tasks.words import key

LABELS: dict[Field, str] = {
    "stt": N_("STT"),
    "subject_matter": N_("Tiêu chí/Nội dung"),
    "content": N_("Giải pháp, nhiệm vụ"),
    "product": N_("Sản phẩm"),
    "lead": N_("Đơn vị chủ trì"),
    "coordinating": N_("Đơn vị phối hợp"),
    "deadline": N_("Thời gian thực hiện/hoàn thành"),
}
REQUIRED: tuple[Field, ...] = ("content", "lead", "deadline")
NEVER_GUESSED: frozenset[Field] = frozenset({"lead", "deadline"})

_FIELDS: dict[str, Field] = {
    key(title): field for field, all_ in vocabulary.TITLES.items() for title in all_
}
_NEARLY: dict[str, Field] = {
    key(title): field for field, all_ in vocabulary.NEARLY.items() for title in all_
}
# "Địa điểm" is no "Điểm": a title that is passed over must say so in more than a word.
_CONTAINABLE = [t for t, field in _FIELDS.items() if field != "ignored" or " " in t]
_PERIOD = re.compile(vocabulary.PERIOD_TITLE)
_ADD_NOTHING = {
    word
    for title in (*_FIELDS, *map(key, vocabulary.ADDS_NOTHING))
    if _FIELDS.get(title) != "ignored"
    for word in title.split()
} - set(map(key, vocabulary.ADDS))
HIDDEN_TITLE = N_("{title} (ẩn)")
_SEARCHED_ROWS = 40  # a header stands near the top of its table
_TALLEST = 3  # rows of a header: group title, title, unit of measure


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` up to `below`, and how each column was understood."""

    top: int
    below: int
    columns: tuple[Column, ...]

    def of(self, field: Field) -> tuple[Column, ...]:
        """Return the columns that hold a field; none where two compete and nobody may guess."""
        found = tuple(column for column in self.columns if column.field == field)
        return () if any(column.rival for column in found) else found

    def rivals(self, field: Field) -> tuple[Column, ...]:
        """Return the columns that compete for a field which nobody may guess."""
        return tuple(one for one in self.columns if one.field == field and one.rival)

    @property
    def missing(self) -> tuple[Field, ...]:
        """Return the required fields no column was found for."""
        found = {column.field for column in self.columns}
        return tuple(field for field in REQUIRED if field not in found)

    @property
    def meanings(self) -> frozenset[tuple[tuple[int, ...], str, Field]]:
        """Return which titles mean what, and where."""
        known = [column for column in self.columns if column.field]
        return frozenset((one.places, key(one.title), one.field) for one in known if one.field)

    @property
    def score(self) -> tuple[int, int, int, int]:
        """Rank candidates: nothing required missing, more meanings, surer titles, fewer rows."""
        known = [column for column in self.columns if column.field]
        meanings = {
            one.places if one.period or one.field == "ignored" else one.field for one in known
        }
        sureness = sum(column.sure for column in known)
        return -len(self.missing), len(meanings), sureness, self.top - self.below

    @property
    def titles(self) -> tuple[Sentence, ...]:
        """Return the titles as found, hidden ones marked so."""
        return tuple(
            Sentence(HIDDEN_TITLE if one.hidden else "{title}", {"title": one.title})
            for one in self.columns
            if one.stack
        )

    @property
    def recognised(self) -> bool:
        """Say whether it looks like a header at all."""
        return len({column.field for column in self.columns} - {None, "ignored"}) > 1


def titles_among(texts: Iterable[str]) -> int:
    """Return how many different titles of columns are among the texts."""
    return len({key(text) for text in texts if text} & _FIELDS.keys())


def fields_named_in(text: str) -> int:
    """Return how many fields have a title somewhere in the text."""
    words = f" {key(text)} "
    return len({field for title, field in _FIELDS.items() if f" {title} " in words})


def find_header(grid: Grid, first: int = 0) -> Header | None:
    """Return the best header of a table, complete or not; None when no row looks like one."""
    rows = grid.rows
    candidates = [
        header_of(grid, top, height)
        for top in range(first, min(len(rows), first + _SEARCHED_ROWS))
        if not _cut(rows, top)
        for height in range(1, min(_TALLEST, len(rows) - top) + 1)
    ]
    found = [header for header in candidates if header.recognised]
    return max(found, key=lambda header: header.score, default=None)


def _cut(rows: Sequence[Sequence[Cell]], top: int) -> bool:
    """Say whether a line above this row would cut through a merged cell."""
    above = {cell.origin for cell in rows[top - 1]} if top else set()
    return any(cell.origin in above for cell in rows[top])


def header_of(grid: Grid, top: int, height: int) -> Header:
    """Read `height` rows from `top` as a header: stacked titles of a column belong together."""
    columns = _periods([_claim(column) for column in _columns(grid, top, height)])
    return Header(top, top + height, tuple(_settled(_nothing_but_content(columns))))


def bare_header(grid: Grid) -> Header:
    """Return the columns of a table without a header: nobody knows what they mean."""
    places = range(max(map(len, grid.rows), default=0))
    return Header(0, 0, tuple(Column((at,), (), at in grid.hidden_columns) for at in places))


def with_choices(header: Header, chosen: Mapping[int, Field]) -> Header:
    """Return the header as the officer says, by position from 1; other columns stay.

    Whoever claimed a meaning that a chosen column has loses it.
    """
    taken = set(chosen.values()) - {"ignored"}
    columns = [_as_chosen(column, chosen, taken) for column in header.columns]
    return replace(header, columns=tuple(_settled(columns)))


def _columns(grid: Grid, top: int, height: int) -> Iterator[Column]:
    """Go through the titles; neighbours under one merged title are one column."""
    rows = grid.rows[top : top + height]
    last: tuple[object, ...] = ()
    places: list[int] = []
    for place in range(max(map(len, rows), default=0)):
        cells = {row[place].origin: row[place].text for row in rows if place < len(row)}
        origins, hidden = tuple(cells), place in grid.hidden_columns
        if places and origins == last and (places[-1] in grid.hidden_columns) == hidden:
            places.append(place)
            continue
        if places:
            yield _column(grid, rows, places)
        places, last = [place], origins
    if places:
        yield _column(grid, rows, places)


def _column(grid: Grid, rows: Sequence[Sequence[Cell]], places: Sequence[int]) -> Column:
    cells = {row[places[0]].origin: row[places[0]].text for row in rows if places[0] < len(row)}
    stack = tuple(" ".join(text.split()) for text in cells.values() if text)
    return Column(tuple(places), stack, places[0] in grid.hidden_columns)


def _claim(column: Column) -> Column:
    """Say which field the titles name and how surely; a hidden column claims nothing."""
    if not column.stack or column.hidden:
        return column
    whole, lowest = key(" ".join(column.stack)), key(column.stack[-1])
    for sure, words in ((WHOLE, whole), (SURE, lowest)):
        if field := _FIELDS.get(words):
            bound = _sure_above(column) if field in NEVER_GUESSED else WHOLE
            return replace(column, field=field, sure=min(sure, bound), length=len(words))
    if field := _NEARLY.get(lowest):
        return replace(column, field=field, sure=WEAK)
    inside = [title for title in _CONTAINABLE if f" {title} " in f" {lowest} "]
    best = max(inside, key=len, default=None)
    if best is None:
        return column
    return replace(column, field=_FIELDS[best], sure=CONTAINED, length=len(best))


def _sure_above(column: Column) -> int:
    """A title is no longer sure under words that may change it: "Âm lịch", "Năm 2026-2027"."""
    whole = key(" ".join(column.stack))
    above = set(key(" ".join(column.stack[:-1])).split())
    years = column.years_above
    known = _ADD_NOTHING | set(years if len(years) == 1 else ())
    return WHOLE if whole in _FIELDS or above <= known else CONTAINED


def _periods(columns: Sequence[Column]) -> list[Column]:
    """Several columns named by quarters or months are the deadline, unless a column says so."""
    if any(column.field == "deadline" for column in columns):
        return list(columns)
    named = [one for one in columns if one.stack and _PERIOD.fullmatch(key(one.stack[-1]))]
    visible = [one for one in named if one.field is None and not one.hidden]
    if len(visible) < 2:  # noqa: PLR2004 - one column of a quarter is no row of quarters
        return list(columns)
    return [_as_period(one) if one in visible else one for one in columns]


def _as_period(column: Column) -> Column:
    """A year above it is part of its name, so the header that has the year is the better one."""
    sure = _sure_above(column)
    sure = sure if sure < SURE or column.years_above else SURE
    return replace(column, field="deadline", sure=sure, period=True)


def _as_chosen(column: Column, chosen: Mapping[int, Field], taken: set[Field]) -> Column:
    said = [chosen[place + 1] for place in column.places if place + 1 in chosen]
    if said:
        return replace(column, field=said[0], sure=CHOSEN, rival=False)
    lost = column.field in taken
    return replace(column, field=None, rival=True) if lost else column


def _nothing_but_content(columns: Sequence[Column]) -> list[Column]:
    """A table with one column of words: what it calls its subject is what is to be done."""
    if any(column.field == "content" for column in columns):
        return list(columns)
    return [
        replace(one, field="content") if one.field == "subject_matter" else one for one in columns
    ]


def _settled(columns: Sequence[Column]) -> Iterator[Column]:
    """Leave each meaning to one column; two that may not be guessed between stay rivals."""
    for column in columns:
        others = [
            one
            for one in columns
            if one.field == column.field and one is not column and not one.period
        ]
        if column.field in (None, "ignored"):
            yield column
        elif column.period or not others or column.sure == CHOSEN:
            yield replace(column, rival=False)
        elif column.field in NEVER_GUESSED and _rival(column, others):
            yield replace(column, rival=True)
        elif _rank(column) >= max(map(_rank, others)):
            yield column
        else:
            yield replace(column, field=None, rival=True)


def _rival(column: Column, others: Sequence[Column]) -> bool:
    """Say whether two titles both name a meaning; a person's title yields to a unit's."""
    return min(column.sure, max(one.sure for one in others)) > WEAK or (
        column.sure == WEAK and all(one.sure == WEAK for one in others)
    )


def _rank(column: Column) -> tuple[int, int, int]:
    """Rank columns of the same meaning: surer, more of a title in other words, further left."""
    length = column.length if column.sure == CONTAINED else 0
    return column.sure, length, -column.places[0]
