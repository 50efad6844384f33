"""Plans: the list, one page each with its legal bases, warnings and targets."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.fields import OF_REASON, OF_TARGETS, of_plan, placed
from portal.format import day as format_day
from portal.forms import Form, day, text, whole
from portal.parts import optional
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
BASIS_ROWS = 8  # lines for legal bases; the 2025 plan has five
MOST_BASES = 50  # of one plan: tasks takes no more


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


def basis_places(form: FormData) -> list[int]:
    """Return the lines of legal bases in which anything is filled in, a title or not."""
    parts = ("title", "number", "issued_on")
    return [
        line
        for line in range(MOST_BASES)
        if any(text(form, f"basis_{part}_{line}") for part in parts)
    ]


def basis_rows(last: int) -> int:
    """Return how many lines a form has when so many are there: some empty ones, if one may add."""
    return min(max(BASIS_ROWS, last + 3), MOST_BASES)


def lines_of(form: FormData) -> int:
    """Return how many lines a refused form needs, so that none that was filled in is lost."""
    return basis_rows(max(basis_places(form), default=0) + 1)


def read_bases(form: FormData) -> list[dict[str, Any]]:
    """Return the legal bases that are filled in."""
    return [
        {
            "title": text(form, f"basis_title_{place}"),
            "number": text(form, f"basis_number_{place}") or None,
            "issued_on": day(form, f"basis_issued_on_{place}") or None,
        }
        for place in basis_places(form)
    ]


def read_targets(form: FormData) -> list[dict[str, Any]]:
    """Return both targets: satisfaction over a figure, the PAR index at least a figure."""
    return [
        {
            "index": index,
            "comparison": text(form, f"target_{index}_comparison") or comparison,
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


def filled(plan: dict[str, Any]) -> dict[str, str]:
    """Return a plan's facts as its form shows them."""
    known = {
        "title": plan["title"],
        "year": str(plan["year"]),
        "number": plan["number"] or "",
        "issued_on": written_day(plan["issued_on"]),
        "closes_on": written_day(plan["closes_on"]),
    }
    for place, basis in enumerate(plan["legal_bases"]):
        known |= {
            f"basis_title_{place}": basis["title"],
            f"basis_number_{place}": basis["number"] or "",
            f"basis_issued_on_{place}": written_day(basis["issued_on"]),
        }
    return known


def written_day(value: str | None) -> str:
    """Return a day as a form takes it; empty when there is none."""
    return format_day(value) if value else ""


@router.post("/plans")
async def create(visit: Visitor, form: Form) -> Response:
    """Create a plan."""
    try:
        plan = await visit.api.post("tasks", "/v1/plans", read_plan(form), key=text(form, "key"))
    except Problem as problem:
        return visit.page(
            "plans/new.html", status=problem.status, form=form,
            basis_rows=lines_of(form),
            problem=placed(problem, form, of_plan(basis_places(form))),
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


@router.get("/plans/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that corrects a plan, to those who may."""
    plan = await _allowed(visit, id, "change")
    return visit.page(
        "plans/edit.html",
        plan=plan,
        form=filled(plan),
        basis_rows=basis_rows(len(plan["legal_bases"])),
    )


@router.post("/plans/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Correct a plan: number, title, year, days, legal bases and targets."""
    try:
        await visit.api.patch(
            "tasks", f"/v1/plans/{id}", read_plan(form), version=text(form, "version")
        )
    except Problem as problem:
        plan = await visit.api.get("tasks", f"/v1/plans/{id}")
        return visit.page(
            "plans/edit.html", status=problem.status, form=form, plan=plan,
            problem=placed(problem, form, of_plan(basis_places(form))),
            basis_rows=lines_of(form),
        )  # fmt: skip
    return visit.go(f"/plans/{id}", "plan_changed")


@router.post("/plans/{id}/targets")
async def set_targets(visit: Visitor, id: UUID, form: Form) -> Response:
    """Enter the targets; the published PAR figure of last year is the Office's to know."""
    try:
        await visit.api.patch(
            "tasks", f"/v1/plans/{id}", {"targets": read_targets(form)},
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        found = placed(problem, form, OF_TARGETS)
        return await _show(visit, id, status=problem.status, problem=found, form=form)
    return visit.go(f"/plans/{id}", "targets")


@router.get("/plans/{id}/activate")
async def ask_activate(visit: Visitor, id: UUID) -> Response:
    """Say what putting the plan into force does, before it is done."""
    return await _ask(visit, id, "activate", "plans/activate.html")


@router.post("/plans/{id}/activate")
async def activate(visit: Visitor, id: UUID, form: Form) -> Response:
    """Put a plan into force, once somebody has read what that does."""
    if not text(form, "sure"):
        return visit.go(f"/plans/{id}/activate")
    try:
        await visit.api.post("tasks", f"/v1/plans/{id}/activate", {}, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/plans/{id}", "activated")


@router.get("/plans/{id}/cancel")
async def ask_cancel(visit: Visitor, id: UUID) -> Response:
    """Say what cancelling the plan does, and ask why."""
    return await _ask(visit, id, "cancel", "plans/cancel.html")


@router.post("/plans/{id}/cancel")
async def cancel(visit: Visitor, id: UUID, form: Form) -> Response:
    """Give a plan up."""
    body = {"reason": text(form, "reason")}
    try:
        await visit.api.post("tasks", f"/v1/plans/{id}/cancel", body, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_REASON)
        return await _ask(
            visit, id, "cancel", "plans/cancel.html",
            status=problem.status, problem=found, form=form,
        )  # fmt: skip
    return visit.go(f"/plans/{id}", "plan_cancelled")


async def _ask(
    visit: Visit, id: UUID, act: str, template: str, *, status: int = 200, **view: Any
) -> Response:
    plan = await _allowed(visit, id, act)
    touched = await visit.api.get("tasks", f"/v1/plans/{id}/consequences")
    return visit.page(template, status=status, plan=plan, touched=touched, **view)


async def _allowed(visit: Visit, id: UUID, act: str) -> dict[str, Any]:
    plan: dict[str, Any] = await visit.api.get("tasks", f"/v1/plans/{id}")
    require(plan, act)
    return plan
