"""Kinds of reports: their windows, wordings, recipients and signers, changed as data."""

import asyncio
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.forms import Form, text, whole
from portal.problems import Problem
from portal.report_kind_forms import NEW_SECTIONS, NEW_WINDOWS, read_kind
from portal.visit import Visit, Visitor, require

router = APIRouter()
KINDS = "/v1/report_kinds"
KEY_PARTS = 2  # marks in "criteria_set/CODE/2"


@router.get("/report_kinds")
async def listing(visit: Visitor) -> Response:
    """Show every kind with its windows of this year."""
    found = await visit.api.get("reporting", KINDS)
    return visit.page("reports/kinds.html", kinds=found["data"])


@router.get("/report_kinds/{code}/confirm")
async def ask_confirmation(visit: Visitor, code: str) -> Response:
    """Ask the administrator to confirm composed data: what the address names, else the kind."""
    return await _ask(visit, code, visit.request.query_params.getlist("key"))


async def _ask(visit: Visit, code: str, keys: list[str], **view: Any) -> Response:
    kind = await visit.api.get("reporting", f"{KINDS}/{quote(code, safe='')}")
    require(kind, "confirm")
    chosen = [tuple(key.split("/"))[:3] for key in keys[:50] if key.count("/") == KEY_PARTS]
    return visit.page("reports/confirm.html", kind=kind, keys=keys[:50], named=chosen, **view)


@router.post("/report_kinds/{code}/confirm")
async def confirm(visit: Visitor, code: str, form: Form) -> Response:
    """Say that composed data was compared with an official text."""
    keys = [key for key in form.getlist("keys") if isinstance(key, str)]
    path = f"{KINDS}/{quote(code, safe='')}/confirm_source"
    body = {"source": text(form, "source"), "keys": keys}
    try:
        await visit.api.post("reporting", path, body, key=text(form, "key"))
    except Problem as problem:
        return await _ask(visit, code, keys, status=problem.status, problem=problem, form=form)
    return visit.go("/report_kinds", "source_confirmed")


@router.get("/report_kinds/{code}/edit")
async def edit(visit: Visitor, code: str) -> Response:
    """Show the form of a kind, to those who may change it."""
    return await _form(visit, code)


async def _form(visit: Visit, code: str, **view: Any) -> Response:
    path = f"{KINDS}/{quote(code, safe='')}"
    kind, every = await asyncio.gather(
        visit.api.get("reporting", path), visit.api.get("reporting", KINDS)
    )
    require(kind, "change")
    versions = await visit.api.get("reporting", f"{path}/versions")
    return visit.page(
        "reports/kind_form.html", kind=kind, known=every["figures"], lists=every["lists"],
        figure_choices=[(each["id"], each["label"]) for each in every["figures"]],
        versions=versions["data"], new_windows=NEW_WINDOWS, new_sections=NEW_SECTIONS, **view,
    )  # fmt: skip


@router.post("/report_kinds/{code}/edit")
async def change(visit: Visitor, code: str, form: Form) -> Response:
    """Change a kind, or only look at what a report would say; what was made stays as it is."""
    path = f"{KINDS}/{quote(code, safe='')}"
    try:
        kind = await visit.api.get("reporting", path)
        made = read_kind(form, kind["body"])
        if text(form, "act") == "preview":
            return await _preview(visit, code, form, made)
        body = {"body": made, "reason": text(form, "reason")}
        await visit.api.put("reporting", path, body, version=text(form, "version"))
    except Problem as problem:
        return await _form(visit, code, status=problem.status, problem=problem, form=form)
    return visit.go("/report_kinds", "report_kind_changed")


async def _preview(visit: Visit, code: str, form: FormData, body: dict[str, Any]) -> Response:
    address = f"{KINDS}/{quote(code, safe='')}/preview"
    said = await visit.api.post("reporting", address, {"body": body}, key=f"{uuid4()}")
    return await _form(visit, code, form=form, preview=said)


@router.post("/report_kinds/{code}/take_again")
async def take_again(visit: Visitor, code: str, form: Form) -> Response:
    """Put a former version in place again."""
    address = f"{KINDS}/{quote(code, safe='')}/take_again"
    body = {"version": whole(form, "number"), "reason": text(form, "reason")}
    version = text(form, "version")
    try:
        await visit.api.post("reporting", address, body, key=text(form, "key"), version=version)
    except Problem as problem:
        return await _form(visit, code, status=problem.status, problem=problem)
    return visit.go("/report_kinds", "report_kind_changed")
