"""The certificates that are trusted to vouch for signers: shown to all, said by administrators."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
PATH = "/v1/trusted_roots"


@router.get("/trusted_roots")
async def listing(visit: Visitor) -> Response:
    """Show the trusted roots."""
    return await _show(visit)


@router.post("/trusted_roots")
async def add(visit: Visitor, form: Form) -> Response:
    """Trust the certificate of a file."""
    try:
        file = _chosen(form)
        await visit.api.upload(
            "tasks", PATH, str(file.filename), await file.read(), key=text(form, "key")
        )
    except Problem as problem:
        return await _show(visit, status=problem.status, problem=problem)
    return visit.go("/trusted_roots", "root_added")


@router.post("/trusted_roots/{id}/remove")
async def remove(visit: Visitor, id: UUID, _form: Form) -> Response:
    """Trust a certificate no longer."""
    try:
        await visit.api.delete("tasks", f"{PATH}/{id}")
    except Problem as problem:
        return await _show(visit, status=problem.status, problem=problem)
    return visit.go("/trusted_roots", "root_removed")


def _chosen(form: FormData) -> UploadFile:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file


async def _show(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    roots = await visit.api.whole("tasks", PATH)
    return visit.page("trusted_roots.html", status=status, roots=roots, **view)
