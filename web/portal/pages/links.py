"""Which tasks feed which sub-criterion: proposed by wording, confirmed here by a person."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.forms import Form, text
from portal.parts import optional_if_visible
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
FIELD = "code_"  # what was entered for a task; `was_` holds its confirmed code, `take_` a tick


@router.get("/criteria_sets/{id}/links")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show the links, and the tasks that have none."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    criteria_set, links = await asyncio.gather(
        visit.api.get("reporting", f"/v1/criteria_sets/{id}"),
        visit.api.get("reporting", f"/v1/criteria_sets/{id}/links"),
    )
    index = await optional_if_visible(
        visit.api.get("reporting", f"/v1/indices/par/{criteria_set['year']}")
    )
    rows = index["rows"] if isinstance(index, dict) else []
    return visit.page(
        "indices/links.html",
        status=status,
        criteria_set=criteria_set,
        links=links,
        sub_criteria=rows,
        **view,
    )


def read_links(form: FormData) -> list[dict[str, str | None]]:
    """Return the links that differ from the confirmed ones; an emptied code takes a link back."""
    tasks = [name.removeprefix(FIELD) for name in form if name.startswith(FIELD)]
    return [
        {"task_id": task, "sub_criterion": text(form, FIELD + task) or None}
        for task in tasks
        if text(form, FIELD + task) != text(form, f"was_{task}")
        and (f"proposed_{task}" not in form or f"take_{task}" in form)
    ]


@router.post("/criteria_sets/{id}/links")
async def confirm(visit: Visitor, id: UUID, form: Form) -> Response:
    """Confirm what was ticked or entered; only confirmed links move the index."""
    wanted = read_links(form)
    try:
        if wanted:
            path = f"/v1/criteria_sets/{id}/links"
            await visit.api.put("reporting", path, {"links": wanted})
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/criteria_sets/{id}/links", "links")
