"""A row of the preview as the API shows it: as it stands, and what the file says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from chassis.i18n import Language, say
from chassis.web import ResponseBody
from chassis.words import Sentence
from contracts.tasks import DeadlineKind
from tasks.imports.appendix.headers import LABELS
from tasks.imports.domain import (
    CONTENT,
    COORDINATING,
    DEADLINE,
    LEAD,
    PRODUCT,
    YEAR_AROUND,
    LeftOutBy,
)
from tasks.imports.models import AppendixRow
from tasks.imports.rows import remark_of
from tasks.imports.standing import NO_TWIN, OF_THE_FILE, Standing, Twin, is_unclear, standing
from tasks.remarks import Remark, sentence_of

FIELDS = {
    CONTENT: "content",
    PRODUCT: "product",
    LEAD: "lead_unit_ids",
    COORDINATING: "coordinating_unit_ids",
    DEADLINE: "deadline_text",
}
OF_COLUMNS = {
    "stt": "stt",
    "subject_matter": "subject_matter",
    "content": "content",
    "product": "product",
    "lead": "lead_unit_ids",
    "coordinating": "coordinating_unit_ids",
    "deadline": "deadline_text",
}
_OF_LABELS = {label: OF_COLUMNS[column] for column, label in LABELS.items() if column in OF_COLUMNS}
Titles = Mapping[str, Mapping[str, str]]
NO_TITLES: Titles = {}
OF_CODES = {
    "row_content_missing": "content",
    "row_number_repeated": "stt",
    YEAR_AROUND: "deadline_text",
}


class OccurrenceView(ResponseBody):
    """One time the task falls due; `due_on` null: no day, or none yet."""

    label: str
    starts_on: date | None
    due_on: date | None


class DeadlineView(ResponseBody):
    """How the words were read; `reading` says it in a sentence."""

    kind: DeadlineKind
    reading: str
    occurrences: list[OccurrenceView]


class RowWarning(ResponseBody):
    """What a person should look at in this row; `field`: beside which one, null: the whole row."""

    code: str
    message: str
    field: str | None


class FileWords(ResponseBody):
    """What the file says in one of its rows, word for word."""

    stt: str
    section: str
    subject_matter: str
    content: str
    product: str
    lead_text: str
    coordinating_text: str
    deadline_text: str


class RowView(ResponseBody):
    """One task row. `section`: the heading above it, null without one.

    `standing`: what confirming does with it; `open` waits for a person. `raw`: the rows of the file
    it was made of, none when a person added it. `left_out_reason`: why the reader left it out, or
    would have. `table`: which of the import's tables it stands in. `…_chosen`: a person chose the
    units, the file's words beside them no longer hold.
    """

    row_number: int
    version: int
    table: str
    standing: Standing
    stt: str
    section: str | None
    subject_matter: str
    content: str
    product: str
    lead_text: str
    lead_unit_ids: list[UUID]
    lead_chosen: bool
    coordinating_text: str
    coordinating_unit_ids: list[UUID]
    coordinating_chosen: bool
    accountable_unit_id: UUID | None
    deadline_text: str
    deadline: DeadlineView
    warnings: list[RowWarning]
    needs_person: bool
    several_leads: bool
    already_planned: bool
    unclear: bool
    checked: bool
    edited: bool
    left_out: bool
    left_out_by: LeftOutBy | None
    left_out_reason: str | None
    raw: list[FileWords] = Field(default_factory=list)


def row_view(
    row: AppendixRow,
    language: Language,
    *,
    twin: Twin = NO_TWIN,
    titles: Titles = NO_TITLES,
) -> RowView:
    """Return a row as shown; `titles`: which of its fields the columns of the file hold."""
    plain = {name: getattr(row, name) for name in RowView.model_fields if hasattr(row, name)}
    facts = {
        **plain,
        "table": row.table_id,
        "standing": standing(row, twin),
        "section": row.section or None,
        "deadline": _deadline(row.deadline, language),
        "warnings": [
            _warning(remark, language, titles.get(row.table_id, {}))
            for remark in (*row.warnings, *twin.remarks)
            if remark.code != OF_THE_FILE
        ],
        "needs_person": row.deadline["kind"] == "needs_person",
        "several_leads": any(each.code == "row_several_leads" for each in row.warnings),
        "already_planned": twin.planned and row.task_id is None,
        "unclear": is_unclear(row, twin),
        "left_out": row.left_out_by is not None,
        "left_out_reason": _reason(row, language),
        "raw": row.sources,
    }
    return RowView.model_validate(facts)


def _deadline(stored: Mapping[str, Any], language: Language) -> DeadlineView:
    reading = say(sentence_of(stored["reading"]), language)
    return DeadlineView.model_validate({**stored, "reading": reading})


def titles_of(tables: Sequence[Mapping[str, Any]]) -> Titles:
    """Return, by table, the field that each column's title stands for; from what was seen."""
    return {
        table["id"]: {
            column["title"]: OF_COLUMNS[column["field"]]
            for column in table["columns"]
            if column["field"] in OF_COLUMNS
        }
        for table in tables
    }


def field_read(remark: Remark, titles: Mapping[str, str]) -> str | None:
    """Return the field that a remark of the reader's is about; None: of none, or of the row."""
    if remark.code == YEAR_AROUND:  # the plan's and the new words' years are compared again
        return None
    said = remark.sentence.facts
    title = str(said.get("column") or said.get("title"))
    return titles.get(title) or _OF_LABELS.get(str(said.get("field")))


def _warning(remark: Remark, language: Language, titles: Mapping[str, str]) -> RowWarning:
    said = say(remark.sentence, language)
    return RowWarning(code=remark.code, message=said, field=_field_of(remark, titles))


def _field_of(remark: Remark, titles: Mapping[str, str]) -> str | None:
    """Return the field that a warning is about: its sentence names the column, or its title."""
    inner = remark.sentence.facts.get("remark")
    facts = inner.facts if isinstance(inner, Sentence) else {}
    column = str(facts.get("column") or facts.get("title") or facts.get("field"))
    return FIELDS.get(column) or titles.get(column) or OF_CODES.get(remark.code)


def _reason(row: AppendixRow, language: Language) -> str | None:
    reason = row.left_out_reason
    return say(remark_of(reason).sentence, language) if reason else None
