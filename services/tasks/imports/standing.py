"""Where a row of the preview stands: what confirming does with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.words import N_, Sentence
from tasks.imports.models import AppendixRow
from tasks.remarks import Remark

Standing = Literal["complete", "open", "left_out", "already_planned", "confirmed"]

NOTES = frozenset(
    {"row_number_repeated", "calendar_missing", "deadline_short_month", "row_column_ignored"}
)
"""Codes of warnings that leave nothing open: the row was understood all the same."""

OF_THE_FILE = "calendar_missing"
"""A warning that is the same in row after row, and is said once, of the file."""
CALENDAR_MISSING = N_(
    "Chưa nhập lịch làm việc năm {year}: ngày nghỉ lễ chưa được tính vào hạn của {count} dòng."
)
ASKED = frozenset({"row_planned_otherwise", "row_same_as_another"})
"""Codes of what would make a task twice: not even with all others is such a row confirmed."""


@dataclass(frozen=True, slots=True)
class Twin:
    """What there is of a row already. `planned`: another appendix brought its very task.

    `remarks`: what the plan, or another row of the file, has like it.
    """

    planned: bool = False
    remarks: tuple[Remark, ...] = ()


NO_TWIN = Twin()


def standing(row: AppendixRow, twin: Twin = NO_TWIN) -> Standing:
    """Return the standing of a row."""
    if row.task_id is not None:
        return "confirmed"
    if row.left_out_by is not None:
        return "left_out"
    if twin.planned:
        return "already_planned"
    return "open" if is_incomplete(row) or is_unclear(row, twin) else "complete"


def is_incomplete(row: AppendixRow) -> bool:
    """Say whether no task can come of it: nobody leads, or there is nothing to do."""
    return not (row.lead_unit_ids and row.content)


def is_unclear(row: AppendixRow, twin: Twin = NO_TWIN) -> bool:
    """Say whether something in it was not understood and no person has said that it is right."""
    unclear = any(remark.code not in NOTES for remark in row.warnings) or is_asked(row, twin)
    return not row.checked and (unclear or row.deadline["kind"] == "needs_person")


def is_asked(row: AppendixRow, twin: Twin) -> bool:
    """Say whether it might make a task twice, and no person has said that it is another one."""
    return not row.checked and any(remark.code in ASKED for remark in twin.remarks)


def of_standing(
    rows: Sequence[AppendixRow], twins: Mapping[int, Twin], *wanted: Standing
) -> list[AppendixRow]:
    """Return the rows that stand in one of the ways; `twins`: by number of the row."""
    return [row for row in rows if standing(row, twins.get(row.row_number, NO_TWIN)) in wanted]


def without_calendar(rows: Sequence[AppendixRow]) -> list[Remark]:
    """Return what is to be said once of all rows that are due in a year without a calendar."""
    said = Counter(
        _innermost(each.sentence).facts["year"]
        for row in rows
        for each in row.warnings
        if each.code == OF_THE_FILE and row.left_out_by is None
    )
    return [
        Remark(OF_THE_FILE, Sentence(CALENDAR_MISSING, {"year": year, "count": count}))
        for year, count in sorted(said.items())
    ]


def _innermost(sentence: Sentence) -> Sentence:
    inner = sentence.facts.get("remark")
    return _innermost(inner) if isinstance(inner, Sentence) else sentence
