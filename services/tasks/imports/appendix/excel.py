"""Sheets of an .xlsx as grids."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from tasks.deadlines.days import day_text
from tasks.imports.appendix.model import Cell, Grid
from tasks.words import tidy


def grids(content: bytes) -> list[Grid]:
    """Return every visible sheet; rows and columns are numbered as in the file."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    visible = [s.name for s in book.sheets_metadata if s.visible is SheetVisibleEnum.Visible]
    return [_grid(book.get_sheet_by_name(name)) for name in visible]


def _grid(sheet: CalamineSheet) -> Grid:
    rows = [
        [Cell(_text(value), (r, c)) for c, value in enumerate(values)]
        for r, values in enumerate(sheet.to_python(skip_empty_area=False))
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return rows


def _text(value: Any) -> str:
    """Write a value as the officer sees it: 1.0 is STT 1, a real date is a day in dd/mm/yyyy."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime):
        return day_text(value)
    return tidy(str(value))
