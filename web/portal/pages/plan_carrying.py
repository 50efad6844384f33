"""A plan that gives way: replaced in mid-year or rolled over, by a list that somebody reviews."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from portal.fields import of_carrying as fields
from portal.fields import placed
from portal.forms import Form, day, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()


@router.get("/plans/{id}/replace")
async def ask_replace(visit: Visitor, id: UUID, request: Request) -> Response:
    """Choose the plan that takes over, then review what goes along."""
    chosen = request.query_params.get("successor_id", "")
    return await _ask(visit, id, "replace", chosen)


@router.post("/plans/{id}/replace")
async def replace(visit: Visitor, id: UUID, form: Form) -> Response:
    """Replace a plan in mid-year."""
    return await _carry(visit, id, "replace", form)


@router.get("/plans/{id}/roll_over")
async def ask_roll_over(visit: Visitor, id: UUID, request: Request) -> Response:
    """Choose the later year's plan, then review what goes along."""
    chosen = request.query_params.get("successor_id", "")
    return await _ask(visit, id, "roll_over", chosen)


@router.post("/plans/{id}/roll_over")
async def roll_over(visit: Visitor, id: UUID, form: Form) -> Response:
    """Roll a plan over into a later year."""
    return await _carry(visit, id, "roll_over", form)


async def _carry(visit: Visit, id: UUID, act: str, form: FormData) -> Response:
    successor = text(form, "successor_id")
    ticked = [str(each) for each in form.getlist("rows")]
    rows = [{"assignment_id": id_, "due_on": day(form, f"due_{id_}") or None} for id_ in ticked]
    body = {"successor_id": successor, "rows": rows, "reason": text(form, "reason")}
    try:
        await visit.api.post(
            "tasks", f"/v1/plans/{id}/{act}", body,
            key=text(form, "key"), version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        found = placed(problem, form, fields(ticked))
        return await _ask(
            visit, id, act, successor,
            status=problem.status, problem=found, form=form, ticked=ticked,
        )  # fmt: skip
    return visit.go(f"/plans/{id}", "plan_replaced" if act == "replace" else "plan_rolled_over")


async def _ask(
    visit: Visit, id: UUID, act: str, chosen: str, *, status: int = 200, **view: Any
) -> Response:
    plan: dict[str, Any] = await visit.api.get("tasks", f"/v1/plans/{id}")
    require(plan, act)
    listed = await visit.api.get("tasks", f"/v1/plans/{id}/carrying", successor_id=chosen)
    candidates = listed["replacing" if act == "replace" else "next_year"]
    successor = next((each for each in candidates if each["id"] == chosen), None)
    shown = {"ticked": [r["assignment_id"] for r in listed["rows"] if r["proposed"]], **view}
    return visit.page(
        "plans/carry.html", status=status, plan=plan, act=act, listed=listed,
        candidates=candidates, successor=successor, **shown,
    )  # fmt: skip
