"""Evidence files: uploaded before the result that names them, seen by who sees the assignment."""

from uuid import UUID

from fastapi import UploadFile
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.files import Files, StoredFile, StoredFileView
from chassis.web import CurrentActor, ServiceRouter, Transaction
from tasks.access import OVERSIGHT
from tasks.assignments.models import Assignment, Result, ResultFile
from tasks.assignments.scope import visible
from tasks.files import actions as uploading

router = ServiceRouter(prefix="/v1/files", tags=["files"])


@router.post("", policy="file.upload", status_code=201)
async def upload_file(
    file: UploadFile, session: Transaction, actor: CurrentActor, files: Files
) -> StoredFileView:
    """Keep a file. 415 for another kind than pdf, jpg, png, docx, xlsx; 413 above 20 MB."""
    content = await file.read()
    stored = await uploading.upload(session, files, actor, file.filename or "", content)
    return StoredFileView.model_validate(stored)


@router.get("/{id}", policy="file.read", response_class=Response)
async def download_file(
    id: UUID, session: Transaction, actor: CurrentActor, files: Files
) -> Response:
    """Return the content as an attachment. 404 for a file of an assignment not visible."""
    file = await files.find(session, id)
    if not await _may_see(session, actor, file):
        raise NotFound("Không tìm thấy tệp này", code="file_not_found")
    return await files.download(file)


async def _may_see(session: AsyncSession, actor: Actor, file: StoredFile) -> bool:
    if actor.role in OVERSIGHT or file.uploaded_by == actor.person_id:
        return True
    evidence = (
        select(ResultFile.file_id)
        .join(Result, Result.id == ResultFile.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .where(ResultFile.file_id == file.id, visible(actor))
    )
    return bool(await session.scalar(select(exists(evidence))))
