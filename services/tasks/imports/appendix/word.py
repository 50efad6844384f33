"""Tables of a .docx as grids. Numbers Word writes by itself are not text: they come out blank."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from chassis.words import N_
from tasks.imports.appendix.model import AppendixRefused, Cell, Grid
from tasks.words import tidy

MOST_ROWS = 5_000  # of one table; an appendix has tens
MOST_COLUMNS = 63  # Word's own limit

_ROW, _CELL = qn("w:tr"), qn("w:tc")
_TEXT_OF = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def grids(content: bytes) -> list[Grid]:
    """Return every table of the document's body, nested ones too."""
    body = docx.Document(BytesIO(content)).element.body
    return [_grid(table) for table in body.iter(qn("w:tbl"))]


def _grid(table: Any) -> Grid:
    rows: list[list[Cell]] = []
    for row in _own(table, _ROW):
        if len(rows) >= MOST_ROWS:
            raise AppendixRefused(
                "appendix_too_large", N_("Bảng dài quá {most} dòng."), most=MOST_ROWS
            )
        rows.append(_row(row, len(rows), rows[-1] if rows else []))
    return rows


def _row(row: Any, number: int, above: list[Cell]) -> list[Cell]:
    """Lay a row's cells on the grid: spans repeat the cell, vertical merges the one above."""
    cells = [Cell("", (number, at)) for at in range(row.grid_before)]
    for cell in _own(row, _CELL):
        at = len(cells)
        goes_on = cell.vMerge == "continue" and at < len(above)
        placed = above[at] if goes_on else Cell(_text(cell), (number, at))
        cells += [placed] * min(cell.grid_span, MOST_COLUMNS - at)
    return cells


def _own(parent: Any, tag: str) -> Iterator[Any]:
    """Find rows of a table or cells of a row, inside content controls too, not of nested tables."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _own(child, tag)


def _text(cell: Any) -> str:
    """Return what a reader sees: tracked insertions count, tracked deletions do not."""
    return tidy("\n".join(_paragraph(p) for p in cell.iter(qn("w:p"))))


def _paragraph(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.getparent().tag == qn("w:r"):
            parts.append(_TEXT_OF.get(node.tag, ""))
    return "".join(parts)
