"""Which tasks of a plan serve an objective: ticked on one page."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()


@router.get("/plans/{id}/objectives/{objective_id}")
async def show(visit: Visitor, id: UUID, objective_id: UUID) -> Response:
    """Show the tasks of the plan, those that serve the objective ticked."""
    return await _show(visit, id, objective_id)


@router.post("/plans/{id}/objectives/{objective_id}")
async def save(visit: Visitor, id: UUID, objective_id: UUID, form: Form) -> Response:
    """Say which tasks serve the objective."""
    ticked = [str(each) for each in form.getlist("task_ids")]
    try:
        await visit.api.put(
            "tasks", f"/v1/plans/{id}/objectives/{objective_id}/tasks", {"task_ids": ticked},
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await _show(
            visit, id, objective_id, status=problem.status, problem=problem, ticked=ticked
        )
    return visit.go(f"/plans/{id}#objectives", "")


async def _show(
    visit: Visit, id: UUID, objective_id: UUID, *, status: int = 200, **view: Any
) -> Response:
    plan, tasks = await asyncio.gather(
        visit.api.get("tasks", f"/v1/plans/{id}"),
        visit.api.get("tasks", f"/v1/plans/{id}/tasks"),
    )
    require(plan, "change")
    wanted = str(objective_id)
    objective = next((each for each in plan["objectives"] if each["id"] == wanted), None)
    if objective is None:
        raise Problem(404, {"code": "objective_not_found"})
    names = {each["id"]: each["text"] for each in plan["objectives"]}
    shown = {"ticked": objective["task_ids"], **view}
    return visit.page(
        "plans/objective.html", status=status, plan=plan, tasks=tasks["data"], objective=objective,
        objective_names=names, **shown,
    )  # fmt: skip
