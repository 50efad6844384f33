"""Measures: what lost points in a year, what is proposed against it, what was accepted."""

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.clock import TIME_ZONE
from portal.asked_fields import ending
from portal.directory import in_force, names
from portal.fields import Fields, placed
from portal.forms import Form, text, whole
from portal.leaders_forms import (
    OF_ACCEPTING,
    OF_PROPOSAL,
    OF_RETURNING,
    not_read_yet,
    read_deadline,
)
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()


@router.get("/measures")
async def listing(visit: Visitor, year: int | None = None, id: UUID | None = None) -> Response:
    """Show what lost points in a year; `id`: of the measure that a notification names."""
    if id is not None:
        year = (await visit.api.get("tasks", f"/v1/measures/{id}"))["year"]
    return await _show(visit, year, named=str(id or ""))


@router.post("/measures")
async def propose(visit: Visitor, form: Form) -> Response:
    """Propose a measure against a sub-criterion, once it was shown how its deadline is read."""
    code, year = text(form, "code"), whole(form, "year")
    if read := await not_read_yet(visit, form):
        return await _again(visit, form, code, read=read)
    body = {
        "year": year, "code": code, "words": text(form, "words"),
        "deadline_text": text(form, "deadline_text"), "unit_id": text(form, "unit_id") or None,
    }  # fmt: skip
    try:
        await visit.api.post("tasks", "/v1/measures", body, key=text(form, "key"))
    except Problem as problem:
        return await _refused(visit, problem, form, OF_PROPOSAL, code)
    return visit.go(f"/measures?year={year}", "measure_proposed", f"weak-{code}")


@router.post("/measures/{id}/accept")
async def accept(visit: Visitor, id: UUID, form: Form) -> Response:
    """Take a measure into a plan, once it was shown how its deadline is understood."""
    if read := await not_read_yet(visit, form):
        return await _again(visit, form, f"accept-{id}", read=read)
    body = {name: text(form, name) for name in ("plan_id", "number", "deadline_text")}
    if unit_id := text(form, "unit_id"):
        body["unit_id"] = unit_id
    return await _decide(visit, form, f"{id}/accept", body, OF_ACCEPTING, f"accept-{id}")


@router.post("/measures/{id}/return")
async def give_back(visit: Visitor, id: UUID, form: Form) -> Response:
    """Return a measure, saying why."""
    body = {"reason": text(form, "reason")}
    return await _decide(visit, form, f"{id}/return", body, OF_RETURNING, f"return-{id}")


@router.post("/measures/criteria/withdraw")
async def withdraw(visit: Visitor, form: Form) -> Response:
    """Take back a criterion that was named by hand."""
    year, code = whole(form, "year"), text(form, "code")
    try:
        await visit.api.delete("tasks", f"/v1/weak_criteria/{year}/{quote(code, safe='')}")
    except Problem as problem:
        return await _again(visit, form, "", status=problem.status, problem=problem)
    return visit.go(f"/measures?year={year}", "criterion_withdrawn")


async def _decide(
    visit: Visit, form: Form, act: str, body: dict[str, Any], fields: Fields, which: str
) -> Response:
    try:
        await visit.api.post(
            "tasks", f"/v1/measures/{act}", body,
            key=text(form, "key"), version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await _refused(visit, problem, form, fields, which)
    done = "measure_accepted" if act.endswith("accept") else "measure_returned"
    at = f"measure-{act.partition('/')[0]}"
    return visit.go(f"/measures?year={whole(form, 'year')}", done, at)


async def _refused(
    visit: Visit, problem: Problem, form: Form, fields: Fields, which: str
) -> Response:
    wrong = placed(problem, form, ending(fields, which))
    read = await read_deadline(visit, form)
    return await _again(visit, form, which, status=problem.status, problem=wrong, read=read)


async def _again(visit: Visit, form: Form, which: str, **view: Any) -> Response:
    """Show the page with one of its forms as it was typed."""
    year = whole(form, "year")
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    known = year if isinstance(year, int) else None
    return await _show(visit, known, form=typed, open_form=which, **view)


async def _show(visit: Visit, year: int | None, *, status: int = 200, **view: Any) -> Response:
    found, plans, units = await asyncio.gather(
        visit.api.get("tasks", "/v1/measures", year=year),
        visit.api.whole("tasks", "/v1/plans"),
        visit.units(),
    )
    today = datetime.now(TIME_ZONE).date()
    shown = {"named": "", "open_form": "", "read": None, **view}
    return visit.page(
        "measures.html",
        status=status,
        found=found,
        plans=in_force(plans["data"], today),
        today=today.isoformat(),
        units=[each for each in units if each["active"]],
        unit_names=names(units),
        **shown,
    )
