"""The editor of a draft: one part of a criteria set at a time, or the set itself; parts added."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.criteria_forms import METHODS, blank, fields_of, groups_of, read_part, with_method
from portal.fields import placed
from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
SETS = "/v1/criteria_sets"


@router.get("/criteria_sets/{id}/edit")
async def edit_set(visit: Visitor, id: UUID) -> Response:
    """Show the form of the set itself."""
    return await _form(visit, await _draft(visit, id), "")


@router.post("/criteria_sets/{id}/edit")
async def change_set(visit: Visitor, id: UUID, form: Form) -> Response:
    """Change the set itself: title, totals, grades."""
    return await _change(visit, id, "", form)


@router.get("/criteria_sets/{id}/parts/{code}")
async def edit_part(visit: Visitor, id: UUID, code: str, method: str = "") -> Response:
    """Show the form of one part; `method`: as it would be scored by another one."""
    return await _form(visit, await _draft(visit, id), code, method)


@router.post("/criteria_sets/{id}/parts/{code}")
async def change_part(visit: Visitor, id: UUID, code: str, form: Form) -> Response:
    """Change one part."""
    return await _change(visit, id, code, form)


@router.post("/criteria_sets/{id}/parts/{code}/remove")
async def remove_part(visit: Visitor, id: UUID, code: str, form: Form) -> Response:
    """Take a part out of the draft."""
    try:
        path = f"{SETS}/{id}/parts/{code}/remove"
        await visit.api.post(
            "reporting", path, None, key=text(form, "key"), version=text(form, "version")
        )
    except Problem as problem:
        found = await _draft(visit, id)
        return await _form(visit, found, code, status=problem.status, problem=problem)
    return visit.go(f"/criteria_sets/{id}", "criteria")


@router.get("/criteria_sets/{id}/new_part")
async def new_part(visit: Visitor, id: UUID, parent: str = "", method: str = "") -> Response:
    """Show the form of a part to add below another, or of an area."""
    return await _new(visit, await _draft(visit, id), parent, method)


@router.post("/criteria_sets/{id}/new_part")
async def add_part(visit: Visitor, id: UUID, form: Form) -> Response:
    """Add a part."""
    found, parent = await _draft(visit, id), text(form, "parent")
    part = with_method(_blank(found["body"], parent), text(form, "method"))
    try:
        fields = {"parent": parent, **read_part(form, part, {})}
        await visit.api.post(
            "reporting", f"{SETS}/{id}/parts", fields, key=text(form, "key"),
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        wrong = placed(problem, form, fields_of(groups_of(part))) if problem.errors else problem
        return await _new(
            visit, found, parent, text(form, "method"), status=problem.status, form=form,
            problem=wrong,
        )  # fmt: skip
    return visit.go(f"/criteria_sets/{id}", "criteria")


async def _new(
    visit: Visit, found: dict[str, Any], parent: str, method: str = "", **view: Any
) -> Response:
    part = with_method(_blank(found["body"], parent), method)
    return visit.page(
        "criteria/part.html", found=found, part=part, code="", groups=groups_of(part),
        methods=METHODS, parent=parent, **view,
    )  # fmt: skip


def _blank(body: Mapping[str, Any], parent: str) -> Mapping[str, Any]:
    """Return a part to add below a parent, with the next code there."""
    above = part_of(body, parent)
    row = "sub_criteria" in above
    below = above["sub_criteria"] if row else above.get("criteria", above.get("areas", ()))
    number = len(below) + 1
    return blank(f"{parent}.{number}" if parent else str(number), row=row)


async def _change(visit: Visit, id: UUID, code: str, form: Any) -> Response:
    found = await _draft(visit, id)
    stored = part_of(found["body"], code)
    part = with_method(stored, text(form, "method"))
    path = f"{SETS}/{id}/parts/{code}" if code else f"{SETS}/{id}"
    try:
        fields = read_part(form, part, stored)
        if fields:
            await visit.api.patch("reporting", path, fields, version=text(form, "version"))
    except Problem as problem:
        wrong = placed(problem, form, fields_of(groups_of(part))) if problem.errors else problem
        method = text(form, "method")
        return await _form(
            visit, found, code, method, status=problem.status, form=form, problem=wrong
        )
    return visit.go(f"/criteria_sets/{id}", "criteria")


async def _form(
    visit: Visit, found: dict[str, Any], code: str, method: str = "", **view: Any
) -> Response:
    part = with_method(part_of(found["body"], code), method)
    return visit.page(
        "criteria/part.html", found=found, part=part, code=code, groups=groups_of(part),
        methods=METHODS, **view,
    )  # fmt: skip


async def _draft(visit: Visit, id: UUID) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get("reporting", f"{SETS}/{id}")
    require(found, "change")
    return found


def part_of(body: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """Return a part by its code, the set itself without one. Raises Problem (404)."""
    if not code:
        return body
    for area in body["areas"]:
        for part in (area, *area["criteria"]):
            if part["code"] == code:
                return dict(part)
        for criterion in area["criteria"]:
            for sub in criterion["sub_criteria"]:
                if sub["code"] == code:
                    return dict(sub)
    raise Problem(404, {"code": "part_not_found"})
