"""The assignments: the list with its filters, one page each, and what may be done there."""

import asyncio
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from portal.assignment_page import refused, shown, store_files
from portal.directory import names
from portal.forms import Form, day, text, whole
from portal.labels import LABELS
from portal.parts import Unavailable, optional
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
PAGE = 25  # rows: about two screens
STATUSES = tuple(LABELS["status"])
FILTERS = (
    "plan_id", "unit_id", "status", "overdue", "needs_person", "extension_requested", "extended",
    "paused", "q",
)  # fmt: skip


def read_filters(request: Request) -> dict[str, str]:
    """Return the filters of the address that are set."""
    given = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    return {name: value for name, value in given.items() if value}


async def _read_list(visit: Visit) -> tuple[dict[str, str], Any, list[dict[str, Any]]]:
    filters = read_filters(visit.request)
    cursor = visit.request.query_params.get("cursor")
    listed, units = await asyncio.gather(
        optional(visit.api.get("tasks", "/v1/assignments", **filters, limit=PAGE, cursor=cursor)),
        visit.units(),
    )
    return filters, listed, units


def more_query(filters: dict[str, str], listed: Any) -> str:
    """Return the query of the next rows; empty after the last."""
    cursor = None if isinstance(listed, Unavailable) else listed["next_cursor"]
    return urlencode({**filters, "cursor": cursor}) if cursor else ""


@router.get("/assignments")
async def listing(visit: Visitor) -> Response:
    """Show the list."""
    (filters, listed, units), counts, plans = await asyncio.gather(
        _read_list(visit),
        optional(
            visit.api.get(
                "tasks",
                "/v1/assignments/counts",
                plan_id=visit.request.query_params.get("plan_id"),
            )
        ),
        optional(visit.api.get("tasks", "/v1/plans", limit=50)),
    )
    return visit.page(
        "assignments.html",
        filters=filters,
        listed=listed,
        more=more_query(filters, listed),
        counts=counts,
        plans=plans,
        units=units,
        unit_names=names(units),
        statuses=STATUSES,
    )


@router.get("/assignments/rows")
async def more_rows(visit: Visitor) -> Response:
    """Return the next rows alone."""
    filters, listed, units = await _read_list(visit)
    return visit.page(
        "assignments/rows.html",
        listed=listed,
        more=more_query(filters, listed),
        unit_names=names(units),
    )


@router.get("/assignments/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show one assignment."""
    return await shown(visit, id)


@router.post("/assignments/{id}/progress")
async def report_progress(visit: Visitor, id: UUID, form: Form) -> Response:
    """Report progress."""
    body = {
        "percent": whole(form, "percent"),
        "note": text(form, "note"),
        "difficulty": text(form, "difficulty") or None,
    }
    try:
        await visit.api.post(
            "tasks", f"/v1/assignments/{id}/progress", body,
            key=text(form, "key"), version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await refused(visit, id, problem, form, "progress")
    return visit.go(f"/assignments/{id}", "progress")


@router.post("/assignments/{id}/results")
async def submit_result(visit: Visitor, id: UUID, form: Form) -> Response:
    """Hand in a result with its evidence."""
    try:
        body = {"note": text(form, "note"), "file_ids": await store_files(visit, form)}
        await visit.api.post(
            "tasks", f"/v1/assignments/{id}/results", body,
            key=text(form, "key"), version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await refused(visit, id, problem, form, "result")
    return visit.go(f"/assignments/{id}", "result")


@router.post("/assignments/{id}/results/{result_id}/accept")
async def accept(visit: Visitor, id: UUID, result_id: UUID, form: Form) -> Response:
    """Accept a result."""
    path = f"/v1/assignments/{id}/results/{result_id}/accept"
    try:
        await visit.api.post(
            "tasks", path, {"note": text(form, "note") or None}, key=text(form, "key")
        )
    except Problem as problem:
        return await refused(visit, id, problem, form, "accept")
    return visit.go(f"/assignments/{id}", "accepted")


@router.post("/assignments/{id}/results/{result_id}/return")
async def return_result(visit: Visitor, id: UUID, result_id: UUID, form: Form) -> Response:
    """Return a result to the unit, saying why."""
    path = f"/v1/assignments/{id}/results/{result_id}/return"
    try:
        await visit.api.post("tasks", path, {"reason": text(form, "reason")}, key=text(form, "key"))
    except Problem as problem:
        return await refused(visit, id, problem, form, "return")
    return visit.go(f"/assignments/{id}", "returned")


def read_change(form: FormData) -> dict[str, str]:
    """Return the fields that are filled in; the others stay as they are."""
    given = {
        "due_on": day(form, "due_on"),
        "triggered_on": day(form, "triggered_on"),
        "accountable_person_id": text(form, "accountable_person_id"),
        "reason": text(form, "reason"),
    }
    return {name: value for name, value in given.items() if value}


@router.post("/assignments/{id}/change")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Set what was open: the due day, the day of the event, the accountable person."""
    try:
        body = read_change(form)
        await visit.api.patch("tasks", f"/v1/assignments/{id}", body, version=text(form, "version"))
    except Problem as problem:
        return await refused(visit, id, problem, form, "change")
    return visit.go(f"/assignments/{id}", "changed")


@router.get("/files/{id}")
async def download(visit: Visitor, id: UUID) -> Response:
    """Hand a file on; always to be saved, never shown inside our pages."""
    answer = await visit.api.raw("tasks", f"/v1/files/{id}")
    passed_on = ("content-type", "content-disposition")
    headers = {name: answer.headers[name] for name in passed_on if name in answer.headers}
    headers.setdefault("content-disposition", "attachment")
    return Response(answer.content, headers=headers)
