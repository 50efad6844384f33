"""Instructions of leaders: written from a figure, a row or a report, and what became of them."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.clock import TIME_ZONE
from portal.directory import in_force, names
from portal.fields import placed
from portal.forms import Form, text
from portal.leaders_forms import OF_INSTRUCTION, not_read_yet, read_deadline, read_instruction
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
REFERRED = ("about_kind", "about_text", "about_path", "unit_id", "plan_id")


@router.get("/instructions")
async def listing(visit: Visitor, unit_id: str = "", cursor: str = "") -> Response:
    """Show instructions, the newest first."""
    found, units = await asyncio.gather(
        visit.api.get("tasks", "/v1/instructions", unit_id=unit_id or None, cursor=cursor or None),
        visit.units(),
    )
    return visit.page(
        "instructions.html", found=found, unit_id=unit_id, units=units, unit_names=names(units)
    )


@router.get("/instructions/new")
async def write(visit: Visitor) -> Response:
    """Show the form, what it is about filled in as the link that led here says."""
    asked = visit.request.query_params
    return await _form(visit, {name: asked.get(name, "") for name in REFERRED})


@router.post("/instructions/new")
async def issue(visit: Visitor, form: Form) -> Response:
    """Issue an instruction, once it was shown how its deadline is understood."""
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    if read := await not_read_yet(visit, form):
        return await _form(visit, typed, read=read)
    try:
        made = await visit.api.post(
            "tasks", "/v1/instructions", read_instruction(form), key=text(form, "key")
        )
    except Problem as problem:
        found = placed(problem, form, OF_INSTRUCTION)
        read = await read_deadline(visit, form)
        return await _form(visit, typed, status=problem.status, problem=found, read=read)
    return visit.go(f"/instructions/{made['id']}", "instruction_issued")


@router.get("/instructions/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show one instruction."""
    found, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/instructions/{id}"), visit.units()
    )
    return visit.page("instruction.html", one=found, unit_names=names(units))


async def _form(visit: Visit, typed: dict[str, str], *, status: int = 200, **view: Any) -> Response:
    listed, plans, units = await asyncio.gather(
        visit.api.get("tasks", "/v1/instructions", limit=1),
        visit.api.whole("tasks", "/v1/plans"),
        visit.units(),
    )
    require(listed, "issue")
    today = datetime.now(TIME_ZONE).date()
    for_others = "issue_on_behalf" in listed["allowed"]
    return visit.page(
        "instructions/new.html",
        status=status,
        plans=in_force(plans["data"], today),
        units=[each for each in units if each["active"]],
        leaders=await _leaders(visit) if for_others else [],
        for_others=for_others,
        form=typed,
        today=today.isoformat(),
        **{"read": None, **view},
    )


async def _leaders(visit: Visit) -> list[dict[str, Any]]:
    people = await visit.api.whole("tasks", "/v1/people", active="true", role="director")
    found: list[dict[str, Any]] = people["data"]
    return found
