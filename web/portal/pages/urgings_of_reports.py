"""Urging units to hand in their reports: who is told what, shown first, then sent once."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Response

from portal.fields import Field, Fields, named, placed
from portal.forms import Form, text
from portal.i18n import mark
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
URGE = "/v1/unit_reports/urge"
OF_URGING: Fields = named(
    Field("text", mark("What they are told")),
    Field("unit_ids", mark("Units that have not reported")),
)


@router.get("/urgings_of_reports")
async def ask(visit: Visitor, plan_id: UUID) -> Response:
    """Offer every unit that has not reported under a plan, and words to tell them."""
    return await _shown(visit, str(plan_id), text="", chosen=None)


@router.post("/urgings_of_reports")
async def urge(visit: Visitor, form: Form) -> Response:
    """Say who would be told what, or send it: as the button says."""
    plan_id, sending = text(form, "plan_id"), text(form, "step") == "send"
    units = [value for value in form.getlist("unit") if isinstance(value, str)]
    body = {
        "plan_id": plan_id,
        "unit_ids": units,
        "text": text(form, "text"),
        "preview": not sending,
        "digest": text(form, "digest") if sending else None,
    }
    view: dict[str, Any] = {"text": body["text"], "chosen": units}
    try:
        key = text(form, "key") if sending else str(uuid4())
        told = await visit.api.post("tasks", URGE, body, key=key)
    except Problem as problem:
        found = placed(problem, form, OF_URGING)
        return await _shown(visit, plan_id, status=problem.status, problem=found, **view)
    if sending:
        return visit.go(f"/urgings/{told['urging_id']}", "urged")
    return await _shown(visit, plan_id, told=told, **view)


async def _shown(
    visit: Visit, plan_id: str, *, text: str, chosen: list[str] | None, status: int = 200,
    **view: Any,
) -> Response:  # fmt: skip
    require(await visit.api.get("tasks", "/v1/unit_reports", plan_id=plan_id), "urge")
    asked = {"plan_id": plan_id, "preview": True}
    shown = {"told": None, "problem": None, **view}
    try:
        every = await visit.api.post("tasks", URGE, asked, key=str(uuid4()))
    except Problem as problem:
        every, shown["problem"], status = None, shown["problem"] or problem, problem.status
    return visit.page(
        "urgings/reports.html", status=status, plan_id=plan_id, all=every, chosen=chosen,
        words=text or (every["text"] if every else ""), **shown,
    )  # fmt: skip
