"""What stands while a decided sheet is appraised anew: what was approved counts until it is again.

What was published stays readable as it was, until the sheet is published again. Source: composed,
docs/indices.md 8.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import ColumnElement

from reporting.score_sheets.models import ScoreRow, Sheet
from reporting.score_sheets.outcome import Outcome

JUDGED = (
    "appraised_1", "appraised_2", "appraised_done", "appraised_due", "appraisal_note",
    "appraisal_note_2", "not_applicable_accepted", "ballots", "ballots_evidence",
    "ballots_accepted", "survey_index", "survey_source", "survey_dated_on", "version",
)  # fmt: skip
"""Columns that may change in the second appraisal; all others are locked since the first."""
IS_PUBLISHED: ColumnElement[bool] = (Sheet.state == "published") | (
    Sheet.standing["state"].astext == "published"
)
"""Whether everybody in the department reads a sheet, though it may be appraised anew by now."""
_NOTHING = {"not_applicable_accepted": False, "ballots_accepted": False, "version": 1}


def let_stand(sheet: Sheet, rows: Iterable[ScoreRow]) -> None:
    """Keep what was decided, and take it from the sheet. What was published before goes on."""
    if sheet.standing is None:
        values = {row.code: {name: getattr(row, name) for name in JUDGED} for row in rows}
        sheet.standing = {
            "state": sheet.state, "final": sheet.final, "rows": to_jsonable_python(values),
        }  # fmt: skip
    sheet.final = None


def is_corrected(sheet: Sheet) -> bool:
    """Tell whether a sheet that was decided is being appraised anew."""
    return sheet.standing is not None and sheet.final is None


def was_published(sheet: Sheet) -> bool:
    """Tell whether everybody reads the sheet, as it is or as it was published before."""
    return "published" in (sheet.state, (sheet.standing or {}).get("state"))


def counting(sheet: Sheet) -> tuple[str, Outcome] | None:
    """Return the state and figures that count; None: nothing was approved yet."""
    if sheet.final is not None:
        return sheet.state, Outcome.from_json(sheet.final)
    return _stood(sheet) if sheet.standing else None


def published(sheet: Sheet) -> Outcome | None:
    """Return what was published last; None: nothing was."""
    if sheet.state == "published" and sheet.final is not None:
        return Outcome.from_json(sheet.final)
    return _stood(sheet)[1] if sheet.standing and was_published(sheet) else None


def rows_as_they_stood(sheet: Sheet, rows: Sequence[ScoreRow]) -> list[ScoreRow]:
    """Return copies of rows, with what was appraised as it was when it was decided."""
    known: Mapping[str, Mapping[str, Any]] = (sheet.standing or {})["rows"]
    return [_as_it_stood(row, known.get(row.code, {})) for row in rows]


def steps_as_published(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the steps up to when it was published last."""
    last = max(i for i, each in enumerate(sheet.steps) if each["state"] == "published")
    return sheet.steps[: last + 1]


def reopened_at(sheet: Sheet) -> datetime:
    """Return when what was published began to be appraised anew."""
    after = sheet.steps[len(steps_as_published(sheet))]
    return datetime.fromisoformat(after["at"])


def _stood(sheet: Sheet) -> tuple[str, Outcome]:
    stood = sheet.standing or {}
    return stood["state"], Outcome.from_json(stood["final"])


def _as_it_stood(row: ScoreRow, stored: Mapping[str, Any]) -> ScoreRow:
    columns = ScoreRow.__table__.columns
    values = {each.key: getattr(row, each.key) for each in columns}
    judged = {
        name: _read(columns[name].type.python_type, stored.get(name, _NOTHING.get(name)))
        for name in JUDGED
    }
    return ScoreRow(**{**values, **judged})


def _read(kind: type, stored: Any) -> Any:
    """Return a stored value as its column has it."""
    if stored is not None and kind is Decimal:
        return Decimal(stored)
    return date.fromisoformat(stored) if stored is not None and kind is date else stored
