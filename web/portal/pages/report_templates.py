"""Templates of reports: taken away, edited in Word, uploaded, checked, taken again."""

import asyncio
from itertools import groupby
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from portal.forms import Form, text
from portal.passing import passed_on
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
TEMPLATES = "/v1/report_templates"


@router.get("/report_templates")
async def listing(visit: Visitor) -> Response:
    """Show the versions of every kind, the one in force first."""
    return await _show(visit)


async def _show(visit: Visit, **view: Any) -> Response:
    found = await visit.api.get("reporting", TEMPLATES)
    kinds = [
        list(versions) for _, versions in groupby(found["data"], key=lambda each: each["kind"])
    ]
    return visit.page("reports/templates.html", kinds=kinds, allowed=found["allowed"], **view)


@router.post("/report_templates")
async def upload(visit: Visitor, form: Form) -> Response:
    """Have a template checked; a right one is in force at once, of a wrong one nothing is kept."""
    kind = text(form, "kind")
    try:
        name, content = await _chosen(form)
        address = f"{TEMPLATES}?kind={quote(kind, safe='')}"
        await visit.api.upload("reporting", address, name, content, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, status=problem.status, problem=problem, form=form)
    return visit.go(f"/report_templates?kind={quote(kind)}", "template_taken")


async def _chosen(form: FormData) -> tuple[str, bytes]:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file.filename, await file.read()


@router.get("/report_templates/fields")
async def fields(visit: Visitor, kind: str) -> Response:
    """Show all that a template of a kind may say, with the tag to type."""
    found, every = await asyncio.gather(
        visit.api.get("reporting", f"{TEMPLATES}/fields", kind=kind),
        visit.api.get("reporting", TEMPLATES, kind=kind),
    )
    name = every["data"][0]["kind_name"] if every["data"] else kind
    return visit.page("reports/fields.html", kind_name=name, fields=found["data"])


@router.get("/report_templates/{id}/file.docx")
async def download(visit: Visitor, id: UUID) -> Response:
    """Hand on a version, to be edited in Word."""
    return await passed_on(visit, "reporting", f"{TEMPLATES}/{id}/file.docx")


@router.post("/report_templates/{id}/take_again")
async def take_again(visit: Visitor, id: UUID, form: Form) -> Response:
    """Put an older version in force again."""
    try:
        await visit.api.post("reporting", f"{TEMPLATES}/{id}/take_again", {}, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, status=problem.status, problem=problem)
    return visit.go("/report_templates", "template_taken_again")
