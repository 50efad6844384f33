"""The preview of an appendix as the API shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.files import FileStore
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from chassis.words import N_, Sentence
from tasks.access import RIGHTS
from tasks.imports.domain import Act, ImportState, acts_open_in
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.outside import WARNINGS
from tasks.imports.repeats import Repeats, lacking, repeats
from tasks.imports.row_views import RowView, row_view, titles_of
from tasks.imports.standing import ASKED, NO_TWIN, Standing, without_calendar
from tasks.imports.state import BROKE_OFF, find, interruption, row_of, rows_of
from tasks.plans.domain import RULES as PLAN_RULES
from tasks.plans.domain import PlanStatus
from tasks.plans.models import Plan
from tasks.remarks import Remark, sentence_of

UNREADABLE = Sentence(N_("Không đọc được phụ lục"))
UNREADABLE_SO = Sentence(N_("Không đọc lại được theo lựa chọn bảng và cột"))


class MappedColumn(ResponseBody):
    """Which words of the file's header were read as which field."""

    field: str
    header: str


class ColumnView(ResponseBody):
    """A column of the file. `field` null: nothing is taken from it; `unsure`: please look."""

    position: int
    title: str
    field: str | None
    sample: str
    hidden: bool
    unsure: bool


class TableView(ResponseBody):
    """A table or sheet found in the file. `reason`: why it was not read. `opening`: first words.

    `may_hold_tasks`: it is read, or looks like rows that were not.
    """

    id: str
    place: str
    hidden: bool
    taken: bool
    reason: str | None
    opening: str
    columns: list[ColumnView]
    rows: int
    may_hold_tasks: bool = True


class FileRemark(ResponseBody):
    """Something about the whole file that a person should know; `warning`: before confirming."""

    code: str
    message: str
    warning: bool


class ImportCounts(ResponseBody):
    """Sums over the rows that are not left out; `assignments`: what confirming all would make.

    `already_planned`: rows that an earlier appendix of the plan brought; they are passed over.
    `complete` and `open` part the rest; `complete_assignments`: what confirming only the complete
    ones would make. `incomplete`: open rows that nobody leads, that say nothing to do, or that
    might make a task twice.
    """

    rows: int
    already_planned: int
    assignments: int
    complete: int
    complete_assignments: int
    open: int
    incomplete: int
    left_out: int
    confirmed: int
    needs_person: int
    warnings: int


class ReadingError(ResponseBody):
    """Why the file could not be read."""

    code: str
    title: str
    detail: str


class ImportSummary(ResponseBody):
    """An import in a list. `state`: reading, ready, confirmed, failed or discarded."""

    id: UUID
    plan_id: UUID
    version: int
    file_name: str
    state: ImportState
    created_at: datetime


class ImportView(ResponseBody):
    """An import. `state`: reading, ready, confirmed, failed or discarded.

    `error` beside the state `ready`: the last choice of tables and columns could not be read, all
    is as it was before.
    """

    id: UUID
    version: int
    plan_id: UUID
    job_id: UUID | None
    file_name: str
    state: ImportState
    error: ReadingError | None
    mapping: list[MappedColumn]
    tables: list[TableView]
    remarks: list[FileRemark]
    counts: ImportCounts
    rows: list[RowView]
    allowed: list[str]


def import_summary(started: AppendixImport, file_name: str) -> ImportSummary:
    """Return an import as a list shows it."""
    return ImportSummary(
        id=started.id,
        plan_id=started.plan_id,
        version=started.version,
        file_name=file_name,
        state=started.state,
        created_at=started.created_at,
    )


async def import_view(
    session: AsyncSession, files: FileStore, actor: Actor, id_: UUID, language: Language
) -> ImportView:
    """Return an import with its rows, and what the actor may do with it. Raises NotFound."""
    started = await find(session, id_)
    file = await files.find(session, started.file_id)
    rows = await rows_of(session, id_)
    found = await repeats(session, started, rows)
    titles = titles_of(started.seen)
    views = [
        row_view(row, language, twin=found.twins.get(row.row_number, NO_TWIN), titles=titles)
        for row in rows
    ]
    failure = await interruption(session, started)
    state: ImportState = "failed" if failure else started.state
    plan = await session.get_one(Plan, started.plan_id)
    acts = [*_acts(state, failure, plan.status)]
    if "discard" in acts and not _can_be_taken_back(started, plan, rows):
        acts.remove("discard")
    return ImportView(
        id=started.id,
        version=started.version,
        plan_id=started.plan_id,
        job_id=started.job_id,
        file_name=file.name,
        state=state,
        error=_error(started, failure, language),
        mapping=[MappedColumn.model_validate(column) for column in started.mapping],
        tables=[_table(table, language) for table in started.seen],
        remarks=[
            FileRemark(
                code=each.code,
                message=say(each.sentence, language),
                warning=each.code in WARNINGS,
            )
            for each in _remarks(started, rows, found, state)
        ],
        counts=_counts(views),
        rows=views,
        allowed=RIGHTS.allowed(actor, "import", acts),
    )


