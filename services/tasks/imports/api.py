"""Importing the appendix of a plan: upload, look, correct, confirm."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, UploadFile
from pydantic import Field

from chassis.files import Files
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Distinct,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
)
from tasks.bodies import NothingBody
from tasks.imports.confirmation import confirm
from tasks.imports.correction import correct
from tasks.imports.upload import start
from tasks.imports.views import ImportView, RowView, import_view, row_view
from tasks.plans import actions as plans
from tasks.plans.models import Plan

router = ServiceRouter(prefix="/v1", tags=["imports"])
Units = Annotated[list[UUID], Field(max_length=200), Distinct]


class Started(ResponseBody):
    """Where to look: the job says how far the reading is, the import what was read."""

    job_id: UUID
    import_id: UUID


class Confirmed(ResponseBody):
    """How many assignments were made."""

    created: int


class RowBody(RequestBody):
    """What the officer corrects; what is left out stays as it was read."""

    lead_unit_ids: Units | None = None
    coordinating_unit_ids: Units | None = None
    deadline_text: str | None = Field(default=None, max_length=500)


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
    """Take a .docx or .xlsx and begin to read it. 415 for another kind, 413 above 20 MB."""
    content = await file.read()
    started = await start(session, files, actor, plan, file.filename or "", content)
    return Started.model_validate({"job_id": started.job_id, "import_id": started.id})


@router.get("/imports/{id}", policy="import.read")
async def read_import(
    id: UUID, session: Transaction, actor: CurrentActor, files: Files, language: AskedLanguage
) -> ImportView:
    """Return the state and every row as read and corrected so far."""
    return await import_view(session, files, actor, id, language)


@router.patch("/imports/{id}/rows/{row_number}", policy="import.change")
async def correct_row(
    id: UUID,
    row_number: int,
    body: RowBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
) -> RowView:
    """Correct units or the words of the deadline; the row is read again."""
    given: dict[str, Any] = body.model_dump()
    return row_view(await correct(session, actor, id, row_number, **given), language)


@router.post("/imports/{id}/confirm", policy="import.confirm")
async def confirm_import(
    id: UUID, _: NothingBody, session: Transaction, actor: CurrentActor
) -> Confirmed:
    """Make the assignments of the rows that are new.

    409 `import_confirmed` or `import_nothing_new`, 422 naming the rows that nobody leads.
    """
    return Confirmed(created=await confirm(session, actor, id))
