"""One row of an appendix: what the file says beside what is made of it, and every act on it."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.directory import names
from portal.forms import Form, text, whole
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
TEXTS = ("stt", "section", "subject_matter", "content", "product", "deadline_text")
UNITS = ("lead_unit_ids", "coordinating_unit_ids")
DECISIONS: dict[str, dict[str, Any]] = {
    "leave": {"left_out": True},
    "take": {"left_out": False},
    "checked": {"checked": True},
    "each": {"each_leads": True},
}


@router.get("/imports/{id}/rows/new")
async def new(visit: Visitor, id: UUID, after: int | None = None) -> Response:
    """Ask for a row that the file lacks."""
    return await _page(visit, id, None, after=after)


@router.post("/imports/{id}/rows")
async def add(visit: Visitor, id: UUID, form: Form) -> Response:
    """Add a row."""
    after = whole(form, "after")
    body = {**_given(form), "after": after if isinstance(after, int) else None}
    try:
        row = await visit.api.post("tasks", f"/v1/imports/{id}/rows", body, key=text(form, "key"))
    except Problem as problem:
        return await _page(visit, id, None, problem=problem, form=form, after=body["after"])
    return _back(visit, id, row["row_number"], "row_added")


@router.get("/imports/{id}/rows/{row_number}")
async def show(visit: Visitor, id: UUID, row_number: int) -> Response:
    """Show a row with its fields, to fill and to correct."""
    return await _page(visit, id, row_number)


@router.post("/imports/{id}/rows/{row_number}")
async def correct(visit: Visitor, id: UUID, row_number: int, form: Form) -> Response:
    """Correct the words and units of a row."""
    return await _change(visit, id, row_number, form, _given(form))


@router.post("/imports/{id}/rows/{row_number}/decide")
async def decide(visit: Visitor, id: UUID, row_number: int, form: Form) -> Response:
    """Take a row or leave it out, say that it is right, settle which unit leads."""
    sole = text(form, "sole_lead_id")
    body = {"sole_lead_id": sole} if sole else DECISIONS.get(text(form, "do"), {})
    return await _change(visit, id, row_number, form, body)


@router.post("/imports/{id}/rows/{row_number}/split")
async def split(visit: Visitor, id: UUID, row_number: int, form: Form) -> Response:
    """Make several rows of one: a line of the text each."""
    parts = [{"content": line.strip()} for line in text(form, "parts").splitlines() if line.strip()]
    return await _act(visit, id, row_number, form, "split", {"parts": parts})


@router.post("/imports/{id}/rows/{row_number}/merge")
async def merge(visit: Visitor, id: UUID, row_number: int, form: Form) -> Response:
    """Add a row to the one above it."""
    return await _act(visit, id, row_number, form, "merge", {})


async def _change(visit: Visit, id: UUID, number: int, form: FormData, body: Any) -> Response:
    path = f"/v1/imports/{id}/rows/{number}"
    try:
        await visit.api.patch("tasks", path, body, version=text(form, "version"))
    except Problem as problem:
        return await _page(visit, id, number, problem=problem, form=form)
    return visit.onward(f"/imports/{id}", "row", f"row-{number}")


async def _act(
    visit: Visit, id: UUID, number: int, form: FormData, act: str, body: Any
) -> Response:
    path = f"/v1/imports/{id}/rows/{number}/{act}"
    key, version = text(form, "key"), text(form, "version")
    try:
        await visit.api.post("tasks", path, body, key=key, version=version)
    except Problem as problem:
        return await _page(visit, id, number, problem=problem, form=form)
    return _back(visit, id, number, f"row_{act}")


def _back(visit: Visit, id: UUID, row_number: int, done: str) -> Response:
    return visit.go(f"/imports/{id}", done, f"row-{row_number}")


def _given(form: FormData) -> dict[str, Any]:
    body: dict[str, Any] = {name: text(form, name) for name in TEXTS}
    for field in UNITS:
        body[field] = [str(value) for value in form.getlist(field) if value]
    return body


def _beside(found: Any, after: int | None) -> dict[str, Any]:
    """Return what a new row shares with the one it is put below."""
    above = (row["section"] for row in found["rows"] if row["row_number"] == after)
    return {"section": next(above, None)}


async def _page(
    visit: Visit,
    id: UUID,
    row_number: int | None,
    *,
    problem: Problem | None = None,
    form: FormData | None = None,
    after: int | None = None,
) -> Response:
    found, units = await asyncio.gather(visit.api.get("tasks", f"/v1/imports/{id}"), visit.units())
    require(found, "change")
    row = None
    if row_number is not None:
        row = await visit.api.get("tasks", f"/v1/imports/{id}/rows/{row_number}")
    values = dict(_given(form) if form and "content" in form else row or _beside(found, after))
    return visit.page(
        "imports/row.html",
        status=problem.status if problem else 200,
        found=found, r=row, values=values, after=after, problem=problem,
        parts=text(form, "parts") if form else "",
        units=units, unit_names=names(units),
    )  # fmt: skip
