"""Documents people take away: lists as .xlsx, and workbooks to be filled in."""

from chassis.documents.form import FilledSheet, FormColumn, write_form
from chassis.documents.sheet import (
    MEDIA_TYPE,
    MOST_ROWS,
    Column,
    Frame,
    Kind,
    Value,
    sheet_response,
    write_sheet,
    write_sheets,
)

__all__ = [
    "MEDIA_TYPE",
    "MOST_ROWS",
    "Column",
    "FilledSheet",
    "FormColumn",
    "Frame",
    "Kind",
    "Value",
    "sheet_response",
    "write_form",
    "write_sheet",
    "write_sheets",
]
