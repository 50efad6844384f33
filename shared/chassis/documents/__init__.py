"""Documents people take away: so far lists as .xlsx."""

from chassis.documents.sheet import (
    MEDIA_TYPE,
    MOST_ROWS,
    Column,
    Frame,
    Kind,
    Value,
    sheet_response,
    write_sheet,
)

__all__ = [
    "MEDIA_TYPE",
    "MOST_ROWS",
    "Column",
    "Frame",
    "Kind",
    "Value",
    "sheet_response",
    "write_sheet",
]
