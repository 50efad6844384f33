"""Plans: the list, one page each with its legal bases, warnings and targets."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.chosen_files import about, chosen, lost
from portal.directory import names
from portal.fields import OF_REASON, OF_TARGETS, placed
from portal.forms import Form, text
from portal.parts import optional, optional_if_visible
from portal.plan_forms import fields_of, filled, lines, lines_of, read_plan, read_targets
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()


@router.get("/plans")
async def listing(visit: Visitor) -> Response:
    """Show the plans."""
    plans = await visit.api.whole("tasks", "/v1/plans")
    return visit.page("plans.html", plans=plans)


@router.get("/plans/new")
async def new(visit: Visitor) -> Response:
    """Show the form for a plan, to those who may create one."""
    require(await visit.api.get("tasks", "/v1/plans", limit=1), "create")
    return await _form(visit, "plans/new.html", copy=None, recipients=[], **lines(0, 0))


@router.post("/plans")
async def create(visit: Visitor, form: Form) -> Response:
    """Create a plan."""
    copy = _known_copy(form)
    try:
        copy = await _copy(visit, form)
        body = read_plan(form, copy["id"] if copy else None)
        plan = await visit.api.post("tasks", "/v1/plans", body, key=text(form, "key"))
    except Problem as problem:
        return await _form(
            visit, "plans/new.html", status=problem.status, form=form, copy=copy,
            recipients=form.getlist("recipient_unit_ids"), **lines_of(form),
            problem=placed(problem, form, fields_of(form)), lost_files=_lost(form, copy),
        )  # fmt: skip
    return visit.go(f"/plans/{plan['id']}", "plan_created")


async def _copy(visit: Visit, form: FormData) -> dict[str, Any] | None:
    """Store the signed copy that was chosen; else keep the one there was."""
    for file in chosen(form, "signed_copy"):
        key, name = f"{text(form, 'key')}-copy", str(file.filename)
        try:
            stored: dict[str, Any] = await visit.api.upload(
                "tasks", "/v1/files", name, await file.read(), key=key
            )
        except Problem as problem:
            raise about(file, problem) from problem
        return stored
    return _known_copy(form)


def _known_copy(form: FormData) -> dict[str, Any] | None:
    known = text(form, "signed_copy_id")
    return {"id": known, "name": text(form, "signed_copy_name")} if known else None


def _lost(form: FormData, copy: dict[str, Any] | None) -> dict[str, list[str]]:
    """Return what must be chosen again: nothing, once the copy is stored and the form knows it."""
    return lost(form) if copy == _known_copy(form) else {}


async def _form(visit: Visit, template: str, *, status: int = 200, **view: Any) -> Response:
    """Show the form of a plan with what one chooses from: units and other plans."""
    units, plans = await asyncio.gather(visit.units(), visit.api.whole("tasks", "/v1/plans"))
    return visit.page(template, status=status, units=units, plans=plans, **view)


@router.get("/plans/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show one plan."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    plan, counts, coverage, history, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/plans/{id}"),
        optional(visit.api.get("tasks", "/v1/assignments/counts", plan_id=id)),
        optional_if_visible(visit.api.get("tasks", f"/v1/plans/{id}/acknowledgements")),
        optional_if_visible(visit.api.get("tasks", f"/v1/plans/{id}/history")),
        visit.units(),
    )
    copy, receipt = plan.get("signed_copy"), None
    if copy:
        path = f"/v1/files/{copy['id']}/receipt"
        receipt = await optional_if_visible(visit.api.get("tasks", path))
    return visit.page(
        "plan.html", status=status, plan=plan, counts=counts, coverage=coverage, history=history,
        unit_names=names(units), copy_receipt=receipt, **view,
    )  # fmt: skip


@router.get("/plans/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that corrects a plan, to those who may."""
    plan = await _allowed(visit, id, "change")
    problem = None
    if "lacking" in visit.request.query_params:  # for issuing: each thing at its input
        touched = await visit.api.get("tasks", f"/v1/plans/{id}/consequences")
        refusal = Problem(422, {"errors": touched["missing"]})
        problem = placed(refusal, FormData(), fields_of(FormData())) if touched["missing"] else None
    return await _form(
        visit, "plans/edit.html", problem=problem, plan=plan, form=filled(plan),
        copy=plan.get("signed_copy"), recipients=plan.get("recipient_unit_ids", []),
        **lines(len(plan["legal_bases"]), len(plan.get("objectives", []))),
    )  # fmt: skip


@router.post("/plans/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Correct a plan: the facts of the document, legal bases, targets and objectives."""
    copy = _known_copy(form)
    try:
        copy = await _copy(visit, form)
        body = {
            **read_plan(form, copy["id"] if copy else None),
            "reason": text(form, "reason") or None,
        }
        await visit.api.patch("tasks", f"/v1/plans/{id}", body, version=text(form, "version"))
    except Problem as problem:
        plan = await visit.api.get("tasks", f"/v1/plans/{id}")
        return await _form(
            visit, "plans/edit.html", status=problem.status, form=form, plan=plan, copy=copy,
            recipients=form.getlist("recipient_unit_ids"),
            problem=placed(problem, form, fields_of(form)), **lines_of(form),
            lost_files=_lost(form, copy),
        )  # fmt: skip
    return visit.go(f"/plans/{id}", "plan_changed")


@router.post("/plans/{id}/targets")
async def set_targets(visit: Visitor, id: UUID, form: Form) -> Response:
    """Enter the targets; the published PAR figure of last year is the Office's to know."""
    body = {"targets": read_targets(form), "reason": text(form, "reason") or None}
    try:
        await visit.api.patch("tasks", f"/v1/plans/{id}", body, version=text(form, "version"))
    except Problem as problem:
        found = placed(problem, form, OF_TARGETS)
        return await _show(visit, id, status=problem.status, problem=found, form=form)
    return visit.go(f"/plans/{id}", "targets")


@router.post("/plans/{id}/acknowledge")
async def acknowledge(visit: Visitor, id: UUID, form: Form) -> Response:
    """Take note of a plan."""
    try:
        await visit.api.post("tasks", f"/v1/plans/{id}/acknowledge", {}, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/plans/{id}", "acknowledged")


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
        if problem.errors:  # what the document lacks: said where it is entered
            found = placed(problem, form, fields_of(form))
            return await _ask(
                visit, id, "activate", "plans/activate.html", status=problem.status, problem=found
            )
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


@router.get("/plans/{id}/close")
async def ask_close(visit: Visitor, id: UUID) -> Response:
    """Say how the plan stands, list what is open, and ask why it is closed."""
    return await _ask_close(visit, id)


async def _ask_close(visit: Visit, id: UUID, **view: Any) -> Response:
    await _allowed(visit, id, "close")
    listed = await visit.api.get("tasks", f"/v1/plans/{id}/carrying")
    return await _ask(visit, id, "close", "plans/close.html", listed=listed, **view)


@router.post("/plans/{id}/close")
async def close(visit: Visitor, id: UUID, form: Form) -> Response:
    """Close a plan; what is open stays owed."""
    try:
        await visit.api.post(
            "tasks", f"/v1/plans/{id}/close", {"reason": text(form, "reason")},
            key=text(form, "key"), version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        found = placed(problem, form, OF_REASON)
        return await _ask_close(visit, id, status=problem.status, problem=found, form=form)
    return visit.go(f"/plans/{id}", "plan_closed")


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
