"""The directory as a workbook: template, export, and an import that is shown before it is done."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from portal.fields import OF_REASON, placed
from portal.forms import Form, text
from portal.passing import passed_on
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
IMPORTS = "/v1/directory_imports"
ROWS_OF_A_PAGE = 200


@router.get("/directory/files")
async def choose(visit: Visitor) -> Response:
    """Offer the template and the export, and ask for the file that was filled in."""
    return await _choose(visit)


async def _choose(visit: Visit, **view: Any) -> Response:
    require(await visit.api.get("tasks", "/v1/units", limit=1), "create")
    return visit.page("directory/files.html", **view)


@router.get("/directory/danh-ba.xlsx")
async def export(visit: Visitor) -> Response:
    """Hand on the directory as a workbook."""
    return await passed_on(visit, "tasks", "/v1/directory.xlsx")


@router.get("/directory/mau-danh-ba.xlsx")
async def template(visit: Visitor) -> Response:
    """Hand on the workbook to be filled in."""
    return await passed_on(visit, "tasks", "/v1/directory_template.xlsx")


@router.post("/directory/files")
async def upload(visit: Visitor, form: Form) -> Response:
    """Have the workbook read; the directory stays as it is."""
    try:
        name, content = await _chosen(form)
        made = await visit.api.upload("tasks", IMPORTS, name, content, key=text(form, "key"))
    except Problem as problem:
        return await _choose(visit, status=problem.status, problem=problem)
    return visit.go(f"/directory/files/{made['id']}")


async def _chosen(form: FormData) -> tuple[str, bytes]:
    """Return name and content of the chosen file. Raises Problem when none was chosen."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file.filename, await file.read()


@router.get("/directory/files/{id}")
async def show(visit: Visitor, id: UUID, show: str = "", page: int = 1) -> Response:
    """Show what the workbook would do, line by line."""
    return await _show(visit, id, show=show, page=page)


async def _show(
    visit: Visit, id: UUID, *, status: int = 200, show: str = "", page: int = 1, **view: Any
) -> Response:
    found = await visit.api.get("tasks", f"{IMPORTS}/{id}")
    telling = [row for row in found["rows"] if row["outcome"] != "unchanged"]
    wanted = [row for row in found["rows"] if row["outcome"] == show] if show else telling
    pages = max(1, -(-len(wanted) // ROWS_OF_A_PAGE))
    page = min(max(page, 1), pages)
    return visit.page(
        "directory/import.html", status=status, found=found, show=show, page_number=page,
        pages=pages, rows=wanted[(page - 1) * ROWS_OF_A_PAGE : page * ROWS_OF_A_PAGE], **view,
    )  # fmt: skip


@router.post("/directory/files/{id}/confirm")
async def confirm(visit: Visitor, id: UUID, form: Form) -> Response:
    """Store all of it."""
    body = {"digest": text(form, "digest"), "reason": text(form, "reason") or None}
    try:
        await visit.api.post("tasks", f"{IMPORTS}/{id}/confirm", body, key=text(form, "key"))
    except Problem as problem:
        wrong = placed(problem, form, OF_REASON) if problem.errors else problem
        return await _show(visit, id, status=problem.status, problem=wrong, form=form)
    return visit.go("/directory", "directory_imported")
