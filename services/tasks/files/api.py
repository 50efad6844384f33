"""Evidence files, uploaded before the result that names them. Who may read one: `assignments`."""

from fastapi import UploadFile
from starlette.responses import Response

from chassis.files import Files, StoredFileView
from chassis.web import CurrentActor, ServiceRouter, Transaction, created_at
from tasks.files import actions

router = ServiceRouter(prefix="/v1/files", tags=["files"])


@router.post("", policy="file.upload", status_code=201)
async def upload_file(
    file: UploadFile,
    session: Transaction,
    actor: CurrentActor,
    files: Files,
    response: Response,
) -> StoredFileView:
    """Store a file. 415 for another kind than pdf, jpg, png, docx, xlsx; 413 above 20 MB."""
    content = await file.read()
    stored = await actions.upload(session, files, actor, file.filename or "", content)
    created_at(response, f"/v1/files/{stored.id}")
    return StoredFileView.model_validate(stored)
