"""Rows of the preview: between the domain's reading and the table."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from tasks.imports.domain import ImportRow, RawRow
from tasks.imports.models import AppendixRow


def values_of(import_id: UUID, row: ImportRow) -> dict[str, Any]:
    """Return the columns of a row as read from the file."""
    return {
        **asdict(row),
        "import_id": import_id,
        **_read(row),
        "lead_chosen": False,
        "coordinating_chosen": False,
    }


def raw_of(row: AppendixRow, **instead: str) -> RawRow:
    """Return the row's words, some replaced by what a person chose."""
    names = RawRow.__dataclass_fields__.keys() & AppendixRow.__table__.columns.keys()
    return RawRow(**{name: getattr(row, name) for name in names} | instead)


def take(row: AppendixRow, read: ImportRow) -> None:
    """Put a new reading into the row; its words stay."""
    for name, value in _read(read).items():
        setattr(row, name, value)


def _read(row: ImportRow) -> dict[str, Any]:
    return {
        "lead_unit_ids": list(row.lead_unit_ids),
        "accountable_unit_id": row.accountable_unit_id,
        "coordinating_unit_ids": list(row.coordinating_unit_ids),
        "deadline": to_jsonable_python(row.deadline),
        "warnings": list(row.warnings),
    }
