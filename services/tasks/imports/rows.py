"""Rows of the preview: between the domain's reading and the table."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from tasks.imports.domain import ImportRow, RawRow
from tasks.imports.models import AppendixRow
from tasks.remarks import Remark, sentence_of

WORDS = (
    "stt", "section", "subject_matter", "content", "product", "lead_text", "coordinating_text",
    "deadline_text",
)  # fmt: skip
_TELLING = WORDS[2:]  # a number or a heading may move while the row stays the same
_READ = ("lead_unit_ids", "accountable_unit_id", "coordinating_unit_ids", "deadline", "warnings")
SourceKey = tuple[str, ...]


def sources_of(rows: Sequence[RawRow]) -> Iterator[dict[str, Any]]:
    """Return what the file says in each row, with `nth`: which of the rows of equal words it is."""
    met: Counter[SourceKey] = Counter()
    for row in rows:
        source = {"table": row.table, "nth": 0, **{name: getattr(row, name) for name in WORDS}}
        same = source_key(source)
        source["nth"] = met[same]
        met[same] += 1
        yield source


def source_key(source: Mapping[str, Any]) -> SourceKey:
    """Return what makes a row of the file the same one when the file is read again."""
    words = (str(source[name]) for name in _TELLING)
    return str(source.get("table", "")), str(source.get("nth", 0)), *words


def values_of(
    import_id: UUID, raw: RawRow, read: ImportRow, source: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the columns of a row as read from the file, all but its place."""
    return {
        "import_id": import_id,
        **{name: getattr(raw, name) for name in WORDS},
        **_read(read),
        "lead_chosen": False,
        "coordinating_chosen": False,
        "table_id": raw.table,
        "sources": [source],
        "remarks": list(raw.remarks),
        "left_out_by": "reader" if raw.left_out else None,
        "left_out_reason": stored_remark(raw.left_out) if raw.left_out else None,
    }


def raw_of(row: AppendixRow, **instead: str) -> RawRow:
    """Return the row's words, some replaced by what a person chose."""
    words = {name: getattr(row, name) for name in WORDS} | instead
    return RawRow(row_number=row.row_number, remarks=tuple(row.remarks), **words)


def take(row: AppendixRow, read: ImportRow) -> None:
    """Put a new reading into the row; its words stay."""
    for name, value in _read(read).items():
        setattr(row, name, value)


def reading_of(row: AppendixRow) -> dict[str, Any]:
    """Return how the row's words were understood, as JSON has it."""
    data: dict[str, Any] = to_jsonable_python({name: getattr(row, name) for name in _READ})
    return data


def stored_remark(remark: Remark) -> dict[str, Any]:
    """Return a remark as JSON has it."""
    data: dict[str, Any] = to_jsonable_python(remark)
    return data


def remark_of(data: Mapping[str, Any]) -> Remark:
    """Return a stored remark."""
    return Remark(data["code"], sentence_of(data["sentence"]))


def named(rows: Sequence[AppendixRow], most: int = 5) -> str:
    """Return the numbers by which people know the rows: the first of them, and an ellipsis."""
    numbers = ", ".join(f"STT {row.stt}" for row in rows[:most])
    return numbers if len(rows) <= most else f"{numbers}…"


def _read(row: ImportRow) -> dict[str, Any]:
    return {
        "lead_unit_ids": list(row.lead_unit_ids),
        "accountable_unit_id": row.accountable_unit_id,
        "coordinating_unit_ids": list(row.coordinating_unit_ids),
        "deadline": to_jsonable_python(row.deadline),
        "warnings": list(row.warnings),
    }
