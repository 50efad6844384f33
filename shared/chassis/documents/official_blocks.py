"""The blocks a document is written of, and how each is set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from chassis.documents import official_parts as parts
from chassis.documents.official_chart import Chart, add_chart

_FIGURE = re.compile(r"^[-+]?\d[\d.,]*\s?%?$|^[-–—]?$")
_DAY = re.compile(r"\d\d/\d\d/\d{4}")
_COUNTED = ("STT", "TT")
_NARROW = 14  # mm
_CELL_TWIPS = 40


@dataclass(frozen=True)
class Heading:
    """A heading; Word numbers it: I. of level 1, 1. of level 2, a) of level 3."""

    text: str
    level: int = 1
    numbered: bool = True


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Points:
    """Lines of a list: dashes, or numbers that Word counts."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """`widths` in mm, shrunk to the page where they are too many. A column of figures stands right.

    `total`: the last row is the sum of the others. `right`: columns that will hold figures.
    """

    headings: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    widths: tuple[float, ...]
    title: str = ""
    total: bool = False
    right: tuple[int, ...] = ()


Simple = Heading | Paragraph | Points | Table | Chart


@dataclass(frozen=True)
class Annex:
    """A part behind the signature, on pages of its own; several are counted in Roman numerals."""

    title: str
    blocks: Sequence[Simple] = field(default_factory=tuple)
    landscape: bool = False


Block = Simple | Annex


class Writer:
    """Writes blocks behind what a document holds. `width`: mm between the margins."""

    def __init__(self, document: Any, width: float) -> None:
        self._document, self._width = document, width

    def write(self, block: Simple) -> None:
        """Write one block."""
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            self._document.add_paragraph(parts.clean(block.text), style="Body Text")
        elif isinstance(block, Points):
            self._points(block)
        elif isinstance(block, Chart):
            add_chart(self._document, block, self._width)
        else:
            self._table(block)

    def _heading(self, heading: Heading) -> None:
        style = f"Heading {heading.level}"
        paragraph = self._document.add_paragraph(parts.clean(heading.text), style=style)
        if not heading.numbered:
            parts.set_numbering(paragraph._p, 0)  # noqa: SLF001

    def _points(self, points: Points) -> None:
        number = parts.new_numbered_list(self._document) if points.numbered else None
        for item in points.items:
            style = "Body Text" if number else "List Bullet"
            paragraph = self._document.add_paragraph(parts.clean(item), style=style)
            if number:
                parts.set_numbering(paragraph._p, number)  # noqa: SLF001

    def _table(self, block: Table) -> None:
        if block.title:
            title = parts.say(self._document.add_paragraph(), block.title, bold=True)
            title.paragraph_format.keep_with_next = True
            title.paragraph_format.space_after = Pt(4)
        table = self._document.add_table(1 + len(block.rows), len(block.headings))
        table.style = self._document.styles["Table Grid"]
        rows = list(table.rows)
        middle = [ALIGN.CENTER] * len(block.headings)
        parts.fill_row(rows[0], block.headings, middle, bold=True)
        aligned = [_alignment(block, place) for place in range(len(block.headings))]
        for row, cells in zip(rows[1:], block.rows, strict=True):
            parts.fill_row(row, cells, aligned, bold=block.total and row is rows[-1])
        parts.keep_row(rows[0], repeated=True)
        for cell in rows[0].cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        parts.set_widths(table, self._fitted(block.widths))
        _pad_cells(table)
        parts.gap(self._document, 6)

    def _fitted(self, widths: Sequence[float]) -> list[float]:
        """Return the widths within the page: what is narrow already stays, so that STT fits."""
        if sum(widths) <= self._width:
            return list(widths)
        narrow = sum(width for width in widths if width <= _NARROW)
        most = (self._width - narrow) / (sum(widths) - narrow)
        return [width if width <= _NARROW else width * most for width in widths]


def _alignment(block: Table, place: int) -> Any:
    """Return how a column stands: its figures right, its line numbers in the middle."""
    if block.headings[place].strip().upper() in _COUNTED:
        return ALIGN.CENTER
    if place in block.right:
        return ALIGN.RIGHT
    every = [row[place].strip() for row in block.rows]
    cells = [cell for cell in every if not _DAY.fullmatch(cell)]
    # Days stand with the figures that they are among, and left where they are alone.
    some = any(cells) if len(cells) == len(every) else any(map(str.isdigit, "".join(cells)))
    figures = some and all(_FIGURE.match(cell) for cell in cells)
    return ALIGN.RIGHT if figures else ALIGN.LEFT


def _pad_cells(table: Any) -> None:
    """Leave a little room above and below the text of every cell."""
    room = f'w:w="{_CELL_TWIPS}" w:type="dxa"'
    margins = parse_xml(
        f"<w:tblCellMar {nsdecls('w')}><w:top {room}/><w:bottom {room}/></w:tblCellMar>"
    )
    properties = table._tbl.tblPr  # noqa: SLF001
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")
