"""Handling proposals: for the Office, the Director and the auditor; the service hides the rest."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal import inspection_forms as forms
from portal.assignment_page import store_files
from portal.directory import at_work, names
from portal.fields import placed
from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
NEWEST = 20  # inspections whose findings are offered: each is read by itself
PATH, KINDS = "/v1/handling_proposals", "/v1/handling_kinds"


@router.get("/handling_proposals")
async def listing(visit: Visitor, decided: bool = False, cursor: str = "") -> Response:
    """Show the proposals that wait for a decision, or those that have one."""
    found, units = await asyncio.gather(
        visit.api.get("tasks", PATH, decided=str(decided).lower(), cursor=cursor or None),
        visit.units(),
    )
    return visit.page(
        "handling_proposals.html", proposals=found, decided=decided, unit_names=names(units)
    )


@router.get("/handling_proposals/new")
async def new(visit: Visitor) -> Response:
    """Show the form for a proposal, to those who may write one."""
    require(await visit.api.get("tasks", PATH, limit=1), "create")
    return await _form(visit)


@router.post("/handling_proposals")
async def create(visit: Visitor, form: Form) -> Response:
    """Write a proposal down."""
    try:
        files = await store_files(visit, form, to=f"{PATH}/files")
        body = forms.read_proposal(form, files)
        made = await visit.api.post("tasks", PATH, body, key=text(form, "key"))
    except Problem as problem:
        refused = placed(problem, form, forms.OF_PROPOSAL)
        typed = {**forms.typed(form), "finding_ids": form.getlist("finding_ids")}
        return await _form(visit, status=problem.status, problem=refused, form=typed)
    return visit.go(f"/handling_proposals/{made['id']}", "handling_proposed")


@router.get("/handling_proposals/kinds")
async def kinds(visit: Visitor) -> Response:
    """Show the list of kinds, with the form that changes it."""
    found = await visit.api.get("tasks", KINDS)
    return visit.page("handling/kinds.html", kinds=found)


@router.post("/handling_proposals/kinds")
async def set_kinds(visit: Visitor, form: Form) -> Response:
    """Reword kinds, take them out of use, or add one."""
    found = await visit.api.get("tasks", KINDS)
    body = forms.read_kinds(form, found["kinds"])
    try:
        await visit.api.put("tasks", KINDS, body, version=text(form, "version"))
    except Problem as problem:
        refused = placed(problem, form, forms.of_kinds(found["kinds"]))
        return visit.page(
            "handling/kinds.html", status=problem.status, kinds=found, problem=refused,
            form=forms.typed(form),
        )  # fmt: skip
    return visit.go("/handling_proposals/kinds", "handling_kinds")


@router.get("/handling_proposals/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a proposal, and the form that decides it."""
    return await _show(visit, id)


@router.post("/handling_proposals/{id}/decide")
async def decide(visit: Visitor, id: UUID, form: Form) -> Response:
    """Write down what the Director decided."""
    body = forms.read_decision(form)
    try:
        await visit.api.post("tasks", f"{PATH}/{id}/decide", body, key=text(form, "key"))
    except Problem as problem:
        refused = placed(problem, form, forms.OF_DECISION)
        typed = forms.typed(form)
        return await _show(visit, id, status=problem.status, problem=refused, form=typed)
    return visit.onward(f"/handling_proposals/{id}", "handling_decided")


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    found, units = await asyncio.gather(visit.api.get("tasks", f"{PATH}/{id}"), visit.units())
    return visit.page(
        "handling_proposal.html", status=status, one=found, unit_names=names(units), **view
    )


async def _form(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    """Offer the findings left open by the newest inspections; others cannot be named here."""
    people, units, known, concluded = await asyncio.gather(
        visit.api.every("tasks", "/v1/people"),
        visit.units(),
        visit.api.get("tasks", KINDS),
        visit.api.whole("tasks", "/v1/inspections", state="concluded"),
    )
    left = [each for each in concluded["data"] if each["open_count"]][-NEWEST:]
    paths = [f"/v1/inspections/{each['id']}" for each in reversed(left)]
    inspections = await asyncio.gather(*(visit.api.get("tasks", path) for path in paths))
    return visit.page(
        "handling/form.html", status=status, unit_names=names(units), inspections=inspections,
        unit_choices=list(names(units).items()),
        people_choices=[(each["id"], each["name"]) for each in at_work(people)],
        kind_choices=[(each["code"], each["name"]) for each in known["kinds"] if each["in_use"]],
        **view,
    )  # fmt: skip
