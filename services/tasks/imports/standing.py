"""Where a row of the preview stands: what confirming does with it."""

from collections.abc import Sequence
from typing import Literal

from tasks.imports.models import AppendixRow

Standing = Literal["complete", "open", "left_out", "already_planned", "confirmed"]

NOTES = frozenset(
    {"row_number_repeated", "calendar_missing", "deadline_short_month", "row_column_ignored"}
)
"""Codes of warnings that leave nothing open: the row was understood all the same."""


def standing(row: AppendixRow, *, planned: bool) -> Standing:
    """Return the standing of a row; `planned`: another appendix brought its task before."""
    if row.task_id is not None:
        return "confirmed"
    if row.left_out_by is not None:
        return "left_out"
    if planned:
        return "already_planned"
    return "open" if is_incomplete(row) or is_unclear(row) else "complete"


def is_incomplete(row: AppendixRow) -> bool:
    """Say whether no task can come of it: nobody leads, or there is nothing to do."""
    return not (row.lead_unit_ids and row.content)


def is_unclear(row: AppendixRow) -> bool:
    """Say whether something in it was not understood and no person has said that it is right."""
    unclear = any(remark.code not in NOTES for remark in row.warnings)
    return not row.checked and (unclear or row.deadline["kind"] == "needs_person")


def of_standing(
    rows: Sequence[AppendixRow], planned: set[int], *wanted: Standing
) -> list[AppendixRow]:
    """Return the rows that stand in one of the ways; `planned`: numbers of rows."""
    return [row for row in rows if standing(row, planned=row.row_number in planned) in wanted]
