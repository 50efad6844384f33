"""Importing the appendix of a plan: upload, look, choose, correct, confirm."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, UploadFile
from starlette.responses import Response

from chassis.files import Files
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.bodies import NothingBody
from tasks.imports import reshaping
from tasks.imports.bodies import (
    AddedRowBody,
    ChoicesBody,
    ConfirmBody,
    DiscardBody,
    RowBody,
    SplitBody,
)
from tasks.imports.confirmation import confirm
from tasks.imports.correction import correct
from tasks.imports.lists import file_names, imports_of
from tasks.imports.rereading import choose
from tasks.imports.row_views import RowView
from tasks.imports.upload import start
from tasks.imports.views import (
    ImportSummary,
    ImportView,
    import_summary,
    import_view,
    one_row,
    some_rows,
)
from tasks.imports.withdrawal import discard
from tasks.plans import actions as plans
from tasks.plans.models import Plan

router = ServiceRouter(prefix="/v1", tags=["imports"])


class Started(ResponseBody):
    """Where to look: the job says how far the reading is, the import what was read."""

    job_id: UUID
    import_id: UUID


class Confirmed(ResponseBody):
    """How many assignments were made, of how many rows, and how many rows stay open."""

    created: int
    rows: int
    left: int


class Discarded(ResponseBody):
    """How many assignments were cancelled."""

    cancelled: int


class Rows(ResponseBody):
    """Rows of an import that an act made or changed, in their order."""

    rows: list[RowView]


async def _plan(id: UUID, session: Transaction) -> Plan:
    return await plans.find(session, id)


@router.post("/plans/{id}/imports", policy="plan.import", status_code=202)
async def start_import(
    plan: Annotated[Plan, Depends(_plan)],
    file: UploadFile,
    session: Transaction,
    actor: CurrentActor,
    files: Files,
) -> Started:
    """Take one .docx, .xlsx or older kind and begin to read it. 415 for others, over 20 MB 413."""
    content = await file.read()
    started = await start(session, files, actor, plan, file.filename or "", content)
    return Started.model_validate({"job_id": started.job_id, "import_id": started.id})


@router.get("/plans/{id}/imports", policy="import.read")
async def list_imports(
    plan: Annotated[Plan, Depends(_plan)], session: Transaction, paging: PageParams
) -> Page[ImportSummary]:
    """List the imports of a plan, the newest first."""
    rows, cursor = await imports_of(session, plan.id, paging)
    names = await file_names(session, rows)
    return Page(data=[import_summary(row, names[row.file_id]) for row in rows], next_cursor=cursor)


@router.get("/imports/{id}", policy="import.read")
async def read_import(
    id: UUID,
    session: Transaction,
    actor: CurrentActor,
    files: Files,
    language: AskedLanguage,
    response: Response,
) -> ImportView:
    """Return what the reader saw, and every row as read and corrected so far."""
    view = await import_view(session, files, actor, id, language)
    set_etag(response, view.version)
    return view


@router.patch("/imports/{id}", policy="import.read_again", status_code=202)
async def choose_tables(
    id: UUID, expected: IfMatch, body: ChoicesBody, session: Transaction, actor: CurrentActor
) -> Started:
    """Read the file again with the tables and columns chosen; corrections stay.

    409 `import_corrections_would_go` names corrected rows that might be lost, unless
    `discard_corrections`; 422 `import_choices_wrong` names tables and columns that are not there.
    """
    started = await choose(
        session,
        actor,
        id,
        expected,
        tables=body.tables,
        columns=body.columns,
        discard_corrections=body.discard_corrections,
    )
    return Started.model_validate({"job_id": started.job_id, "import_id": id})


@router.get("/imports/{id}/rows/{row_number}", policy="import.read")
async def read_row(
    id: UUID,
    row_number: int,
    session: Transaction,
    language: AskedLanguage,
    response: Response,
) -> RowView:
    """Return one row with its ETag."""
    view = await one_row(session, id, row_number, language)
    set_etag(response, view.version)
    return view


@router.patch("/imports/{id}/rows/{row_number}", policy="import.change")
async def correct_row(
    id: UUID,
    row_number: int,
    expected: IfMatch,
    body: RowBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> RowView:
    """Correct words and units, take a row or leave it out; the row is read again.

    412 when somebody changed the row meanwhile, 409 `import_row_confirmed`.
    """
    row = await correct(session, actor, id, row_number, expected, _given(body))
    set_etag(response, row.version)
    return await one_row(session, id, row_number, language)


@router.post("/imports/{id}/rows", policy="import.change", status_code=201)
async def add_row(
    id: UUID, body: AddedRowBody, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> RowView:
    """Add a row that the file lacks. 409 `import_full`."""
    given = _given(body)
    after = given.pop("after", None)
    row = await reshaping.add(session, actor, id, after, given)
    return await one_row(session, id, row.row_number, language)


@router.post("/imports/{id}/rows/{row_number}/split", policy="import.change")
async def split_row(
    id: UUID,
    row_number: int,
    expected: IfMatch,
    body: SplitBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
) -> Rows:
    """Make several rows of one, as where a cell holds two tasks. 409 `import_full`."""
    parts = [_given(part) for part in body.parts]
    rows = await reshaping.split(session, actor, id, row_number, expected, parts)
    return Rows(rows=await some_rows(session, id, rows, language))


@router.post("/imports/{id}/rows/{row_number}/merge", policy="import.change")
async def merge_row(
    id: UUID,
    row_number: int,
    expected: IfMatch,
    _: NothingBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
) -> RowView:
    """Add a row to the one above it, which is returned.

    409 `import_nothing_above`, or `import_cell_too_long` for both together.
    """
    row = await reshaping.merge(session, actor, id, row_number, expected)
    return await one_row(session, id, row.row_number, language)


@router.post("/imports/{id}/confirm", policy="import.confirm")
async def confirm_import(
    id: UUID, body: ConfirmBody, session: Transaction, actor: CurrentActor
) -> Confirmed:
    """Make the assignments of the rows that are new and not left out: all, or the complete ones.

    409 `import_confirmed`, `import_nothing_new` or `import_nothing_complete`; 409 `import_outdated`
    naming rows that read otherwise since the plan, the calendar or a unit changed, 409
    `import_row_twice` naming rows that the plan or the file has otherwise; 422 naming the rows that
    nobody leads.
    """
    made = await confirm(session, actor, id, body.rows)
    return Confirmed(created=made.assignments, rows=made.rows, left=made.left)


@router.post("/imports/{id}/discard", policy="import.discard")
async def discard_import(
    id: UUID, expected: IfMatch, body: DiscardBody, session: Transaction, actor: CurrentActor
) -> Discarded:
    """Take an import back: its assignments are cancelled while the plan is a draft.

    409 `import_in_force` once the plan is in force, `import_work_begun` when a unit has worked on
    one of them, `import_discarded`.
    """
    return Discarded(cancelled=await discard(session, actor, id, expected, body.reason))


def _given(body: RequestBody) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True)
