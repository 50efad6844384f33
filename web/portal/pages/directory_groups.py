"""Groups of units: what a name for several of them means in an appendix."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.directory import names
from portal.directory_forms import OF_GROUP, filled, read_group
from portal.fields import placed
from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
GROUPS = "/v1/unit_groups"


@router.get("/directory/groups")
async def listing(visit: Visitor) -> Response:
    """Show the groups with their units."""
    groups, first, units = await asyncio.gather(
        visit.api.every("tasks", GROUPS),
        visit.api.get("tasks", GROUPS, limit=1),
        visit.api.every("tasks", "/v1/units"),
    )
    return visit.page("directory/groups.html", groups=groups, first=first, unit_names=names(units))


@router.get("/directory/groups/new")
async def new(visit: Visitor) -> Response:
    """Show the form for a group, to those who may add one."""
    require(await visit.api.get("tasks", GROUPS, limit=1), "create")
    return await _form(visit, {}, group=None)


@router.post("/directory/groups")
async def create(visit: Visitor, form: Form) -> Response:
    """Add a group."""
    try:
        await visit.api.post("tasks", GROUPS, read_group(form), key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_GROUP)
        return await _form(visit, form, group=None, status=problem.status, problem=found)
    return visit.go("/directory/groups", "group_saved")


@router.get("/directory/groups/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that changes a group, to those who may."""
    group = await visit.api.get("tasks", f"{GROUPS}/{id}")
    require(group, "change")
    return await _form(visit, filled(group), group=group)


@router.post("/directory/groups/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Rename a group, say who is in it, retire it or take it up again."""
    path, body = f"{GROUPS}/{id}", {**read_group(form), "active": bool(text(form, "active"))}
    try:
        await visit.api.patch("tasks", path, body, version=text(form, "version"))
    except Problem as problem:
        view = {"group": await visit.api.get("tasks", path), "status": problem.status}
        return await _form(visit, form, **view, problem=placed(problem, form, OF_GROUP))
    return visit.go("/directory/groups", "group_saved")


async def _form(visit: Visit, form: Any, *, status: int = 200, **view: Any) -> Response:
    units = await visit.api.every("tasks", "/v1/units")
    chosen = form.getlist("unit_ids") if isinstance(form, FormData) else form.get("unit_ids", [])
    return visit.page(
        "directory/group_form.html", status=status, form=form, chosen=chosen,
        units=[each for each in units if each["active"] or each["id"] in chosen], **view,
    )  # fmt: skip
