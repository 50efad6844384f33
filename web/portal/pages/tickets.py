"""Tickets of a round: batches made, printed once, voided and made anew."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import segno
from fastapi import APIRouter, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.directory import names
from portal.fields import OF_REASON, OF_TICKETS, placed
from portal.forms import Form, text, whole
from portal.problems import Problem
from portal.visit import Visit, Visitor, portal_of, require

router = APIRouter()
SHOWN_FOR = timedelta(minutes=30)  # after a batch was made: to print it, and print it again


@router.get("/surveys/{id}/tickets")
async def listing(visit: Visitor, id: UUID) -> Response:
    """Show the batches, and the form for a new one."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    path = f"/v1/rounds/{id}"
    found = await visit.api.get("surveys", path)
    require(found, "issue_tickets")
    batches, counts, units = await asyncio.gather(
        visit.api.every("surveys", f"{path}/ticket_batches"),
        visit.api.get("surveys", f"{path}/answers_count"),
        visit.units(),
    )
    return visit.page(
        "surveys/batches.html",
        status=status, round=found, batches=batches, counts=counts,
        units=[unit for unit in units if unit["id"] in found["unit_ids"]] or units,
        unit_names=names(units), **view,
    )  # fmt: skip


@router.post("/surveys/{id}/tickets")
async def create(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make tickets and go on to the sheet."""
    body = {"unit_id": text(form, "unit_id") or None, "count": whole(form, "count")}
    key = text(form, "key")
    try:
        await visit.api.post("surveys", f"/v1/rounds/{id}/tickets", body, key=key)
    except Problem as problem:
        found = placed(problem, form, OF_TICKETS)
        return await _show(visit, id, status=problem.status, problem=found, form=form)
    sheet = _sheets(visit).dumps({"key": key, **body})
    return visit.go(f"/surveys/{id}/tickets/sheet/{sheet}")


@router.get("/surveys/{id}/tickets/sheet/{sheet}")
async def print_sheet(visit: Visitor, id: UUID, sheet: str) -> Response:
    """Show the sheet to print, for a short while and in the session that made it.

    The codes are stored nowhere, here neither: the service makes the same ones for the same key.
    """
    try:
        seconds = int(SHOWN_FOR.total_seconds())
        body = _sheets(visit).loads(sheet, max_age=seconds)
    except BadSignature:
        return visit.page("surveys/sheet_gone.html", status=410, round={"id": id})
    path, key = f"/v1/rounds/{id}", body.pop("key")
    made = await visit.api.post("surveys", f"{path}/tickets", body, key=key)
    survey_round = await visit.api.get("surveys", path)
    tickets = [
        {**each, "picture": picture(each["url"]), "address": typeable(each["url"])}
        for each in made["tickets"]
    ]
    unit = names(await visit.units()).get(str(body["unit_id"]))
    return visit.page("surveys/tickets.html", round=survey_round, tickets=tickets, unit=unit)


def _sheets(visit: Visit) -> URLSafeTimedSerializer:
    """Return what signs a sheet's address: for one session, so a copied address shows nothing."""
    secret = portal_of(visit.request).secret
    return URLSafeTimedSerializer(secret, salt=f"ticket-sheet/{visit.csrf_token}")


def picture(address: str) -> str:
    """Return a QR code as inline SVG; error correction M survives a fold or a stain."""
    svg: str = segno.make(address, error="m").svg_inline(scale=4, border=2)
    return svg


def typeable(address: str) -> str:
    """Return where a code is typed in, as one reads it out: without what browsers add."""
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path.rpartition('/')[0]}/"


@router.get("/surveys/{id}/tickets/{batch_id}/void")
async def ask_void(visit: Visitor, id: UUID, batch_id: UUID) -> Response:
    """Say what voiding a batch does, and ask why."""
    return await _ask(visit, id, batch_id)


@router.post("/surveys/{id}/tickets/{batch_id}/void")
async def void(visit: Visitor, id: UUID, batch_id: UUID, form: Form) -> Response:
    """Void what is unused of a batch."""
    path, body = f"/v1/rounds/{id}/ticket_batches/{batch_id}/void", {"reason": text(form, "reason")}
    try:
        await visit.api.post("surveys", path, body, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_REASON)
        return await _ask(visit, id, batch_id, status=problem.status, problem=found, form=form)
    return visit.go(f"/surveys/{id}/tickets", "voided")


async def _ask(
    visit: Visit, id: UUID, batch_id: UUID, *, status: int = 200, **view: Any
) -> Response:
    path = f"/v1/rounds/{id}"
    found = await visit.api.get("surveys", path)
    require(found, "void_tickets")
    listed, units = await asyncio.gather(
        visit.api.every("surveys", f"{path}/ticket_batches"), visit.units()
    )
    batch = next((each for each in listed if each["id"] == str(batch_id)), None)
    if batch is None:
        raise Problem(404, {"code": "batch_not_found"})
    return visit.page(
        "surveys/void.html",
        status=status, round=found, batch=batch, unit_names=names(units), **view,
    )  # fmt: skip
