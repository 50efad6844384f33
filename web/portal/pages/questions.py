"""Questions of units and the Office's guidance: one, those that wait, those of a plan."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.asked_fields import OF_ANSWER
from portal.assignment_page import refused, store_files
from portal.directory import names
from portal.fields import placed
from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()


@router.post("/assignments/{id}/questions")
async def ask(visit: Visitor, id: UUID, form: Form) -> Response:
    """Ask the Office about an assignment."""
    body = {"words": text(form, "words")}
    try:
        await visit.api.post(
            "tasks", f"/v1/assignments/{id}/questions", body, key=text(form, "key")
        )
    except Problem as problem:
        return await refused(visit, id, problem, form, "question")
    return visit.go(f"/assignments/{id}", "question")


@router.get("/questions")
async def listing(visit: Visitor, answered: bool = False, cursor: str = "") -> Response:
    """Show the questions that wait for an answer, or those that have one."""
    found, units = await asyncio.gather(
        visit.api.get(
            "tasks", "/v1/questions", status="answered" if answered else "open",
            cursor=cursor or None,
        ),
        visit.units(),
    )  # fmt: skip
    return visit.page("questions.html", questions=found, answered=answered, unit_names=names(units))


@router.get("/questions/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show one question, with the form that answers it."""
    return await _show(visit, id)


@router.post("/questions/{id}/answer")
async def answer(visit: Visitor, id: UUID, form: Form) -> Response:
    """Answer, to the unit alone or to all units of the plan."""
    try:
        files = await store_files(visit, form, "file")
        body = {
            "words": text(form, "words"),
            "file_id": files[0] if files else None,
            "for_all": text(form, "for_all") == "true",
        }
        await visit.api.post("tasks", f"/v1/questions/{id}/answer", body, key=text(form, "key"))
    except Problem as problem:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        found = placed(problem, form, OF_ANSWER)
        return await _show(visit, id, status=problem.status, problem=found, form=typed)
    return visit.onward(f"/questions/{id}", "answered")


@router.get("/plans/{id}/guidance")
async def guidance(visit: Visitor, id: UUID, cursor: str = "") -> Response:
    """Show the guidance of a plan that everybody may read."""
    plan, found, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/plans/{id}"),
        visit.api.get(
            "tasks", "/v1/questions", plan_id=str(id), for_all="true", cursor=cursor or None
        ),
        visit.units(),
    )
    return visit.page("plans/guidance.html", plan=plan, questions=found, unit_names=names(units))


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    question, units = await asyncio.gather(
        visit.api.get("tasks", f"/v1/questions/{id}"), visit.units()
    )
    return visit.page(
        "question.html", status=status, question=question, unit_names=names(units), **view
    )
