"""Plans: the list, one page each with its legal bases, warnings and targets."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.forms import Form, day, text, whole
from portal.parts import optional
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
BASIS_ROWS = 6  # empty lines for legal bases; the 2025 plan has five


@router.get("/plans")
async def listing(visit: Visitor) -> Response:
    """Show the plans."""
    plans = await visit.api.get("tasks", "/v1/plans", limit=50)
    return visit.page("plans.html", plans=plans)


@router.get("/plans/new")
async def new(visit: Visitor) -> Response:
    """Show the form for a plan, to those who may create one."""
    require(await visit.api.get("tasks", "/v1/plans", limit=1), "create")
    return visit.page("plans/new.html", basis_rows=BASIS_ROWS)


def read_bases(form: FormData) -> list[dict[str, Any]]:
    """Return the legal bases whose title is filled in."""
    rows = [
        {
            "title": text(form, f"basis_title_{place}"),
            "number": text(form, f"basis_number_{place}") or None,
            "issued_on": day(form, f"basis_issued_on_{place}") or None,
        }
        for place in range(BASIS_ROWS)
    ]
    return [row for row in rows if row["title"]]


def read_targets(form: FormData) -> list[dict[str, Any]]:
    """Return both targets: satisfaction over a figure, the PAR index at least a figure."""
    return [
        {
            "index": index,
            "comparison": comparison,
            "value": text(form, f"target_{index}").replace(",", ".") or None,
            "source": text(form, f"target_{index}_source"),
        }
        for index, comparison in (("satisfaction", "over"), ("par", "at_least"))
    ]


def read_plan(form: FormData) -> dict[str, Any]:
    """Return the body of a new plan."""
    return {
        "year": whole(form, "year"),
        "title": text(form, "title"),
        "number": text(form, "number") or None,
        "issued_on": day(form, "issued_on") or None,
        "closes_on": day(form, "closes_on"),
        "legal_bases": read_bases(form),
        "targets": read_targets(form),
    }


@router.post("/plans")
async def create(visit: Visitor, form: Form) -> Response:
    """Create a plan."""
    try:
        body = read_plan(form)
        plan = await visit.api.post("tasks", "/v1/plans", body, key=text(form, "key"))
    except Problem as problem:
        return visit.page(
            "plans/new.html", status=problem.status,
            problem=problem, form=form, basis_rows=BASIS_ROWS,
        )  # fmt: skip
    return visit.go(f"/plans/{plan['id']}", "plan_created")


@router.get("/plans/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show one plan."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    plan, counts = await asyncio.gather(
        visit.api.get("tasks", f"/v1/plans/{id}"),
        optional(visit.api.get("tasks", "/v1/assignments/counts", plan_id=id)),
    )
    return visit.page("plan.html", status=status, plan=plan, counts=counts, **view)


@router.post("/plans/{id}/targets")
async def set_targets(visit: Visitor, id: UUID, form: Form) -> Response:
    """Enter the targets; the published PAR figure of last year is the Office's to know."""
    try:
        await visit.api.patch(
            "tasks", f"/v1/plans/{id}", {"targets": read_targets(form)},
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem, form=form)
    return visit.go(f"/plans/{id}", "targets")


@router.post("/plans/{id}/activate")
async def activate(visit: Visitor, id: UUID, form: Form) -> Response:
    """Put a plan into force."""
    try:
        await visit.api.post("tasks", f"/v1/plans/{id}/activate", {}, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/plans/{id}", "activated")
