"""Versions of criteria sets: listed, read, uploaded, compared, put into force."""

import asyncio
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from portal.forms import Form, text
from portal.passing import passed_on
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
SETS = "/v1/criteria_sets"


@router.get("/criteria_sets")
async def listing(visit: Visitor) -> Response:
    """Show every version of every set, the newest year first."""
    first, every = await asyncio.gather(
        visit.api.get("reporting", SETS, limit=1), visit.api.every("reporting", SETS)
    )
    return visit.page("criteria_sets.html", first=first, codes=by_code(every))


def by_code(sets: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the versions of each code, newest first; the code of the newest year first."""
    ordered = sorted(sets, key=lambda each: (each["code"], -each["set_version"]))
    codes = [list(versions) for _, versions in groupby(ordered, key=lambda each: each["code"])]
    return sorted(codes, key=lambda versions: -versions[0]["year"])


@router.get("/criteria_sets/upload")
async def choose(visit: Visitor) -> Response:
    """Ask for the file of a new version."""
    return await _choose(visit)


async def _choose(visit: Visit, **view: Any) -> Response:
    require(await visit.api.get("reporting", SETS, limit=1), "create")
    return visit.page("criteria/upload.html", **view)


@router.post("/criteria_sets/upload")
async def upload(visit: Visitor, form: Form) -> Response:
    """Have a file read as a new draft; of one that is wrong every cell is named."""
    try:
        name, content = await _chosen(form)
        made = await visit.api.upload(
            "reporting", f"{SETS}/imports", name, content, key=text(form, "key")
        )
    except Problem as problem:
        return await _choose(visit, status=problem.status, problem=problem)
    return visit.go(f"/criteria_sets/{made['id']}/publish", "criteria_uploaded")


async def _chosen(form: FormData) -> tuple[str, bytes]:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file.filename, await file.read()


@router.get("/criteria_sets/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a version with all its rows, and what does not add up in a draft."""
    found = await visit.api.get("reporting", f"{SETS}/{id}")
    return visit.page("criteria_set.html", found=found)


@router.post("/criteria_sets/{id}/versions")
async def revise(visit: Visitor, id: UUID, form: Form) -> Response:
    """Begin the next version from one: a draft that says the same."""
    path = f"{SETS}/{id}/versions"
    made = await visit.api.post("reporting", path, {}, key=text(form, "key"))
    return visit.go(f"/criteria_sets/{made['id']}", "criteria_begun")


@router.get("/criteria_sets/{id}/file.{kind}")
async def take_away(visit: Visitor, id: UUID, kind: Literal["xlsx", "yaml"]) -> Response:
    """Hand on a version as a file."""
    return await passed_on(visit, "reporting", f"{SETS}/{id}.{kind}")


@router.get("/criteria_sets/{id}/differences")
async def compare(visit: Visitor, id: UUID, since: UUID | None = None) -> Response:
    """Show how a version differs from another one, by default from the one before it."""
    path = f"{SETS}/{id}"
    found, every = await asyncio.gather(
        visit.api.get("reporting", path), visit.api.every("reporting", SETS)
    )
    before = previous(found, every)
    wanted = str(since) if since else before and before["id"]
    told = await visit.api.get("reporting", f"{path}/differences", since=wanted)
    others = [each for each in every if each["id"] != str(id)]
    return visit.page("criteria/differences.html", found=found, told=told, others=others)


def previous(found: dict[str, Any], every: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the version of the same code before this one; None: it is the first."""
    older = [
        each
        for each in every
        if each["code"] == found["code"] and each["set_version"] < found["set_version"]
    ]
    return max(older, key=lambda each: each["set_version"], default=None)


@router.get("/criteria_sets/{id}/publish")
async def ask_publish(visit: Visitor, id: UUID) -> Response:
    """Say what putting a draft into force changes, before it is done."""
    return await _ask_publish(visit, id)


async def _ask_publish(visit: Visit, id: UUID, **view: Any) -> Response:
    path = f"{SETS}/{id}"
    found, told = await asyncio.gather(
        visit.api.get("reporting", path), visit.api.get("reporting", f"{path}/differences")
    )
    if told["since"] is None:
        view["earlier"] = await _earlier(visit, found)
    return visit.page("criteria/publish.html", found=found, told=told, **view)


async def _earlier(visit: Visit, found: dict[str, Any]) -> dict[str, Any] | None:
    """Return how a version differs from the one before it, none of which is in force."""
    before = previous(found, await visit.api.every("reporting", SETS))
    if before is None:
        return None
    path = f"{SETS}/{found['id']}/differences"
    told: dict[str, Any] = await visit.api.get("reporting", path, since=before["id"])
    return told


@router.post("/criteria_sets/{id}/publish")
async def publish(visit: Visitor, id: UUID, form: Form) -> Response:
    """Put a draft into force for its year, for good."""
    try:
        path = f"{SETS}/{id}/publish"
        await visit.api.post("reporting", path, None, key=text(form, "key"))
    except Problem as problem:
        return await _ask_publish(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/criteria_sets/{id}", "criteria_published")
