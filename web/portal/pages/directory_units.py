"""The directory's units as a tree, and one page each."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.directory_forms import (
    OF_ENDING,
    OF_UNIT,
    UNIT_KINDS,
    filled,
    matching,
    read_unit,
    tree,
)
from portal.fields import placed
from portal.forms import Form, text
from portal.parts import optional_if_visible
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
UNITS = "/v1/units"
OWED = ("not_started", "in_progress", "returned", "submitted")


@router.get("/directory")
async def listing(visit: Visitor, q: str = "", closed: str = "") -> Response:
    """Show the units below one another, or those that a search finds."""
    units, first, groups = await asyncio.gather(
        visit.api.every("tasks", UNITS),
        visit.api.get("tasks", UNITS, limit=1),
        visit.api.every("tasks", "/v1/unit_groups"),
    )
    shown = [each for each in units if closed or each["active"]]
    return visit.page(
        "directory.html", below=tree(shown), found=matching(shown, q) if q.strip() else None,
        groups_of=_groups_of(groups), count=len(shown), closed_count=len(units) - len(shown),
        q=q, closed=closed, first=first,
    )  # fmt: skip


def _groups_of(groups: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for group in groups:
        for id_ in group["unit_ids"] if group["active"] else ():
            found.setdefault(id_, []).append(group)
    return found


@router.get("/directory/units/new")
async def new(visit: Visitor, parent_id: str = "") -> Response:
    """Show the form for a unit, to those who may add one."""
    require(await visit.api.get("tasks", UNITS, limit=1), "create")
    return await _form(visit, {"kind": "room", "parent_id": parent_id}, unit=None)


@router.post("/directory/units")
async def create(visit: Visitor, form: Form) -> Response:
    """Add a unit."""
    try:
        made = await visit.api.post("tasks", UNITS, read_unit(form), key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_UNIT)
        return await _form(visit, form, unit=None, status=problem.status, problem=found)
    return visit.go(f"/directory/units/{made['id']}", "unit_created")


@router.get("/directory/units/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a unit: its names, groups and people, and what it still leads."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    unit, units, groups, people, counts = await asyncio.gather(
        visit.api.get("tasks", f"{UNITS}/{id}"),
        visit.api.every("tasks", UNITS),
        visit.api.every("tasks", "/v1/unit_groups"),
        visit.api.whole("tasks", "/v1/people", unit_id=str(id)),
        optional_if_visible(
            visit.api.get("tasks", "/v1/assignments/counts", unit_id=str(id), status=OWED)
        ),
    )
    return visit.page(
        "directory/unit.html", status=status, unit=unit, people=people, counts=counts, owed=OWED,
        parents={each["id"]: each for each in units},
        below=[each for each in units if each["parent_id"] == str(id)],
        groups=_groups_of(groups).get(str(id), []), **view,
    )  # fmt: skip


@router.get("/directory/units/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that changes a unit, to those who may."""
    unit = await _allowed(visit, id)
    return await _form(visit, filled(unit), unit=unit)


@router.post("/directory/units/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Rename a unit, move it, correct its facts."""
    path = f"{UNITS}/{id}"
    try:
        await visit.api.patch("tasks", path, read_unit(form), version=text(form, "version"))
    except Problem as problem:
        view = {"unit": await visit.api.get("tasks", path), "status": problem.status}
        return await _form(visit, form, **view, problem=placed(problem, form, OF_UNIT))
    return visit.go(f"/directory/units/{id}", "unit_changed")


@router.post("/directory/units/{id}/end")
async def end(visit: Visitor, id: UUID, form: Form) -> Response:
    """Close a unit, with the reason."""
    return await _set(visit, id, form, {"active": False, "reason": text(form, "reason") or None})


@router.post("/directory/units/{id}/reopen")
async def reopen(visit: Visitor, id: UUID, form: Form) -> Response:
    """Open a unit that was closed."""
    return await _set(visit, id, form, {"active": True})


async def _set(visit: Visit, id: UUID, form: Any, body: dict[str, Any]) -> Response:
    try:
        await visit.api.patch("tasks", f"{UNITS}/{id}", body, version=text(form, "version"))
    except Problem as problem:
        found = placed(problem, form, OF_ENDING)
        return await _show(visit, id, status=problem.status, problem=found, form=form)
    return visit.go(f"/directory/units/{id}", "unit_changed" if body["active"] else "unit_ended")


async def _form(visit: Visit, form: Any, *, status: int = 200, **view: Any) -> Response:
    units = await visit.api.every("tasks", UNITS)
    return visit.page(
        "directory/unit_form.html", status=status, form=form, units=units, kinds=UNIT_KINDS, **view
    )


async def _allowed(visit: Visit, id: UUID) -> dict[str, Any]:
    unit: dict[str, Any] = await visit.api.get("tasks", f"{UNITS}/{id}")
    require(unit, "change")
    return unit
