"""Importing a plan's appendix: upload, wait, look at every row, correct, confirm."""

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


@router.get("/plans/{id}/imports/new")
async def choose_file(visit: Visitor, id: UUID) -> Response:
    """Ask for the file, those who may import one."""
    plan = await visit.api.get("tasks", f"/v1/plans/{id}")
    require(plan, "import")
    return visit.page("imports/new.html", plan=plan)


@router.post("/plans/{id}/imports")
async def upload(visit: Visitor, id: UUID, form: Form) -> Response:
    """Hand the file to the tasks service, which reads it in a job."""
    try:
        name, content = await _chosen_file(form)
        started = await visit.api.upload(
            "tasks", f"/v1/plans/{id}/imports", name, content, key=text(form, "key")
        )
    except Problem as problem:
        plan = await visit.api.get("tasks", f"/v1/plans/{id}")
        return visit.page("imports/new.html", status=problem.status, plan=plan, problem=problem)
    return visit.go(f"/imports/{started['import_id']}?job={started['job_id']}")


async def _chosen_file(form: FormData) -> tuple[str, bytes]:
    """Return name and content of the chosen file. Raises Problem when none was chosen."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file.filename, await file.read()


@router.get("/imports/{id}")
async def show(visit: Visitor, id: UUID, job: UUID | None = None) -> Response:
    """Show the job's progress while it runs, then every row of the appendix."""
    found = await visit.api.get("tasks", f"/v1/imports/{id}")
    if found["state"] == "reading":
        running = await _job(visit, job)
        return visit.page("imports/reading.html", found=found, job=running)
    return await _preview(visit, id, found=found)


async def _job(visit: Visit, job: UUID | None) -> Any:
    return await optional_if_visible(visit.api.get("tasks", f"/v1/jobs/{job}")) if job else None


@router.get("/imports/{id}/progress")
async def progress(visit: Visitor, id: UUID, job: UUID) -> Response:
    """Return the progress bar alone; when the job has ended, send the browser to the rows."""
    running = await _job(visit, job)
    if not running or running["state"] in FINISHED:
        return Response(headers={"HX-Redirect": f"/imports/{id}"})
    return visit.page("imports/progress.html", found={"id": id}, job=running)


async def _preview(
    visit: Visit, id: UUID, *, found: Any = None, status: int = 200, **view: Any
) -> Response:
    if found is None:
        found = await visit.api.get("tasks", f"/v1/imports/{id}")
    plan, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/plans/{found['plan_id']}"), visit.units()
    )
    return visit.page(
        "import.html",
        status=status, found=found, plan=plan, units=units, unit_names=names(units),
        **view,
    )  # fmt: skip


@router.post("/imports/{id}/rows/{row_number}")
async def correct(visit: Visitor, id: UUID, row_number: int, form: Form) -> Response:
    """Correct the units or the deadline's words of one row."""
    body: dict[str, Any] = {"deadline_text": text(form, "deadline_text")}
    for field in ("lead_unit_ids", "coordinating_unit_ids"):
        body[field] = [str(value) for value in form.getlist(field) if value]
    try:
        await visit.api.patch("tasks", f"/v1/imports/{id}/rows/{row_number}", body)
    except Problem as problem:
        return await _preview(
            visit, id, status=problem.status, problem=problem, open_row=row_number
        )
    return visit.go(f"/imports/{id}?done=row#row-{row_number}")


@router.post("/imports/{id}/confirm")
async def confirm(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make the assignments."""
    try:
        made = await visit.api.post("tasks", f"/v1/imports/{id}/confirm", {}, key=text(form, "key"))
    except Problem as problem:
        return await _preview(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/imports/{id}?created={made['created']}")
