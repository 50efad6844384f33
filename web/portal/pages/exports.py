"""Any list as an Excel file: what the service of the list gives the person who asks."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response

from portal.passing import passed_on
from portal.visit import Visitor

router = APIRouter()
ListPath = Annotated[str, Path(pattern=r"^[a-z0-9_-]+(/[a-z0-9_-]+)*$", max_length=200)]


@router.get("/excel/{service}/{list:path}.xlsx")
async def export(
    visit: Visitor,
    service: Literal["tasks", "surveys", "reporting", "notifications"],
    list: ListPath,
) -> Response:
    """Hand on a list's workbook, under the filters of the page."""
    query = visit.request.url.query
    return await passed_on(visit, service, f"/v1/{list}.xlsx{'?' if query else ''}{query}")
