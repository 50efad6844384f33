"""The ladder of urging: when the clock reminds and escalates, and the words that are offered."""

from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.fields import Field, named, placed
from portal.forms import Form, text, whole
from portal.i18n import mark
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
LADDER = "/v1/urging_ladder"
TOLD = ("person", "head", "office", "director")
PLAIN = ("words", "letter_parent", "letter_symbol", "letter_place", "reason")
OF_LADDER = {
    **named(
        Field("before", mark("Working days before the due day")),
        Field("escalation", mark("After the due day")),
        Field("work_from", mark("Working hours from")),
        Field("work_until", mark("Working hours until")),
        Field("repeat_hours", mark("Hours before the same rows are urged again")),
        Field("words", mark("Words that are offered")),
        Field("letter_parent", mark("Body above the department")),
        Field("letter_symbol", mark("Symbol behind the letter's number")),
        Field("letter_place", mark("Place")),
        Field("reason", mark("Reason")),
    )
}


@router.get("/urging_ladder")
async def show(visit: Visitor) -> Response:
    """Show the ladder in force, with its form for who may change it."""
    return await _show(visit)


@router.post("/urging_ladder")
async def change(visit: Visitor, form: Form) -> Response:
    """Put another ladder in force."""
    try:
        await visit.api.put("tasks", LADDER, body_of(form), version=text(form, "version"))
    except Problem as problem:
        found = placed(problem, form, OF_LADDER)
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        return await _show(visit, status=problem.status, problem=found, form=typed)
    return visit.go("/urging_ladder", "ladder")


def body_of(form: FormData) -> dict[str, Any]:
    """Return the ladder as the form says it; a level without a day is not told."""
    steps = [
        {"working_days": whole(form, f"after_{told}"), "told": told}
        for told in TOLD
        if text(form, f"after_{told}")
    ]
    before = [each.strip() for each in text(form, "before").replace(";", ",").split(",")]
    return {
        "before": [int(each) if each.isdecimal() else each for each in before if each],
        "escalation": steps,
        **{name: whole(form, name) for name in ("work_from", "work_until", "repeat_hours")},
        **{name: text(form, name) for name in PLAIN},
    }


async def _show(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    ladder = await visit.api.get("tasks", LADDER)
    after = {step["told"]: step["working_days"] for step in ladder["escalation"]}
    return visit.page(
        "urging_ladder.html", status=status, ladder=ladder, after=after, levels=TOLD, **view
    )
