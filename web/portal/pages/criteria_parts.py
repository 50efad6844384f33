"""The editor of a draft: one part of a criteria set at a time, or the set itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.criteria_forms import fields_of, groups_of, read_part
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
async def edit_part(visit: Visitor, id: UUID, code: str) -> Response:
    """Show the form of one part."""
    return await _form(visit, await _draft(visit, id), code)


@router.post("/criteria_sets/{id}/parts/{code}")
async def change_part(visit: Visitor, id: UUID, code: str, form: Form) -> Response:
    """Change one part."""
    return await _change(visit, id, code, form)


async def _change(visit: Visit, id: UUID, code: str, form: Any) -> Response:
    found = await _draft(visit, id)
    part = part_of(found["body"], code)
    path = f"{SETS}/{id}/parts/{code}" if code else f"{SETS}/{id}"
    try:
        fields = read_part(form, part)
        if fields:
            await visit.api.patch("reporting", path, fields, version=text(form, "version"))
    except Problem as problem:
        wrong = placed(problem, form, fields_of(groups_of(part))) if problem.errors else problem
        return await _form(visit, found, code, status=problem.status, form=form, problem=wrong)
    return visit.go(f"/criteria_sets/{id}", "criteria")


async def _form(visit: Visit, found: dict[str, Any], code: str, **view: Any) -> Response:
    part = part_of(found["body"], code)
    return visit.page(
        "criteria/part.html", found=found, part=part, code=code, groups=groups_of(part), **view
    )


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
