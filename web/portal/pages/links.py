"""What feeds which sub-criteria: proposed by code and wording, confirmed by a person."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.forms import Form, day, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
_CODE = re.compile(r"\(([0-9A-Za-z.]+)\)$")
TAKE, WAS, ADD = "take_", "was_", "add_"  # ticked, confirmed and chosen codes of one
TASK, DOCUMENT = "task_id", "document_id"


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
        tasks=by_one(links, TASK),
        names=names(criteria_set["body"]),
        **view,
    )


def by_one(
    links: Mapping[str, Sequence[dict[str, Any]]], named: str
) -> dict[str, list[dict[str, Any]]]:
    """Return each task or document once, with all its confirmed or proposed sub-criteria."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, listed in links.items():
        ones: dict[str, dict[str, Any]] = {}
        for link in listed:
            one = ones.setdefault(link[named], {**link, "codes": []})
            if link["sub_criterion"]:
                one["codes"].append(link)
        found[kind] = list(ones.values())
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


def read_links(form: FormData, named: str = TASK) -> list[dict[str, Any]]:
    """Return what is ticked and chosen for otherwise than it was confirmed."""
    found = []
    for name in form:
        if name.startswith(WAS):
            one = name.removeprefix(WAS)
            ticked = [str(code) for code in form.getlist(TAKE + one)]
            chosen = code_in(text(form, ADD + one))
            codes = list(dict.fromkeys([*ticked, *([chosen] if chosen else [])]))
            if sorted(codes) != sorted(text(form, name).split()):
                found.append({named: one, "sub_criteria": codes})
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


@router.get("/criteria_sets/{id}/document_links")
async def show_documents(visit: Visitor, id: UUID) -> Response:
    """Show which finding, report or document feeds what, to those who link."""
    return await _show_documents(visit, id)


async def _show_documents(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    criteria_set = await visit.api.get("reporting", f"/v1/criteria_sets/{id}")
    require(criteria_set, "link")
    links, units = await asyncio.gather(
        visit.api.get("reporting", f"/v1/criteria_sets/{id}/document_links"), visit.units()
    )
    return visit.page(
        "indices/document_links.html", status=status, criteria_set=criteria_set,
        documents=by_one(links, DOCUMENT), names=names(criteria_set["body"]), units=units, **view,
    )  # fmt: skip


@router.post("/criteria_sets/{id}/document_links")
async def confirm_documents(visit: Visitor, id: UUID, form: Form) -> Response:
    """Confirm what was ticked or chosen: its rows are offered it, nothing counts by itself."""
    wanted = read_links(form, DOCUMENT)
    try:
        if wanted:
            path = f"/v1/criteria_sets/{id}/document_links"
            await visit.api.put("reporting", path, {"links": wanted})
    except Problem as problem:
        return await _show_documents(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/criteria_sets/{id}/document_links", "document_links")


@router.post("/criteria_sets/{id}/documents")
async def name_document(visit: Visitor, id: UUID, form: Form) -> Response:
    """Name a document that no system tells of."""
    chosen = code_in(text(form, "sub_criterion"))
    body = {
        "name": text(form, "name"), "dated_on": day(form, "dated_on"),
        "unit_id": text(form, "unit_id") or None, "address": text(form, "address") or None,
        "sub_criteria": [chosen] if chosen else [],
    }  # fmt: skip
    try:
        path = f"/v1/criteria_sets/{id}/documents"
        await visit.api.post("reporting", path, body, key=text(form, "key"))
    except Problem as problem:
        return await _show_documents(visit, id, status=problem.status, problem=problem, form=form)
    return visit.go(f"/criteria_sets/{id}/document_links", "document_links")
