"""Inspections: the year's plan, one inspection with its acts, and what units repeat."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from chassis.clock import TIME_ZONE
from portal import inspection_forms as forms
from portal.criteria import every_criterion, newest_set
from portal.directory import at_work, in_force, names
from portal.fields import Fields, placed
from portal.forms import Form, text
from portal.parts import Unavailable, optional, optional_if_visible
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
PATH, RULE = "/v1/inspections", "/v1/inspection_rule"
Reading = Callable[[FormData, Mapping[str, Any]], dict[str, Any]]
ACTS: dict[str, tuple[Reading, Callable[[FormData, Mapping[str, Any]], Fields]]] = {
    "announce": (
        lambda form, _: forms.read_announcement(form), lambda *_: forms.OF_ANNOUNCEMENT,
    ),
    "visit": (
        lambda form, one: forms.read_visit(form, one["team"]),
        lambda form, one: forms.of_visit(form, one["team"]),
    ),
    "findings": (lambda form, _: forms.read_finding(form), lambda *_: forms.OF_FINDING),
    "conclude": (
        lambda form, one: forms.read_conclusion(form, one["findings"]),
        lambda _, one: forms.of_conclusion(one["findings"]),
    ),
    "cancel": (
        lambda form, _: {"reason": text(form, "reason")}, lambda *_: forms.OF_CANCELLING,
    ),
}  # fmt: skip
DOCUMENT = ("content-type", "content-disposition")


@router.get("/inspections")
async def listing(visit: Visitor, year: int | None = None, state: str = "") -> Response:
    """Show the plan of a year, and what units repeat."""
    chosen = year or datetime.now(TIME_ZONE).year
    found, weaknesses, units = await asyncio.gather(
        visit.api.whole("tasks", PATH, year=chosen, state=state or None),
        optional_if_visible(visit.api.get("tasks", "/v1/repeated_weaknesses")),
        visit.units(),
    )
    return visit.page(
        "inspections.html", inspections=found, weaknesses=weaknesses,
        year=chosen, state=state, unit_names=names(units),
    )  # fmt: skip


@router.get("/inspections/new")
async def new(visit: Visitor) -> Response:
    """Show the form that plans one, to those who may."""
    require(await visit.api.get("tasks", PATH, limit=1), "create")
    return await _form(visit, inspection=None, shown={"body": "government", "method": "planned"})


@router.post("/inspections")
async def create(visit: Visitor, form: Form) -> Response:
    """Plan an inspection."""
    body = {**forms.read_inspection(form), "records": forms.read_lines(form)}
    try:
        made = await visit.api.post("tasks", PATH, body, key=text(form, "key"))
    except Problem as problem:
        return await _form_again(visit, problem, form, None)
    return visit.go(f"/inspections/{made['id']}", "inspection_planned")


@router.get("/inspections/rule")
async def rule(visit: Visitor) -> Response:
    """Show by which rule something is repeated."""
    found = await visit.api.get("tasks", RULE)
    return visit.page("inspections/rule.html", rule=found, shown={**found, "reason": ""})


@router.post("/inspections/rule")
async def set_rule(visit: Visitor, form: Form) -> Response:
    """Change the rule."""
    body = forms.read_rule(form)
    try:
        await visit.api.put("tasks", RULE, body, version=text(form, "version"))
    except Problem as problem:
        found = await visit.api.get("tasks", RULE)
        refused = placed(problem, form, forms.OF_RULE)
        return visit.page(
            "inspections/rule.html", status=problem.status, rule=found, shown=body, problem=refused
        )
    return visit.go("/inspections/rule", "inspection_rule")


@router.get("/inspections/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show an inspection: team, records, findings, conclusion, and what may be done now."""
    return await _show(visit, id)


