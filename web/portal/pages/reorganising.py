"""A unit is merged, split or moved: what goes over is listed, reviewed row by row, done as one."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, QueryParams

from portal.directory import names
from portal.fields import OF_REASON, placed
from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
PATH = "/v1/reorganisations"


@router.get("/directory/units/{id}/reorganise")
async def ask(visit: Visitor, id: UUID, request: Request) -> Response:
    """Choose the units and who takes over, then review what goes over."""
    return await _ask(visit, id, request.query_params)


@router.post("/directory/units/{id}/reorganise")
async def reorganise(visit: Visitor, id: UUID, form: Form) -> Response:
    """Do what was reviewed, as one."""
    try:
        await visit.api.post("tasks", PATH, read_order(id, form), key=text(form, "key"))
    except Problem as problem:
        wrong = placed(problem, form, OF_REASON) if problem.errors else problem
        return await _ask(visit, id, form, status=problem.status, problem=wrong, form=form)
    return visit.go(f"/directory/units/{id}", "reorganised")


def read_order(id_: UUID, form: FormData) -> dict[str, Any]:
    """Return what the form says; a row left without a unit stays."""
    successor = text(form, "successor_id") or None
    units = dict.fromkeys([str(id_), *map(str, form.getlist("unit_id"))])
    return {
        "units": [{"unit_id": each, "successor_id": successor} for each in units],
        "rows": [
            {"assignment_id": name.removeprefix("row_"), "unit_id": text(form, name)}
            for name in form
            if name.startswith("row_") and text(form, name)
        ],
        "people": [
            {"person_id": name.removeprefix("person_"), "unit_id": text(form, name)}
            for name in form
            if name.startswith("person_") and text(form, name)
        ],
        "close": text(form, "close") == "yes",
        "reason": text(form, "reason"),
    }


async def _ask(
    visit: Visit, id: UUID, asked: QueryParams | FormData, *, status: int = 200, **view: Any
) -> Response:
    unit, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/units/{id}"), visit.api.every("tasks", "/v1/units")
    )
    require(unit, "reorganise")
    along = [str(each) for each in asked.getlist("unit_id") if each != str(id)]
    successor, close = str(asked.get("successor_id") or ""), str(asked.get("close") or "yes")
    listed = None
    if successor:
        listed = await visit.api.get("tasks", PATH, unit_id=[str(id), *along])
    return visit.page(
        "directory/reorganise.html", status=status, unit=unit, along=along, successor=successor,
        close=close, listed=listed, unit_names=names(units),
        others=[each for each in units if each["active"] and each["id"] != str(id)],
        **{"form": {}, **view},
    )  # fmt: skip
