"""What is known of a file of evidence, and its pages as pictures."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from starlette.responses import Response

from chassis.files import Files
from chassis.web import CurrentActor, ServiceRouter, Transaction, give_back
from tasks.evidence import receipts
from tasks.evidence.drawing import count_pages, draw_page
from tasks.evidence.views import AssignmentEvidence, PagesView, ReceiptView

router = ServiceRouter(prefix="/v1/files", tags=["files"])
of_assignments = ServiceRouter(prefix="/v1/assignments", tags=["assignments"])
PageNumber = Annotated[int, Path(ge=1, le=100_000)]
PICTURE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@router.get("/{id}/receipt", policy="file.read")
async def read_receipt(
    id: UUID, session: Transaction, actor: CurrentActor, files: Files
) -> ReceiptView:
    """Return what the server attests of a file. 404 for a file of an assignment not visible."""
    await receipts.readable(session, actor, files, id)
    return await receipts.receipt(session, actor, id)


@router.get("/{id}/pages", policy="file.read")
async def count_pages_of_file(
    id: UUID, session: Transaction, actor: CurrentActor, files: Files
) -> PagesView:
    """Return how many pages can be shown. 415 `file_not_drawable`: it can only be downloaded."""
    file = await receipts.readable(session, actor, files, id)
    await give_back(session)
    return PagesView(pages=await count_pages(file, await files.read(file)))


@router.get("/{id}/pages/{number}", policy="file.read", response_class=Response)
async def draw_page_of_file(
    id: UUID, number: PageNumber, session: Transaction, actor: CurrentActor, files: Files
) -> Response:
    """Return a page as a PNG that we drew. 404 for a page that is not there."""
    file = await receipts.readable(session, actor, files, id)
    await give_back(session)
    picture = await draw_page(file, await files.read(file), number)
    return Response(picture, media_type="image/png", headers=PICTURE)


@of_assignments.get("/{id}/evidence", policy="file.read")
async def list_evidence(id: UUID, session: Transaction, actor: CurrentActor) -> AssignmentEvidence:
    """Return the receipts of an assignment's files, with twins and signatures."""
    return await receipts.of_assignment(session, actor, id)
