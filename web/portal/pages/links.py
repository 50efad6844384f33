"""Which tasks feed which sub-criteria: proposed by code and wording, confirmed by a person."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
_CODE = re.compile(r"\(([0-9A-Za-z.]+)\)$")
TAKE, WAS, ADD = "take_", "was_", "add_"  # ticked, confirmed and chosen codes of a task


@router.get("/criteria_sets/{id}/links")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show the links, and the tasks that have none."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    criteria_set, links = await asyncio.gather(
        visit.api.get("reporting", f"/v1/criteria_sets/{id}"),
        visit.api.get("reporting", f"/v1/criteria_sets/{id}/links"),
    )
    return visit.page(
        "indices/links.html",
        status=status,
        criteria_set=criteria_set,
        tasks=by_task(links),
        names=names(criteria_set["body"]),
        **view,
    )


def by_task(links: Mapping[str, Sequence[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return each task once, with all its confirmed or proposed sub-criteria."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, listed in links.items():
        tasks: dict[str, dict[str, Any]] = {}
        for link in listed:
            task = tasks.setdefault(link["task_id"], {**link, "codes": []})
            if link["sub_criterion"]:
                task["codes"].append(link)
        found[kind] = list(tasks.values())
    return found


def names(body: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the sub-criteria by area: code and name, to choose from."""
    return [
        (
            f"{area['code']}. {area['name']}",
            [
                (sub["code"], sub["name"])
                for criterion in area["criteria"]
                for sub in criterion["sub_criteria"]
            ],
        )
        for area in body["areas"]
    ]


def read_links(form: FormData) -> list[dict[str, Any]]:
    """Return the tasks whose ticked and chosen sub-criteria differ from the confirmed ones."""
    found = []
    for name in form:
        if name.startswith(WAS):
            task = name.removeprefix(WAS)
            ticked = [str(code) for code in form.getlist(TAKE + task)]
            chosen = code_in(text(form, ADD + task))
            codes = list(dict.fromkeys([*ticked, *([chosen] if chosen else [])]))
            if sorted(codes) != sorted(text(form, name).split()):
                found.append({"task_id": task, "sub_criteria": codes})
    return found


def code_in(chosen: str) -> str:
    """Return the code of a sub-criterion that was chosen as «name (code)», or typed alone."""
    found = _CODE.search(chosen)
    return found[1] if found else chosen


@router.post("/criteria_sets/{id}/links")
async def confirm(visit: Visitor, id: UUID, form: Form) -> Response:
    """Confirm what was ticked or chosen; only confirmed links move the index."""
    wanted = read_links(form)
    try:
        if wanted:
            path = f"/v1/criteria_sets/{id}/links"
            await visit.api.put("reporting", path, {"links": wanted})
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/criteria_sets/{id}/links", "links")
