"""One assignment, and what may be done there."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.assignment_page import refused, shown, store_files
from portal.forms import Form, day, text, whole
from portal.origins import read_origin
from portal.problems import Problem
from portal.visit import Visitor

router = APIRouter()


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
    return visit.onward(f"/assignments/{id}", "accepted")


@router.post("/assignments/{id}/results/{result_id}/return")
async def return_result(visit: Visitor, id: UUID, result_id: UUID, form: Form) -> Response:
    """Return a result to the unit, saying why."""
    path = f"/v1/assignments/{id}/results/{result_id}/return"
    try:
        await visit.api.post("tasks", path, {"reason": text(form, "reason")}, key=text(form, "key"))
    except Problem as problem:
        return await refused(visit, id, problem, form, "return")
    return visit.onward(f"/assignments/{id}", "returned")


def read_change(form: FormData) -> dict[str, Any]:
    """Return the fields that are filled in; the others stay as they are.

    Who works on it, too, is sent only where other people are ticked than the page showed: what
    others change about them meanwhile is no conflict with another day.
    """
    given: dict[str, Any] = {
        "due_on": day(form, "due_on"),
        "triggered_on": day(form, "triggered_on"),
        "trigger_document": text(form, "trigger_document"),
        "accountable_person_id": text(form, "accountable_person_id"),
        "reason": text(form, "reason"),
    }
    filled = {name: value for name, value in given.items() if value}
    ticked, shown = (
        [str(each) for each in form.getlist(name)] for name in ("helper_ids", "helpers_shown")
    )
    return filled if set(ticked) == set(shown) else {**filled, "helper_ids": ticked}


@router.post("/assignments/{id}/change")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Set what was open: the due day, the day of the event, who is accountable and who helps."""
    try:
        body = read_change(form)
        await visit.api.patch("tasks", f"/v1/assignments/{id}", body, version=text(form, "version"))
    except Problem as problem:
        return await refused(visit, id, problem, form, "change")
    return visit.go(f"/assignments/{id}", "changed")


@router.post("/assignments/{id}/origin")
async def set_origin(visit: Visitor, id: UUID, form: Form) -> Response:
    """Write down the document that gave the row, and its KPI."""
    body = {**read_origin(form), "reason": text(form, "reason") or None}
    path = f"/v1/assignments/{id}/origin"
    try:
        await visit.api.put("tasks", path, body, version=text(form, "version"))
    except Problem as problem:
        return await refused(visit, id, problem, form, "origin")
    return visit.go(f"/assignments/{id}", "changed")
