"""A row of a plan by hand: its plan and units first, then what is to be done and by when."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from chassis.clock import TIME_ZONE
from portal.directory import names
from portal.fields import OF_ENTRY, placed
from portal.forms import Form, text
from portal.origins import read_origin
from portal.parts import optional_if_visible
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
WORDS = ("content", "product", "subject_matter", "section", "number", "deadline_text")


@router.get("/assignments/new")
async def ask(visit: Visitor) -> Response:
    """Ask for the plan and the units in charge; once they are chosen, for the row."""
    asked = visit.request.query_params
    plan_id, leads = asked.get("plan_id", ""), asked.getlist("lead_unit_ids")
    return await _form(visit, plan_id, leads, problem=_lacking(leads) if plan_id else None)


def _lacking(leads: list[str]) -> Problem | None:
    return None if leads else Problem(422, {"code": "units_missing"})


@router.post("/assignments/new")
async def enter(visit: Visitor, form: Form) -> Response:
    """Take other units, show how the row would be read, or add it: as the button says."""
    plan_id = text(form, "plan_id")
    leads = [str(each) for each in form.getlist("lead_unit_ids")]
    if text(form, "step") == "choose":
        return await _form(visit, plan_id, leads, form, problem=_lacking(leads))
    preview = text(form, "step") == "preview"
    body = {**read_row(form, plan_id, leads), "preview": preview}
    key = str(uuid4()) if preview else text(form, "key")
    try:
        made = await visit.api.post("tasks", "/v1/assignments", body, key=key)
    except Problem as problem:
        found = placed(problem, form, OF_ENTRY)
        return await _form(visit, plan_id, leads, form, status=problem.status, problem=found)
    if preview:
        return await _form(visit, plan_id, leads, form, read=made)
    return await _added(visit, made["assignments"])


async def _added(visit: Visit, made: list[dict[str, Any]]) -> Response:
    """Go to what was added; of several, name each."""
    if len(made) == 1:
        return visit.go(f"/assignments/{made[0]['id']}", "entered")
    return visit.page("assignments/entered.html", made=made, unit_names=names(await visit.units()))


def read_row(form: FormData, plan_id: str, leads: list[str]) -> dict[str, Any]:
    """Return a row as the service takes it; what is left empty is not sent."""
    given = {
        **{name: text(form, name) for name in WORDS},
        "accountable_person_id": text(form, "accountable_person_id"),
        **read_origin(form),
        "coordinating_unit_ids": [str(each) for each in form.getlist("coordinating_unit_ids")],
        "helper_ids": [str(each) for each in form.getlist("helper_ids")],
    }
    needed = {name: given.pop(name) for name in ("content", "deadline_text")}
    filled = {name: value for name, value in given.items() if value}
    return {"plan_id": plan_id, "lead_unit_ids": leads, **needed, **filled}


async def _form(
    visit: Visit,
    plan_id: str,
    leads: list[str],
    form: FormData | None = None,
    *,
    status: int = 200,
    **view: Any,
) -> Response:
    counts, plans, units = await asyncio.gather(
        visit.api.get("tasks", "/v1/assignments/counts"),
        visit.api.whole("tasks", "/v1/plans"),
        visit.units(),
    )
    require(counts, "create")
    taking = [each for each in plans["data"] if "import" in each["allowed"]]
    typed = {} if form is None else {n: v for n, v in form.items() if isinstance(v, str)}
    shown = {"problem": None, "read": None, **view}
    return visit.page(
        "assignments/entry.html",
        status=status,
        plans=taking,
        plan=next((each for each in taking if each["id"] == plan_id), None),
        units=[each for each in units if each["active"]],
        leads=leads,
        people=await _people(visit, leads, names(units)),
        form=typed,
        coordinating=form.getlist("coordinating_unit_ids") if form else [],
        helpers=form.getlist("helper_ids") if form else [],
        unit_names=names(units),
        today=datetime.now(TIME_ZONE).date().isoformat(),
        **shown,
    )


async def _people(
    visit: Visit, leads: list[str], known: dict[str, str]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the people of the units in charge, by the unit's name."""
    chosen = [id_ for id_ in leads if id_ in known]
    found = await asyncio.gather(
        *(
            optional_if_visible(visit.api.whole("tasks", "/v1/people", unit_id=id_))
            for id_ in chosen
        )
    )
    pairs = zip(chosen, found, strict=True)
    return [(known[id_], each["data"]) for id_, each in pairs if isinstance(each, dict)]
