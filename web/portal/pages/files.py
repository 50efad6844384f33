"""A file of evidence: handed on to be saved, drawn as pictures, attested by its receipt."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from portal.parts import Unavailable, optional
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
PICTURE = {"Content-Security-Policy": "default-src 'none'; sandbox"}
PageNumber = Annotated[int, Path(ge=1, le=100_000)]
AskedPage = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/files/{id}")
async def download(visit: Visitor, id: UUID) -> Response:
    """Hand a file on; always to be saved, never shown inside our pages."""
    answer = await visit.api.raw("tasks", f"/v1/files/{id}")
    passed_on = ("content-type", "content-disposition")
    headers = {name: answer.headers[name] for name in passed_on if name in answer.headers}
    headers.setdefault("content-disposition", "attachment")
    return Response(answer.content, headers=headers)


@router.get("/files/{id}/about")
async def about(visit: Visitor, id: UUID, page: AskedPage = 1) -> Response:
    """Show a file's receipt, where else it stands, its signatures and one of its pages."""
    receipt = await visit.api.get("tasks", f"/v1/files/{id}/receipt")
    pages = await _pages(visit, id) if receipt["drawable"] else 0
    shown = pages if isinstance(pages, Unavailable) else min(page, pages)
    return visit.page("file.html", receipt=receipt, pages=pages, shown=shown)


@router.get("/files/{id}/signatures")
async def signatures(visit: Visitor, id: UUID) -> Response:
    """Return the part that says who signed; it asks again while they are being checked."""
    receipt = await visit.api.get("tasks", f"/v1/files/{id}/receipt")
    return visit.page("files/signatures.html", receipt=receipt)


@router.get("/files/{id}/pages/{number}")
async def draw(visit: Visitor, id: UUID, number: PageNumber) -> Response:
    """Hand on a page that our service drew: a picture, whatever the file is."""
    answer = await visit.api.raw("tasks", f"/v1/files/{id}/pages/{number}")
    return Response(answer.content, media_type="image/png", headers=PICTURE)


async def _pages(visit: Visit, id: UUID) -> Any:
    """Return how many pages can be shown: 0 for a file that cannot be drawn, or Unavailable."""
    try:
        found = await optional(visit.api.get("tasks", f"/v1/files/{id}/pages"))
    except Problem as problem:
        if problem.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            return 0
        raise
    return found if isinstance(found, Unavailable) else found["pages"]
