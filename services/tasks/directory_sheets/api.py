"""The directory as a workbook: taken away, and brought back with a preview."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import UploadFile
from pydantic import Field
from starlette.responses import FileResponse

from chassis.bodies import Reason
from chassis.documents.sheet import MEDIA_TYPE, sheet_response
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
)
from tasks.directory_sheets import actions
from tasks.directory_sheets.preview import standing
from tasks.directory_sheets.views import DirectoryImportView, import_view
from tasks.directory_sheets.workbook import workbook_of

router = ServiceRouter(prefix="/v1", tags=["directory"])
WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}


class ConfirmDirectoryBody(RequestBody):
    """What was shown, and why, where somebody leaves or a unit closes."""

    digest: Annotated[str, Field(max_length=64)]
    reason: Reason | None = None


class ConfirmedDirectory(ResponseBody):
    """How many entries became new, and how many changed."""

    created: int
    changed: int


@router.get(
    "/directory.xlsx", policy="directory.export", response_class=FileResponse, responses=WORKBOOK
)
async def export_directory(session: Transaction, language: AskedLanguage) -> FileResponse:
    """Return units and people as .xlsx, in the form that an import takes."""
    return sheet_response(await workbook_of(await standing(session), language), "danh-ba.xlsx")


@router.get(
    "/directory_template.xlsx", policy="directory.import", response_class=FileResponse,
    responses=WORKBOOK,
)  # fmt: skip
async def read_template(language: AskedLanguage) -> FileResponse:
    """Return the empty workbook to fill in, with what its columns take."""
    return sheet_response(await workbook_of(None, language), "mau-danh-ba.xlsx")


@router.post("/directory_imports", policy="directory.import", status_code=201)
async def start_directory_import(
    file: UploadFile, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> DirectoryImportView:
    """Read a workbook and show what it would do; the directory stays as it is.

    415 `directory_file_wrong_kind`, `directory_file_unsafe`, `directory_file_too_large`,
    `directory_file_no_sheet`, `directory_file_columns_missing`, `directory_file_column_twice`,
    `directory_file_too_long`, `directory_file_empty`.
    """
    content = await file.read()
    started = await actions.start(session, actor, file.filename or "", content)
    return import_view(started, await standing(session), actor, language)


@router.get("/directory_imports/{id}", policy="directory.import")
async def read_directory_import(
    id: UUID, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> DirectoryImportView:
    """Return what a workbook would do to the directory as it stands now."""
    found = await actions.find(session, id)
    return import_view(found, await standing(session), actor, language)


@router.post("/directory_imports/{id}/confirm", policy="directory.import")
async def confirm_directory_import(
    id: UUID, body: ConfirmDirectoryBody, session: Transaction, actor: CurrentActor
) -> ConfirmedDirectory:
    """Store all of it, as it was shown, or nothing. The same file again changes nothing.

    409 `directory_import_wrong` while a line is, `directory_import_outdated` when the directory is
    not what was shown, `directory_import_confirmed`.
    """
    started = await actions.find(session, id, lock=True)
    kept = await actions.confirm(session, actor, started, body.digest, body.reason)
    created = sum(each.before is None for each in kept)
    return ConfirmedDirectory(created=created, changed=len(kept) - created)