@router.get("/inspections/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that corrects an inspection, to those who may."""
    found = await visit.api.get("tasks", f"{PATH}/{id}")
    require(found, "change")
    return await _form(visit, inspection=found, shown=_shown(found))


@router.post("/inspections/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Correct an inspection: only what is different is sent."""
    found = await visit.api.get("tasks", f"{PATH}/{id}")
    now, given = _shown(found), forms.read_inspection(form)
    body = {name: value for name, value in given.items() if differs(value, now[name])}
    try:
        await visit.api.patch("tasks", f"{PATH}/{id}", body, version=text(form, "version"))
    except Problem as problem:
        return await _form_again(visit, problem, form, found)
    return visit.go(f"/inspections/{id}", "inspection_changed")


@router.post("/inspections/{id}/records")
async def records(visit: Visitor, id: UUID, form: Form) -> Response:
    """Write down which records came, and ask for more."""
    found = await visit.api.get("tasks", f"{PATH}/{id}")
    body = {"records": forms.read_records(form, found["records"])}
    try:
        await visit.api.patch("tasks", f"{PATH}/{id}", body, version=text(form, "version"))
    except Problem as problem:
        refused = placed(problem, form, forms.of_records(found["records"]))
        typed = forms.typed(form)
        return await _show(visit, id, status=problem.status, problem=refused, form=typed)
    return visit.go(f"/inspections/{id}", "inspection_changed")


@router.get("/inspections/{id}/thong_bao_ket_luan.docx")
async def notice(visit: Visitor, id: UUID) -> Response:
    """Hand on the conclusion notice."""
    answer = await visit.api.raw("tasks", f"{PATH}/{id}/conclusion.docx")
    headers = {name: answer.headers[name] for name in DOCUMENT if name in answer.headers}
    return Response(answer.content, headers=headers)


@router.post("/inspections/{id}/findings/{finding_id}/close")
async def close_finding(visit: Visitor, id: UUID, finding_id: UUID, form: Form) -> Response:
    """Close a finding that nothing remedies any more, saying why."""
    path = f"{PATH}/{id}/findings/{finding_id}/close"
    try:
        await visit.api.post("tasks", path, {"reason": text(form, "reason")}, key=text(form, "key"))
    except Problem as problem:
        refused = placed(problem, form, forms.of_closing(finding_id))
        view = {"problem": refused, "form": forms.typed(form), "act": f"close-{finding_id}"}
        return await _show(visit, id, status=problem.status, **view)
    return visit.go(f"/inspections/{id}", "inspection_finding_closed")


@router.post("/inspections/{id}/{act}")
async def do(visit: Visitor, id: UUID, act: str, form: Form) -> Response:
    """Announce, visit, write a finding down, conclude or cancel."""
    if act not in ACTS:
        raise Problem(404, {"code": "not_found"})
    read, fields = ACTS[act]
    found = await visit.api.get("tasks", f"{PATH}/{id}")
    body = read(form, found)
    try:
        await visit.api.post("tasks", f"{PATH}/{id}/{act}", body, key=text(form, "key"))
    except Problem as problem:
        refused = placed(problem, form, fields(form, found))
        typed = forms.typed(form)
        return await _show(visit, id, status=problem.status, problem=refused, form=typed, act=act)
    return visit.go(f"/inspections/{id}", f"inspection_{act}")


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    found, units = await asyncio.gather(visit.api.get("tasks", f"{PATH}/{id}"), visit.units())
    concluding = "conclude" in found["allowed"] and found["findings"]
    plans = await optional(visit.api.whole("tasks", "/v1/plans")) if concluding else {"data": []}
    listed = [] if isinstance(plans, Unavailable) else plans["data"]
    active = in_force(listed, datetime.now(TIME_ZONE).date())
    finding = "record_finding" in found["allowed"]
    view = {
        "act": "", "criteria": every_criterion(await newest_set(visit)) if finding else {}, **view,
    }  # fmt: skip
    return visit.page(
        "inspection.html", status=status, one=found, unit_names=names(units),
        unit_choices=list(names(units).items()),
        plan_choices=[(each["id"], each["title"]) for each in active], **view,
    )  # fmt: skip


def differs(given: Any, now: Any) -> bool:
    """Tell whether something was changed; in which order people are ticked says nothing."""
    return sorted(given) != sorted(now) if isinstance(now, list) else bool(given != now)


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return an inspection as its form has it."""
    plain = ("body", "method", "unit_id", "subject", "starts_on", "ends_on")
    duties: dict[str, list[str]] = {"head": [], "member": [], "substitute": []}
    for each in found["team"]:
        duties[each["duty"]].append(each["person_id"])
    return {
        **{name: found[name] for name in plain}, "head_id": duties["head"][0],
        "member_ids": duties["member"], "substitute_ids": duties["substitute"],
    }  # fmt: skip


async def _form_again(
    visit: Visit, problem: Problem, form: FormData, inspection: Mapping[str, Any] | None
) -> Response:
    typed = {**forms.typed(form), **{n: form.getlist(n) for n in ("member_ids", "substitute_ids")}}
    refused = placed(problem, form, forms.OF_INSPECTION)
    return await _form(
        visit, inspection=inspection, shown=typed, form=typed, status=problem.status,
        problem=refused,
    )  # fmt: skip


async def _form(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    people, units = await asyncio.gather(visit.api.every("tasks", "/v1/people"), visit.units())
    # Who has left stays in a team until somebody takes them out.
    of_team = {each["person_id"] for each in (view["inspection"] or {"team": ()})["team"]}
    working = at_work(people, kept=of_team)
    return visit.page(
        "inspections/form.html", status=status, unit_choices=list(names(units).items()),
        people=working, people_choices=[(each["id"], each["name"]) for each in working], **view,
    )  # fmt: skip
