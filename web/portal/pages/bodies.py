"""Blocks and the bodies in them: who is scored, who acts for whom, who appraises."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from chassis.clock import TIME_ZONE
from portal.directory import names
from portal.forms import Form, text, whole
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
BLOCKS, BODIES = "/v1/blocks", "/v1/bodies"


@router.get("/bodies")
async def listing(visit: Visitor) -> Response:
    """Show every block with its bodies, and bodies that are in none yet."""
    blocks, bodies, first, units = await asyncio.gather(
        visit.api.every("reporting", BLOCKS),
        visit.api.every("reporting", BODIES),
        visit.api.get("reporting", BODIES, limit=1),
        visit.units(),
    )
    return visit.page(
        "bodies.html", blocks=blocks, bodies=bodies, allowed=first["allowed"],
        unit_names=names(units),
    )  # fmt: skip


@router.get("/bodies/blocks/new")
async def new_block(visit: Visitor) -> Response:
    """Show the form for a block, to those who may make one."""
    require(await visit.api.get("reporting", BLOCKS, limit=1), "create")
    return await _block_form(visit, block=None, shown={})


@router.post("/bodies/blocks")
async def create_block(visit: Visitor, form: Form) -> Response:
    """Make a block."""
    try:
        await visit.api.post("reporting", BLOCKS, read_block(form), key=text(form, "key"))
    except Problem as problem:
        return await _block_form(
            visit, block=None, shown=read_block(form), status=problem.status, problem=problem
        )
    return visit.go("/bodies", "block_saved")


@router.get("/bodies/blocks/{id}/edit")
async def edit_block(visit: Visitor, id: UUID) -> Response:
    """Show the form that changes a block, to those who may."""
    block = await visit.api.get("reporting", f"{BLOCKS}/{id}")
    require(block, "change")
    return await _block_form(visit, block=block, shown=block)


@router.post("/bodies/blocks/{id}/edit")
async def change_block(visit: Visitor, id: UUID, form: Form) -> Response:
    """Change a block."""
    path, body = f"{BLOCKS}/{id}", {**read_block(form), "active": bool(text(form, "active"))}
    try:
        await visit.api.patch("reporting", path, body, version=text(form, "version"))
    except Problem as problem:
        block = await visit.api.get("reporting", path)
        return await _block_form(
            visit, block=block, shown=body, status=problem.status, problem=problem
        )
    return visit.go("/bodies", "block_saved")


@router.get("/bodies/new")
async def new_body(visit: Visitor) -> Response:
    """Show the form for a body, to those who may add one."""
    require(await visit.api.get("reporting", BODIES, limit=1), "create")
    return await _body_form(visit, body=None, shown={})


@router.post("/bodies")
async def create_body(visit: Visitor, form: Form) -> Response:
    """Add a body."""
    given = {**read_body(form), "own": bool(text(form, "own"))}
    try:
        await visit.api.post("reporting", BODIES, given, key=text(form, "key"))
    except Problem as problem:
        return await _body_form(
            visit, body=None, shown=given, status=problem.status, problem=problem
        )
    return visit.go("/bodies", "body_saved")


@router.get("/bodies/{id}/edit")
async def edit_body(visit: Visitor, id: UUID) -> Response:
    """Show the form that changes a body, to those who may."""
    body = await visit.api.get("reporting", f"{BODIES}/{id}")
    require(body, "change")
    return await _body_form(visit, body=body, shown=body)


@router.post("/bodies/{id}/edit")
async def change_body(visit: Visitor, id: UUID, form: Form) -> Response:
    """Change a body, or say why it cannot be assessed."""
    path, given = f"{BODIES}/{id}", {**read_body(form), "active": bool(text(form, "active"))}
    try:
        await visit.api.patch("reporting", path, given, version=text(form, "version"))
    except Problem as problem:
        body = await visit.api.get("reporting", path)
        return await _body_form(
            visit, body=body, shown=given, status=problem.status, problem=problem
        )
    return visit.go("/bodies", "body_saved")


def read_block(form: FormData) -> dict[str, Any]:
    """Return the facts of a block."""
    return {
        "code": text(form, "code"), "name": text(form, "name"), "kind": text(form, "kind"),
        "criteria_set_code": text(form, "criteria_set_code") or None,
        "without_survey": text(form, "without_survey") or "left_out",
        "appraisers": [str(each) for each in form.getlist("appraisers")],
    }  # fmt: skip


def read_body(form: FormData) -> dict[str, Any]:
    """Return the facts of a body."""
    why = text(form, "ineligible_reason") or None
    return {
        "code": text(form, "code"), "name": text(form, "name"),
        "block_id": text(form, "block_id") or None, "unit_id": text(form, "unit_id") or None,
        "people": [str(each) for each in form.getlist("people")],
        "ineligible_reason": why,
        "ineligible_year": (whole(form, "ineligible_year") or None) if why else None,
    }  # fmt: skip


async def _block_form(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    people, sets = await asyncio.gather(
        visit.api.every("tasks", "/v1/people"), visit.api.every("reporting", "/v1/criteria_sets")
    )
    appraisers = [each for each in people if each["role"] == "appraiser" and each["active"]]
    return visit.page(
        "bodies/block_form.html", status=status, people=appraisers,
        set_choices=set_choices(sets, view["shown"].get("criteria_set_code")), **view,
    )  # fmt: skip


def set_choices(sets: list[dict[str, Any]], named: str | None) -> list[tuple[str, str]]:
    """Return the codes a block can name, each with its newest title; one that is named stays."""
    newest: dict[str, str] = {named: named} if named else {}
    for each in sorted(sets, key=lambda one: (one["code"], one["set_version"])):
        newest[each["code"]] = f"{each['code']} · {each['title']}"
    return list(newest.items())


async def _body_form(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    blocks, people, units = await asyncio.gather(
        visit.api.every("reporting", BLOCKS),
        visit.api.every("tasks", "/v1/people"),
        visit.units(),
    )
    return visit.page(
        "bodies/body_form.html", status=status,
        block_choices=[(each["id"], each["name"]) for each in blocks],
        unit_choices=[(each["id"], each["name"]) for each in units],
        people=[each for each in people if each["active"]],
        this_year=datetime.now(TIME_ZONE).year, **view,
    )  # fmt: skip
