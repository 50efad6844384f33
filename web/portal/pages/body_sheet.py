"""One body's score sheet: each cell saves by itself, so that several people fill it at once."""

import asyncio
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.asked_fields import ending
from portal.chosen_files import sent_file
from portal.fields import Field, named, placed
from portal.forms import Form, day, text
from portal.i18n import mark
from portal.problems import Problem
from portal.row_entry import Entry, row_of, try_entry
from portal.visit import Visit, Visitor

router = APIRouter()
Step = Literal["lock", "approve", "publish"]
Undoing = Literal["reopen", "extend"]
SHEET = "/score_sheets/{year}/bodies/{body_id}"
ROW = SHEET + "/rows/{code}"
OF_EVIDENCE = named(
    Field("kind", mark("Kind")),
    Field("title", mark("Name, with number and day")),
    Field("dated_on", mark("Its day (day/month/year)"), is_day=True),
    Field("address", mark("Where it can be read")),
)
OF_FIGURE = named(
    Field("index", mark("Satisfaction index as published, in percent")),
    Field("source", mark("Where it is published, with number")),
    Field("dated_on", mark("Its day (day/month/year)"), is_day=True),
)
OF_DAY = named(
    Field("reason", mark("Why")),
    Field("closes_on", mark("New last day"), is_day=True),
    Field("explain_by", mark("New last day to explain"), is_day=True),
)


@router.get(SHEET)
async def show(visit: Visitor, year: int, body_id: UUID) -> Response:
    """Show a sheet, with cells for what the person may enter now."""
    return await _show(visit, year, body_id)


@router.get(SHEET + "/summary")
async def summary(visit: Visitor, year: int, body_id: UUID) -> Response:
    """Show the sums and what is missing, anew after a cell was saved."""
    sheet = await visit.api.get("reporting", _path(year, body_id))
    return visit.page("score_sheets/summary.html", sheet=sheet, again=True)


@router.get(SHEET + "/steps/{step}")
async def ask(visit: Visitor, year: int, body_id: UUID, step: Step) -> Response:
    """Show what is stored before the step that ends the entering of it."""
    sheet = await visit.api.get("reporting", _path(year, body_id))
    if step not in sheet["allowed"]:
        return visit.go(_page(year, body_id))
    return visit.page("score_sheets/step.html", sheet=sheet, step=step)


@router.post(SHEET + "/steps/{step}")
async def take(visit: Visitor, year: int, body_id: UUID, step: Step, form: Form) -> Response:
    """Take the sheet a step further; what is missing is named."""
    path = f"{_path(year, body_id)}/{step}"
    try:
        await visit.api.post(
            "reporting", path, None, key=text(form, "key"), version=text(form, "version")
        )
    except Problem as problem:
        return await _show(visit, year, body_id, status=problem.status, problem=problem)
    return visit.go(_page(year, body_id), f"sheet_{step}")


