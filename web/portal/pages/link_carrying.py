"""Links carried from another version of a criteria set: looked at, then confirmed."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
SETS = "/v1/criteria_sets"


@router.get("/criteria_sets/{id}/carry")
async def show(visit: Visitor, id: UUID, since: UUID | None = None) -> Response:
    """Show what carrying by code would do, sub-criterion by sub-criterion."""
    return await _show(visit, id, since)


async def _show(visit: Visit, id: UUID, since: UUID | None, **view: Any) -> Response:
    path = f"{SETS}/{id}"
    found = await visit.api.get("reporting", path)
    require(found, "link")
    told, every = await asyncio.gather(
        visit.api.get("reporting", f"{path}/links/carry", since=since and str(since)),
        visit.api.every("reporting", SETS),
    )
    others = [each for each in every if each["id"] != str(id)]
    return visit.page("criteria/carry.html", found=found, told=told, others=others, **view)


@router.post("/criteria_sets/{id}/carry")
async def carry(visit: Visitor, id: UUID, form: Form) -> Response:
    """Confirm the links of what was ticked."""
    codes = [str(code) for code in form.getlist("codes")]
    body = {"since": text(form, "since"), "digest": text(form, "digest"), "codes": codes}
    try:
        path = f"{SETS}/{id}/links/carry"
        if codes:
            await visit.api.post("reporting", path, body, key=text(form, "key"))
    except Problem as problem:
        since = UUID(text(form, "since"))
        return await _show(visit, id, since, status=problem.status, problem=problem)
    return visit.go(f"/criteria_sets/{id}/links", "links")