def _remarks(
    started: AppendixImport, rows: Sequence[AppendixRow], found: Repeats, state: ImportState
) -> list[Remark]:
    lacks = lacking(found) if state == "ready" else []
    return [*started.remarks, *without_calendar(rows), *lacks]


async def one_row(session: AsyncSession, id_: UUID, row_number: int, language: Language) -> RowView:
    """Return one row of an import. Raises NotFound."""
    await find(session, id_)
    row = await row_of(session, id_, row_number)
    [view] = await some_rows(session, id_, [row], language)
    return view


async def some_rows(
    session: AsyncSession, id_: UUID, rows: Sequence[AppendixRow], language: Language
) -> list[RowView]:
    """Return rows as they stand beside all others of the import, and the plan."""
    started = await find(session, id_)
    twins = (await repeats(session, started, await rows_of(session, id_))).twins
    titles = titles_of(started.seen)
    return [
        row_view(row, language, twin=twins.get(row.row_number, NO_TWIN), titles=titles)
        for row in rows
    ]


def _acts(state: ImportState, failure: Remark | None, plan: PlanStatus) -> Sequence[Act]:
    """A reading that broke off can be begun again; a plan that is over takes nothing more."""
    broken_off = failure is not None and failure.code == BROKE_OFF
    acts: Sequence[Act] = (*(("read_again",) if broken_off else ()), *acts_open_in(state))
    return acts if plan in PLAN_RULES["import"] else [act for act in acts if act == "discard"]


def _can_be_taken_back(started: AppendixImport, plan: Plan, rows: Sequence[AppendixRow]) -> bool:
    """What made nothing can be, and what made tasks while their plan is a draft."""
    if started.state != "confirmed" and all(row.task_id is None for row in rows):
        return True
    return plan.status == "draft"


def _table(seen: dict[str, Any], language: Language) -> TableView:
    reason = seen["reason"]
    said = {
        "place": say(sentence_of(seen["place"]), language),
        "reason": say(sentence_of(reason), language) if reason else None,
    }
    return TableView.model_validate({**seen, **said})


def _error(
    started: AppendixImport, failure: Remark | None, language: Language
) -> ReadingError | None:
    title, remark = UNREADABLE, failure
    if started.state == "ready" and started.error:
        title = UNREADABLE_SO
        remark = Remark(started.error["code"], sentence_of(started.error["detail"]))
    if remark is None:
        return None
    detail = say(remark.sentence, language)
    return ReadingError(code=remark.code, title=say(title, language), detail=detail)


def _counts(views: Sequence[RowView]) -> ImportCounts:
    by: dict[Standing, list[RowView]] = {}
    for view in views:
        by.setdefault(view.standing, []).append(view)
    complete, unclear = by.get("complete", []), by.get("open", [])
    there = [view for view in views if not view.left_out]
    return ImportCounts(
        rows=len(there),
        already_planned=len(by.get("already_planned", [])),
        assignments=_assignments([*complete, *unclear]),
        complete=len(complete),
        complete_assignments=_assignments(complete),
        open=len(unclear),
        incomplete=sum(map(_is_incomplete, unclear)),
        left_out=len(by.get("left_out", [])),
        confirmed=len(by.get("confirmed", [])),
        needs_person=sum(view.needs_person for view in there),
        warnings=sum(len(view.warnings) for view in there),
    )


def _is_incomplete(view: RowView) -> bool:
    asked = not view.checked and any(each.code in ASKED for each in view.warnings)
    return asked or not (view.lead_unit_ids and view.content)


def _assignments(views: Sequence[RowView]) -> int:
    return sum(len(view.lead_unit_ids) * len(view.deadline.occurrences) for view in views)
