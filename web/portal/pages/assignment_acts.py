"""What becomes of an assignment beside progress and result: extended, paused, ended, moved."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.assignment_page import refused, store_files
from portal.forms import Form, day, text
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
DECISIONS = {"approve", "refuse"}  # taken one by one, from a list of what waits


async def _act(
    visit: Visit, id: UUID, form: FormData, which: str, path: str, body: dict[str, Any]
) -> Response:
    """Send an act on; `which`: its form, and the sentence when it worked."""
    version = text(form, "version")
    try:
        await visit.api.post(
            "tasks", path, body, key=text(form, "key"), **({"version": version} if version else {})
        )
    except Problem as problem:
        return await refused(visit, id, problem, form, which)
    page = f"/assignments/{id}"
    return visit.onward(page, which) if which in DECISIONS else visit.go(page, which)


@router.post("/assignments/{id}/extensions")
async def request_extension(visit: Visitor, id: UUID, form: Form) -> Response:
    """Ask for a later deadline."""
    body = {"due_on": day(form, "due_on"), "reason": text(form, "reason")}
    return await _act(visit, id, form, "extension", f"/v1/assignments/{id}/extensions", body)


@router.post("/assignments/{id}/extensions/{extension_id}/approve")
async def approve_extension(visit: Visitor, id: UUID, extension_id: UUID, form: Form) -> Response:
    """Put the deadline off, to the day asked for or another."""
    body = {"due_on": day(form, "due_on") or None, "note": text(form, "note") or None}
    return await _act(visit, id, form, "approve", f"/v1/extensions/{extension_id}/approve", body)


@router.post("/assignments/{id}/extensions/{extension_id}/refuse")
async def refuse_extension(visit: Visitor, id: UUID, extension_id: UUID, form: Form) -> Response:
    """Leave the deadline as it is."""
    body = {"reason": text(form, "reason")}
    return await _act(visit, id, form, "refuse", f"/v1/extensions/{extension_id}/refuse", body)


@router.post("/assignments/{id}/commitments")
async def make_commitment(visit: Visitor, id: UUID, form: Form) -> Response:
    """Enter the written commitment of a unit that is late, with the document."""
    try:
        files = await store_files(visit, form, "document")
    except Problem as problem:
        return await refused(visit, id, problem, form, "commitment")
    body = {
        "document_number": text(form, "document_number"),
        "document_date": day(form, "document_date"),
        "promised_on": day(form, "promised_on"),
        "note": text(form, "note"),
        "file_id": files[0] if files else None,
    }
    return await _act(visit, id, form, "commitment", f"/v1/assignments/{id}/commitments", body)


@router.post("/assignments/{id}/pause")
async def pause(visit: Visitor, id: UUID, form: Form) -> Response:
    """Let nobody owe it for now."""
    body = {"reason": text(form, "reason")}
    return await _act(visit, id, form, "pause", f"/v1/assignments/{id}/pause", body)


@router.post("/assignments/{id}/resume")
async def resume(visit: Visitor, id: UUID, form: Form) -> Response:
    """Go on."""
    body = {"reason": text(form, "reason")}
    return await _act(visit, id, form, "resume", f"/v1/assignments/{id}/resume", body)


@router.post("/assignments/{id}/end")
async def end(visit: Visitor, id: UUID, form: Form) -> Response:
    """End it for good: cancelled, or no longer applicable."""
    body = {"reason": text(form, "reason"), "because": text(form, "because")}
    return await _act(visit, id, form, "end", f"/v1/assignments/{id}/cancel", body)


@router.post("/assignments/{id}/hand_over")
async def hand_over(visit: Visitor, id: UUID, form: Form) -> Response:
    """Let another unit lead it."""
    body = {"unit_id": text(form, "unit_id"), "reason": text(form, "reason")}
    return await _act(visit, id, form, "hand_over", f"/v1/assignments/{id}/hand_over", body)
