"""Which column is which: by the many titles departments give to the same seven columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.words import N_
from tasks.imports.appendix.model import Cell, Column, Field, Grid
from tasks.imports.appendix.vocabulary import TITLES
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

_FIELDS: dict[str, Field] = {key(title): field for field, all_ in TITLES.items() for title in all_}

SEPARATOR = " / "  # between the titles above one another in a column
_SEARCHED_ROWS = 40  # a header stands near the top of its table
_TALLEST = 3  # rows of a header: group title, title, unit of measure


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top` up to `below`, and which column holds which field; `sureness` adds the claims'."""

    top: int
    below: int
    sureness: int
    columns: tuple[Column, ...]
    titles: tuple[str, ...]

    @property
    def missing(self) -> tuple[Field, ...]:
        """Return the required fields no column was found for."""
        found = {column.field for column in self.columns}
        return tuple(field for field in REQUIRED if field not in found)

    @property
    def score(self) -> tuple[int, int, int, int]:
        """Rank candidates: nothing required missing, more columns, surer titles, fewer rows."""
        return -len(self.missing), len(self.columns), self.sureness, self.top - self.below


def find_header(grid: Grid) -> Header | None:
    """Return the best header of a table, complete or not; None when no row looks like one."""
    candidates = [
        header_of(grid, top, height)
        for top in range(min(len(grid), _SEARCHED_ROWS))
        if all(cell.origin[0] >= top for cell in grid[top])  # else it cuts through merged titles
        for height in range(1, min(_TALLEST, len(grid) - top) + 1)
    ]
    found = [header for header in candidates if len(header.columns) > 1]
    return max(found, key=lambda header: header.score, default=None)


def header_of(grid: Grid, top: int, height: int) -> Header:
    """Read `height` rows from `top` as a header: stacked titles of a column belong together."""
    rows = grid[top : top + height]
    stacks = [_stack(rows, position) for position in range(max(map(len, rows)))]
    claims = sorted(
        (claim for position, stack in enumerate(stacks) if (claim := _claim(position, stack))),
        reverse=True,
    )
    columns: dict[Field, Column] = {}
    sureness = 0
    for sure, _, negative, field in claims:
        if field not in columns:
            title = SEPARATOR.join(stacks[-negative])
            columns[field] = Column(field, title, 1 - negative)
            sureness += sure
    columns.pop("ignored", None)
    _nothing_but_content(columns)
    ordered = sorted(columns.values(), key=lambda column: column.position)
    titles = tuple(SEPARATOR.join(stack) for stack in stacks if stack)
    return Header(top, top + height, sureness, tuple(ordered), titles)


def _nothing_but_content(columns: dict[Field, Column]) -> None:
    """A table with one column of words: what it calls its subject is what is to be done."""
    subject = columns.get("subject_matter")
    if subject and "content" not in columns:
        del columns["subject_matter"]
        columns["content"] = Column("content", subject.title, subject.position)


def _stack(rows: Sequence[Sequence[Cell]], position: int) -> tuple[str, ...]:
    """Return the titles above one another in a column, a merged one once."""
    cells = {row[position].origin: row[position].text for row in rows if position < len(row)}
    return tuple(" ".join(text.split()) for text in cells.values() if text)


def _claim(position: int, stack: tuple[str, ...]) -> tuple[int, int, int, Field] | None:
    """Say which field the titles name, how surely (3 exactly, 2 the lowest does, 1 it contains)."""
    if not stack:
        return None
    whole, lowest = key(" ".join(stack)), key(stack[-1])
    if field := _FIELDS.get(whole):
        return 3, len(whole), -position, field
    if field := _FIELDS.get(lowest):
        return 2, len(lowest), -position, field
    inside = [title for title in _FIELDS if f" {title} " in f" {lowest} "]
    best = max(inside, key=len, default=None)
    return (1, len(best), -position, _FIELDS[best]) if best else None
