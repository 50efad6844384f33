"""The directory's people: found, added, changed, away, and no longer at work."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.directory import names
from portal.directory_forms import (
    OF_ABSENCE,
    OF_ENDING,
    OF_PERSON,
    ROLES,
    filled,
    read_absence,
    read_person,
)
from portal.fields import Fields, placed
from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
PEOPLE, UNITS = "/v1/people", "/v1/units"
A_PAGE = 50


@router.get("/directory/people")
async def listing(
    visit: Visitor, q: str = "", unit_id: str = "", left: str = "", cursor: str = ""
) -> Response:
    """Show people by name, a page at a time."""
    asked = {"q": q, "unit_id": unit_id, "cursor": cursor, "active": None if left else "true"}
    people, units = await asyncio.gather(
        visit.api.get("tasks", PEOPLE, limit=A_PAGE, **asked), visit.api.every("tasks", UNITS)
    )
    return visit.page(
        "directory/people.html", people=people, units=units, unit_names=names(units), q=q,
        unit_id=unit_id, left=left, cursor=cursor,
    )  # fmt: skip


@router.get("/directory/people/new")
async def new(visit: Visitor, unit_id: str = "") -> Response:
    """Show the form for a person, to those who may add one."""
    require(await visit.api.get("tasks", PEOPLE, limit=1), "create")
    return await _form(visit, {"role": "unit_officer", "unit_id": unit_id}, person=None)


@router.post("/directory/people")
async def create(visit: Visitor, form: Form) -> Response:
    """Add a person."""
    try:
        made = await visit.api.post("tasks", PEOPLE, read_person(form), key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_PERSON)
        return await _form(visit, form, person=None, status=problem.status, problem=found)
    return visit.go(f"/directory/people/{made['id']}", "person_created")


@router.get("/directory/people/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a person, who stands in while they are away, and what the administrator may do."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    person, units = await asyncio.gather(
        visit.api.get("tasks", f"{PEOPLE}/{id}"), visit.api.every("tasks", UNITS)
    )
    shown = {"form": filled(person), **view}
    others = await _others(visit, id) if "change" in person.get("allowed", []) else []
    return visit.page(
        "directory/person.html", status=status, person=person, unit_names=names(units),
        others=others, **shown,
    )  # fmt: skip


async def _others(visit: Visit, id: UUID) -> list[dict[str, Any]]:
    """Return who may stand in for a person, as the service says it."""
    asked = {"standing_in_for": str(id), "active": "true"}
    found = await visit.api.whole("tasks", PEOPLE, **asked)
    listed: list[dict[str, Any]] = found["data"]
    return listed


@router.get("/directory/people/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that changes a person, to those who may."""
    person = await visit.api.get("tasks", f"{PEOPLE}/{id}")
    require(person, "change")
    return await _form(visit, filled(person), person=person)


@router.post("/directory/people/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Correct a person, move them to another unit, give another role."""
    path = f"{PEOPLE}/{id}"
    try:
        await visit.api.patch("tasks", path, read_person(form), version=text(form, "version"))
    except Problem as problem:
        view = {"person": await visit.api.get("tasks", path), "status": problem.status}
        return await _form(visit, form, **view, problem=placed(problem, form, OF_PERSON))
    return visit.go(f"/directory/people/{id}", "person_changed")


@router.post("/directory/people/{id}/absence")
async def set_absence(visit: Visitor, id: UUID, form: Form) -> Response:
    """Say who stands in from when to when."""
    return await _set(visit, id, form, read_absence(form), OF_ABSENCE, "absence")


@router.post("/directory/people/{id}/back")
async def be_back(visit: Visitor, id: UUID, form: Form) -> Response:
    """Nobody stands in any more."""
    return await _set(visit, id, form, dict.fromkeys(_ABSENCE), OF_ABSENCE, "person_changed")


_ABSENCE = ("substitute_id", "absent_from", "absent_until")


@router.post("/directory/people/{id}/end")
async def end(visit: Visitor, id: UUID, form: Form) -> Response:
    """Say that a person is no longer at work, and why."""
    body = {"active": False, "reason": text(form, "reason") or None}
    return await _set(visit, id, form, body, OF_ENDING, "person_ended")


@router.post("/directory/people/{id}/reopen")
async def reopen(visit: Visitor, id: UUID, form: Form) -> Response:
    """Say that a person is at work again."""
    return await _set(visit, id, form, {"active": True}, OF_ENDING, "person_changed")


async def _set(
    visit: Visit, id: UUID, form: FormData, body: dict[str, Any], fields: Fields, done: str
) -> Response:
    try:
        await visit.api.patch("tasks", f"{PEOPLE}/{id}", body, version=text(form, "version"))
    except Problem as problem:
        found = placed(problem, form, fields)
        return await _show(visit, id, status=problem.status, problem=found, form=form)
    return visit.go(f"/directory/people/{id}", done)


async def _form(visit: Visit, form: Any, *, status: int = 200, **view: Any) -> Response:
    units = await visit.api.every("tasks", UNITS)
    return visit.page(
        "directory/person_form.html", status=status, form=form, units=units, roles=ROLES, **view
    )
