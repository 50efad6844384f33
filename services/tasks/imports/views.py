"""The preview of an appendix as the API shows it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.web import ResponseBody
from contracts.tasks import DeadlineKind
from tasks.imports.models import AppendixImport, AppendixRow


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
    """What a person should look at in this row."""

    code: str
    message: str


class RowView(ResponseBody):
    """One task row. `section`: the heading above it, null without one."""

    row_number: int
    stt: str
    section: str | None
    subject_matter: str
    content: str
    product: str
    lead_text: str
    lead_unit_ids: list[UUID]
    coordinating_text: str
    coordinating_unit_ids: list[UUID]
    accountable_unit_id: UUID | None
    deadline_text: str
    deadline: DeadlineView
    warnings: list[RowWarning]
    needs_person: bool
    already_planned: bool


class MappedColumn(ResponseBody):
    """Which words of the file's header were read as which field."""

    field: str
    header: str


class ImportCounts(ResponseBody):
    """Sums over the rows; `assignments`: how many confirming would make.

    `already_planned`: rows that an earlier appendix of the plan brought; they are passed over.
    """

    rows: int
    already_planned: int
    assignments: int
    needs_person: int
    warnings: int


class ReadingError(ResponseBody):
    """Why the file could not be read."""

    code: str
    title: str
    detail: str


class ImportView(ResponseBody):
    """An import. `state`: reading, ready, confirmed or failed."""

    id: UUID
    plan_id: UUID
    file_name: str
    state: str
    error: ReadingError | None
    mapping: list[MappedColumn]
    counts: ImportCounts
    rows: list[RowView]


def row_view(row: AppendixRow, *, already_planned: bool = False) -> RowView:
    """Return a row as shown."""
    return RowView(
        row_number=row.row_number,
        stt=row.stt,
        section=row.section or None,
        subject_matter=row.subject_matter,
        content=row.content,
        product=row.product,
        lead_text=row.lead_text,
        lead_unit_ids=row.lead_unit_ids,
        coordinating_text=row.coordinating_text,
        coordinating_unit_ids=row.coordinating_unit_ids,
        accountable_unit_id=row.accountable_unit_id,
        deadline_text=row.deadline_text,
        deadline=DeadlineView.model_validate(row.deadline),
        warnings=[RowWarning(code="row_check", message=message) for message in row.warnings],
        needs_person=row.deadline["kind"] == "needs_person",
        already_planned=already_planned,
    )


def import_view(
    started: AppendixImport,
    file_name: str,
    rows: Sequence[AppendixRow],
    error: dict[str, Any] | None,
    repeated: Collection[int],
) -> ImportView:
    """Return an import with its rows; `error` when it failed or its job died.

    `repeated`: numbers of the rows that the plan already has.
    """
    views = [row_view(row, already_planned=row.row_number in repeated) for row in rows]
    new = [view for view in views if not view.already_planned]
    return ImportView(
        id=started.id,
        plan_id=started.plan_id,
        file_name=file_name,
        state="failed" if error else started.state,
        error=ReadingError.model_validate(error) if error else None,
        mapping=[MappedColumn.model_validate(column) for column in started.mapping],
        counts=ImportCounts(
            rows=len(views),
            already_planned=len(views) - len(new),
            assignments=sum(len(v.lead_unit_ids) * len(v.deadline.occurrences) for v in new),
            needs_person=sum(view.needs_person for view in views),
            warnings=sum(len(view.warnings) for view in views),
        ),
        rows=views,
    )
