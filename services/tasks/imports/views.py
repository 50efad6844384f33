"""The preview of an appendix as the API shows it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.files import FileStore
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from chassis.words import N_, Sentence
from contracts.tasks import DeadlineKind
from tasks.access import RIGHTS
from tasks.imports.domain import ImportState, acts_open_in
from tasks.imports.models import AppendixRow
from tasks.imports.repeats import already_planned
from tasks.imports.state import find, interruption
from tasks.remarks import Remark, sentence_of

UNREADABLE = Sentence(N_("Không đọc được phụ lục"))


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
    state: ImportState
    error: ReadingError | None
    mapping: list[MappedColumn]
    counts: ImportCounts
    rows: list[RowView]
    allowed: list[str]


def row_view(row: AppendixRow, language: Language, *, already_planned: bool = False) -> RowView:
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
        deadline=_deadline(row.deadline, language),
        warnings=[RowWarning(code=r.code, message=say(r.sentence, language)) for r in row.warnings],
        needs_person=row.deadline["kind"] == "needs_person",
        already_planned=already_planned,
    )


def _deadline(stored: Mapping[str, Any], language: Language) -> DeadlineView:
    reading = say(sentence_of(stored["reading"]), language)
    return DeadlineView.model_validate({**stored, "reading": reading})


async def import_view(
    session: AsyncSession, files: FileStore, actor: Actor, id_: UUID, language: Language
) -> ImportView:
    """Return an import with its rows, and what the actor may do with it. Raises NotFound."""
    started = await find(session, id_)
    file = await files.find(session, started.file_id)
    statement = select(AppendixRow).where(AppendixRow.import_id == id_)
    rows = (await session.scalars(statement.order_by(AppendixRow.row_number))).all()
    repeated = await already_planned(session, started, rows)
    views = [row_view(row, language, already_planned=row.row_number in repeated) for row in rows]
    failure = await interruption(session, started)
    state: ImportState = "failed" if failure else started.state
    return ImportView(
        id=started.id,
        plan_id=started.plan_id,
        file_name=file.name,
        state=state,
        error=_error(failure, language) if failure else None,
        mapping=[MappedColumn.model_validate(column) for column in started.mapping],
        counts=_counts(views),
        rows=views,
        allowed=RIGHTS.allowed(actor, "import", acts_open_in(state)),
    )


def _error(failure: Remark, language: Language) -> ReadingError:
    detail = say(failure.sentence, language)
    return ReadingError(code=failure.code, title=say(UNREADABLE, language), detail=detail)


def _counts(views: Sequence[RowView]) -> ImportCounts:
    new = [view for view in views if not view.already_planned]
    return ImportCounts(
        rows=len(views),
        already_planned=len(views) - len(new),
        assignments=sum(len(v.lead_unit_ids) * len(v.deadline.occurrences) for v in new),
        needs_person=sum(view.needs_person for view in views),
        warnings=sum(len(view.warnings) for view in views),
    )