@router.post(SHEET + "/days/{act}")
async def undo(visit: Visitor, year: int, body_id: UUID, act: Undoing, form: Form) -> Response:
    """Undo the last lock, or move a last day on; both say why."""
    days = {name: day(form, name) or None for name in ("closes_on", "explain_by")}
    body = {"reason": text(form, "reason"), **days}
    try:
        await visit.api.post(
            "reporting", f"{_path(year, body_id)}/{act}", body, key=text(form, "key"),
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await _show(
            visit, year, body_id, status=problem.status, form=form, tried=act,
            problem=placed(problem, form, ending(OF_DAY, act)),
        )  # fmt: skip
    return visit.go(_page(year, body_id), f"sheet_{act}")


@router.post(SHEET + "/last_year")
async def import_last_year(visit: Visitor, year: int, body_id: UUID, form: Form) -> Response:
    """Have a workbook read with what the sheet came to last year."""
    try:
        name, content = await sent_file(form)
        path = f"{_path(year, body_id)}/last_year/imports"
        await visit.api.upload("reporting", path, name, content, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, year, body_id, status=problem.status, problem=problem,
                           tried="last_year")  # fmt: skip
    return visit.go(_page(year, body_id), "sheet_last_year")


@router.get(ROW)
async def details(visit: Visitor, year: int, body_id: UUID, code: str) -> Response:
    """Show what proves a row, what could, and who changed what in it."""
    return await _details(visit, year, body_id, code)


@router.post(ROW + "/evidence")
async def prove(visit: Visitor, year: int, body_id: UUID, code: str, form: Form) -> Response:
    """Attach an accepted result that was offered, or name a document."""
    body = {
        "kind": text(form, "kind"), "title": text(form, "title") or None,
        "reference_id": text(form, "reference_id") or None,
        "dated_on": day(form, "dated_on") or None, "address": text(form, "address") or None,
    }  # fmt: skip
    path = f"{_path(year, body_id)}/rows/{quote(code)}/evidence"
    return await _proven(visit, year, body_id, code, path, body, form, tried="evidence")


@router.post(ROW + "/evidence/{evidence_id}/withdraw")
async def withdraw(
    visit: Visitor, year: int, body_id: UUID, code: str, evidence_id: UUID, form: Form
) -> Response:
    """Take evidence back, saying why."""
    path = f"{_path(year, body_id)}/rows/{quote(code)}/evidence/{evidence_id}/withdraw"
    body = {"reason": text(form, "reason")}
    return await _proven(visit, year, body_id, code, path, body, form, tried=str(evidence_id))


@router.post(ROW + "/{entry}")
async def enter(
    visit: Visitor, year: int, body_id: UUID, code: str, entry: Entry, form: Form
) -> Response:
    """Save a row's cells: a part of the page for those with scripts, else the page again."""
    at = f"{_path(year, body_id)}/rows/{quote(code)}"
    tried = await try_entry(visit, at, entry, form)
    problem = tried.problem
    status = problem.status if problem else 200
    view: dict[str, Any] = {"problem": problem, "met": tried.met, "fields": tried.fields}
    if "HX-Request" in visit.request.headers:
        view |= {"row": tried.row, "page": _page(year, body_id), "code": code, "form": form}
        return visit.page("score_sheets/saved.html", status=status, **view)
    if problem:
        if entry == "survey_figures" and problem.errors:
            view["problem"] = placed(problem, form, ending(OF_FIGURE, code.replace(".", "-")))
        return await _show(visit, year, body_id, status=status, form=form, tried=code, **view)
    return visit.go(f"{_page(year, body_id)}?at={quote(code)}#row-{quote(code)}")


async def _proven(
    visit: Visit, year: int, body_id: UUID, code: str, path: str, body: Mapping[str, Any],
    form: FormData, tried: str,
) -> Response:  # fmt: skip
    try:
        await visit.api.post("reporting", path, dict(body), key=text(form, "key"))
    except Problem as refusal:
        fields = ending(OF_EVIDENCE, code.replace(".", "-"))
        return await _details(
            visit, year, body_id, code, status=refusal.status, form=form, tried=tried,
            problem=placed(refusal, form, fields),
        )  # fmt: skip
    if "HX-Request" in visit.request.headers:
        return await _details(visit, year, body_id, code, changed=True)
    return visit.go(f"{_page(year, body_id)}/rows/{quote(code)}", "evidence_changed")


async def _show(
    visit: Visit, year: int, body_id: UUID, *, status: int = 200, **view: Any
) -> Response:
    sheet = await visit.api.get("reporting", _path(year, body_id))
    return visit.page(
        "body_sheet.html", status=status, sheet=sheet, areas=_areas(sheet["rows"]), **view
    )


async def _details(
    visit: Visit, year: int, body_id: UUID, code: str, *, status: int = 200, **view: Any
) -> Response:
    path = f"{_path(year, body_id)}/rows/{quote(code)}"
    sheet, offers, history = await asyncio.gather(
        visit.api.get("reporting", _path(year, body_id)),
        visit.api.get("reporting", f"{path}/evidence_offers"),
        visit.api.get("reporting", f"{path}/history"),
    )
    row = row_of(sheet, code)
    part = "HX-Request" in visit.request.headers
    template = "score_sheets/details.html" if part else "score_sheets/row_page.html"
    return visit.page(  # a part is swapped in only where nothing failed: it says itself what did
        template, status=200 if part else status, sheet=sheet, row=row, offers=offers["data"],
        history=history["data"], **view,
    )  # fmt: skip


def _areas(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows under their areas; bonus and penalty last, under none."""
    return [
        {"code": code, "name": name, "rows": list(members)}
        for (code, name), members in groupby(rows, key=itemgetter("area_code", "area_name"))
    ]


def _path(year: int, body_id: UUID) -> str:
    return f"/v1/score_sheets/{year}/bodies/{body_id}"


def _page(year: int, body_id: UUID) -> str:
    return f"/score_sheets/{year}/bodies/{body_id}"
