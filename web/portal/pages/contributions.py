"""What coordinating units contribute to an assignment: asked for, given, taken or returned."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.assignment_page import refused, store_files
from portal.forms import Form, day, text
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()


@router.post("/assignments/{id}/contributions")
async def ask(visit: Visitor, id: UUID, form: Form) -> Response:
    """Ask the ticked units, each for itself; sent again, those already asked stay asked once."""
    asked = {"what": text(form, "what"), "due_on": day(form, "due_on")}
    ticked = [str(each) for each in form.getlist("unit_ids")] or [""]
    try:
        for unit_id in ticked:
            await visit.api.post(
                "tasks", f"/v1/assignments/{id}/contributions", {**asked, "unit_id": unit_id},
                key=f"{text(form, 'key')}-{unit_id}",
            )  # fmt: skip
    except Problem as problem:
        return await refused(visit, id, problem, form, "contribution")
    return visit.go(f"/assignments/{id}", "contribution")


@router.post("/assignments/{id}/contributions/{contribution_id}/give")
async def give(visit: Visitor, id: UUID, contribution_id: UUID, form: Form) -> Response:
    """Hand in what the own unit was asked for."""
    try:
        body = {"note": text(form, "note"), "file_ids": await store_files(visit, form)}
    except Problem as problem:
        return await refused(visit, id, problem, form, f"give {contribution_id}")
    return await _act(visit, id, contribution_id, form, "give", body)


@router.post("/assignments/{id}/contributions/{contribution_id}/accept")
async def take(visit: Visitor, id: UUID, contribution_id: UUID, form: Form) -> Response:
    """Take what was given."""
    body = {"note": text(form, "note") or None}
    return await _act(visit, id, contribution_id, form, "accept", body)


@router.post("/assignments/{id}/contributions/{contribution_id}/return")
async def give_back(visit: Visitor, id: UUID, contribution_id: UUID, form: Form) -> Response:
    """Return it to the unit, saying why."""
    body = {"reason": text(form, "reason")}
    return await _act(visit, id, contribution_id, form, "return", body)


@router.post("/assignments/{id}/contributions/{contribution_id}/withdraw")
async def withdraw(visit: Visitor, id: UUID, contribution_id: UUID, form: Form) -> Response:
    """Ask for it no more, saying why."""
    body = {"reason": text(form, "reason")}
    return await _act(visit, id, contribution_id, form, "withdraw", body)


_FORMS = {"give": "give", "accept": "take", "return": "give_back", "withdraw": "withdraw"}


async def _act(
    visit: Visit, id: UUID, contribution_id: UUID, form: FormData, act: str, body: dict[str, Any]
) -> Response:
    path, name = f"/v1/contributions/{contribution_id}/{act}", _FORMS[act]
    try:
        await visit.api.post("tasks", path, body, key=text(form, "key"))
    except Problem as problem:
        return await refused(visit, id, problem, form, f"{name} {contribution_id}")
    at = f"contribution-{contribution_id}"
    return visit.go(f"/assignments/{id}", f"contribution_{name}", at)
