"""A weak sub-criterion is named by hand, where no published score sheet says what lost points."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from chassis.clock import TIME_ZONE
from portal.criteria import newest_set, sub_criteria
from portal.fields import placed
from portal.forms import Form, text, whole
from portal.leaders_forms import OF_NAMING
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()


@router.get("/measures/criteria/new")
async def ask(visit: Visitor) -> Response:
    """Ask which criterion is weak, and why."""
    year = visit.request.query_params.get("year") or datetime.now(TIME_ZONE).year - 1
    return await _form(visit, {"year": str(year)})


@router.post("/measures/criteria/new")
async def name(visit: Visitor, form: Form) -> Response:
    """Name it; from then on measures can be proposed against it."""
    known = sub_criteria(await newest_set(visit))
    code = text(form, "chosen") or text(form, "code")
    body = {
        "year": whole(form, "year"), "code": code,
        "name": text(form, "name") if code == text(form, "code") else known.get(code, ""),
        "reason": text(form, "reason"),
    }  # fmt: skip
    try:
        await visit.api.post("tasks", "/v1/weak_criteria", body, key=text(form, "key"))
    except Problem as problem:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        wrong = placed(problem, form, OF_NAMING)
        return await _form(visit, typed, status=problem.status, problem=wrong)
    return visit.go(f"/measures?year={body['year']}", "criterion_named")


async def _form(visit: Visit, typed: dict[str, str], **view: Any) -> Response:
    require(await visit.api.get("tasks", "/v1/measures"), "name")
    criteria = sub_criteria(await newest_set(visit))
    return visit.page("measures/criterion.html", form=typed, criteria=criteria, **view)
