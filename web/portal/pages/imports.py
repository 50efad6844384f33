"""Importing a plan's appendix: upload, wait, look at what was read, choose, confirm."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from portal.directory import names
from portal.forms import Form, text
from portal.parts import optional_if_visible
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
FINISHED = {"done", "failed"}
ROWS_OF_A_PAGE = 200
WOULD_GO = "import_corrections_would_go"


@router.get("/plans/{id}/imports/new")
async def choose_file(visit: Visitor, id: UUID) -> Response:
    """Ask for the file, those who may import one."""
    return await _upload_page(visit, id)


async def _upload_page(visit: Visit, id: UUID, **view: Any) -> Response:
    plan = await visit.api.get("tasks", f"/v1/plans/{id}")
    require(plan, "import")
    earlier = await visit.api.whole("tasks", f"/v1/plans/{id}/imports")
    return visit.page("imports/new.html", plan=plan, earlier=earlier["data"], **view)


@router.post("/plans/{id}/imports")
async def upload(visit: Visitor, id: UUID, form: Form) -> Response:
    """Hand the file to the tasks service, which reads it in a job."""
    try:
        name, content = await _chosen_file(form)
        started = await visit.api.upload(
            "tasks", f"/v1/plans/{id}/imports", name, content, key=text(form, "key")
        )
    except Problem as problem:
        return await _upload_page(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/imports/{started['import_id']}?job={started['job_id']}")


async def _chosen_file(form: FormData) -> tuple[str, bytes]:
    """Return name and content of the chosen file. Raises Problem when none was chosen."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file.filename, await file.read()


@router.get("/imports/{id}")
async def show(visit: Visitor, id: UUID, show: str = "", page: int = 1) -> Response:
    """Show the job's progress while it runs, then what was found and every row."""
    found = await visit.api.get("tasks", f"/v1/imports/{id}")
    if found["state"] == "reading":
        running = await _job(visit, found["job_id"])
        return visit.page("imports/reading.html", found=found, job=running)
    return await _preview(visit, id, found=found, show=show, page=page)


async def _job(visit: Visit, job: UUID | str | None) -> Any:
    return await optional_if_visible(visit.api.get("tasks", f"/v1/jobs/{job}")) if job else None


@router.get("/imports/{id}/progress")
async def progress(visit: Visitor, id: UUID, job: UUID) -> Response:
    """Return the progress bar alone; when the job has ended, send the browser to the rows."""
    running = await _job(visit, job)
    if not running or running["state"] in FINISHED:
        return Response(headers={"HX-Redirect": f"/imports/{id}"})
    return visit.page("imports/progress.html", found={"id": id}, job=running)


async def _preview(
    visit: Visit,
    id: UUID,
    *,
    found: Any = None,
    status: int = 200,
    show: str = "",
    page: int = 1,
    **view: Any,
) -> Response:
    if found is None:
        found = await visit.api.get("tasks", f"/v1/imports/{id}")
    plan, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/plans/{found['plan_id']}"), visit.units()
    )
    there = [row for row in found["rows"] if row["standing"] != "left_out"]
    wanted = [row for row in there if show in ("", row["standing"])]
    pages = max(1, -(-len(wanted) // ROWS_OF_A_PAGE))
    page = min(max(page, 1), pages)
    return visit.page(
        "import.html",
        status=status, found=found, plan=plan, unit_names=names(units),
        rows=wanted[(page - 1) * ROWS_OF_A_PAGE : page * ROWS_OF_A_PAGE],
        left_out=[row for row in found["rows"] if row["standing"] == "left_out"],
        show=show, page_number=page, pages=pages,
        **view,
    )  # fmt: skip


@router.post("/imports/{id}/choices")
async def choose(visit: Visitor, id: UUID, form: Form) -> Response:
    """Take a table or leave it, say what its columns mean: the file is read again."""
    table, columns = text(form, "table"), _columns(form)
    body: dict[str, Any] = {"discard_corrections": bool(text(form, "discard"))}
    if table and text(form, "read"):
        body["tables"] = {table: text(form, "read") == "yes"}
    if columns:
        body["columns"] = {table: columns}
    try:
        await visit.api.patch("tasks", f"/v1/imports/{id}", body, version=text(form, "version"))
    except Problem as problem:
        pending = list(form.multi_items()) if problem.code == WOULD_GO else []
        return await _preview(visit, id, status=problem.status, problem=problem, pending=pending)
    return visit.go(f"/imports/{id}")


def _columns(form: FormData) -> dict[str, str]:
    prefix = "column-"
    return {name.removeprefix(prefix): text(form, name) for name in form if name.startswith(prefix)}


@router.post("/imports/{id}/confirm")
async def confirm(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make the assignments, of all rows or of the complete ones."""
    body = {"rows": text(form, "rows") or "all"}
    try:
        made = await visit.api.post(
            "tasks", f"/v1/imports/{id}/confirm", body, key=text(form, "key")
        )
    except Problem as problem:
        return await _preview(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/imports/{id}?created={made['created']}&left={made['left']}")


@router.post("/imports/{id}/discard")
async def discard(visit: Visitor, id: UUID, form: Form) -> Response:
    """Take the import back, with the reason that the units read."""
    body, version = {"reason": text(form, "reason")}, text(form, "version")
    try:
        answer = await visit.api.post(
            "tasks", f"/v1/imports/{id}/discard", body, key=text(form, "key"), version=version
        )
    except Problem as problem:
        typed = body["reason"]
        return await _preview(visit, id, status=problem.status, problem=problem, reason=typed)
    return visit.go(f"/imports/{id}?cancelled={answer['cancelled']}")
