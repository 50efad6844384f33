"""Rows read anew from their words, as the plan, the calendar and the directory are now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import to_jsonable_python

from tasks.deadlines import Frame, words_above
from tasks.directory.unit_book import UnitBook
from tasks.imports.domain import ImportRow, plan_row
from tasks.imports.models import AppendixRow
from tasks.imports.rows import raw_of, take
from tasks.imports.standing import NOTES

CHOSEN = (
    ("lead_text", "lead_unit_ids", "lead_chosen"),
    ("coordinating_text", "coordinating_unit_ids", "coordinating_chosen"),
)


def read_anew(
    rows: Sequence[AppendixRow], book: UnitBook, frame: Frame
) -> list[tuple[AppendixRow, ImportRow]]:
    """Return each row with its reading now; `rows`: all of an import, in their order."""
    repeated = _repeated(rows)
    above = words_above([None if row.left_out_by else row.deadline_text for row in rows])
    return [
        (row, reading(row, book, frame, repeated=row.row_number in repeated, above=words))
        for row, words in zip(rows, above, strict=True)
    ]


def reading(
    row: AppendixRow, book: UnitBook, frame: Frame, *, repeated: bool, above: str | None
) -> ImportRow:
    """Read one row. Chosen units are put in place of the words: warnings about the words go."""
    names = {unit.unit_id: unit.name for unit in book.units}
    instead = {
        text: "; ".join(names[id_] for id_ in getattr(row, ids))
        for text, ids, chosen in CHOSEN
        if getattr(row, chosen)
    }
    read = plan_row(raw_of(row, **instead), book, frame, stt_repeated=repeated, above=above)
    return _with_chosen(read, row, book)


def differs(row: AppendixRow, read: ImportRow) -> bool:
    """Say whether the row as it stands is not what its words say now; what is only noted aside."""
    return (
        set(row.lead_unit_ids) != set(read.lead_unit_ids)
        or set(row.coordinating_unit_ids) != set(read.coordinating_unit_ids)
        or _days(row.deadline) != _days(to_jsonable_python(read.deadline))
        or _asked(row) != _asked(read)
    )


def bring_up_to_date(rows: Sequence[AppendixRow], book: UnitBook, frame: Frame) -> list[str]:
    """Put new readings into the rows that differ and are not confirmed.

    Returns the numbers (STT) of those a person had worked on; that they were right as they stood
    is no longer known.
    """
    touched: list[str] = []
    for row, read in read_anew(rows, book, frame):
        if row.task_id is not None or not differs(row, read):
            continue
        take(row, read)
        row.checked, row.version = False, row.version + 1
        if row.edited:
            touched.append(row.stt)
    return touched


def _with_chosen(read: ImportRow, row: AppendixRow, book: UnitBook) -> ImportRow:
    """Units a person chose stand while they are active, whatever the names would have matched.

    Nobody helps themselves.
    """
    active = {unit.unit_id for unit in book.units if unit.active}
    leads, accountable, warnings = read.lead_unit_ids, read.accountable_unit_id, read.warnings
    helpers = row.coordinating_unit_ids if row.coordinating_chosen else read.coordinating_unit_ids
    if row.lead_chosen:
        leads = tuple(id_ for id_ in row.lead_unit_ids if id_ in active)
        accountable = leads[0] if leads else None
        warnings = tuple(each for each in warnings if each.code != "row_several_leads")
    return replace(
        read,
        lead_unit_ids=leads,
        accountable_unit_id=accountable,
        coordinating_unit_ids=tuple(id_ for id_ in helpers if id_ in active and id_ not in leads),
        warnings=warnings,
    )


def _repeated(rows: Sequence[AppendixRow]) -> set[int]:
    """Return rows whose number another one of their table has; parts of one row share theirs."""
    met: dict[tuple[str, str], set[str]] = {}
    said = {row.row_number: json.dumps(row.sources, sort_keys=True) for row in rows}
    for row in rows:
        if not row.left_out_by:
            met.setdefault((row.table_id, row.stt), set()).add(said[row.row_number])
    return {
        row.row_number
        for row in rows
        if met.get((row.table_id, row.stt), set()) - {said[row.row_number]}
    }


def _days(deadline: Mapping[str, Any]) -> tuple[Any, ...]:
    occurrences = [
        (one["label"], one["starts_on"], one["due_on"], one.get("kind"))
        for one in deadline["occurrences"]
    ]
    return deadline["kind"], occurrences, deadline.get("rule")


def _asked(row: AppendixRow | ImportRow) -> set[str]:
    return {remark.code for remark in row.warnings} - NOTES
