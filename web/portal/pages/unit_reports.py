"""Units' reports under a plan: the unit writes and hands in, the Office sees who has not."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import FormData

from portal.fields import Field, Fields, placed
from portal.forms import Form, text
from portal.i18n import mark
from portal.problems import Problem
from portal.unit_report_words import UNIT_REPORTS
from portal.visit import Visit, Visitor

router = APIRouter()
REPORTS = "/v1/unit_reports"
WORDS: Fields = {
    f"/{name}": Field(name, words) for name, words in UNIT_REPORTS["report_words"].items()
}
OF_RETURN: Fields = {"/reason": Field("reason", mark("Why it is returned"))}
DIFFICULTY, THEME, CAUSE = mark("Difficulty"), mark("Theme"), mark("Its cause, if it is known")
SPARE = 2  # empty lines below the difficulties that are there
MOST = 200  # difficulties of one report: tasks takes no more
Step = Literal["approve", "accept"]
THEN = ("refill", "submit")  # what a button of the form does with what it has saved


@router.get("/unit_reports")
async def listing(visit: Visitor, plan_id: UUID | None = None) -> Response:
    """Show what units owe, by plan; of the own unit alone to who sees no other."""
    return await _list(visit, plan_id)


@router.post("/unit_reports")
async def begin(visit: Visitor, form: Form) -> Response:
    """Begin the own unit's report under a plan."""
    body = {"plan_id": text(form, "plan_id")}
    try:
        report = await visit.api.post("tasks", REPORTS, body, key=text(form, "key"))
    except Problem as problem:
        return await _list(visit, None, status=problem.status, problem=problem)
    return visit.go(f"/unit_reports/{report['id']}", "report_begun")


@router.get("/unit_reports/compiled.{ending}")
async def compiled(visit: Visitor, ending: Literal["docx", "xlsx"], plan_id: UUID) -> Response:
    """Hand on all reports of a plan as a document or a table."""
    return await _passed_on(visit, f"{REPORTS}/compiled.{ending}?plan_id={plan_id}")


@router.get("/unit_reports/kpi.xlsx")
async def kpi_month(visit: Visitor, month: str) -> Response:
    """Hand on the rows of a KPI month, `2025-11`."""
    digits = "".join(each for each in month if each.isdigit() or each == "-")
    return await _passed_on(visit, f"/v1/kpi_export.xlsx?month={digits}")


@router.get("/unit_reports/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a report, with what may be done with it now."""
    return await _show(visit, id)


@router.post("/unit_reports/{id}")
async def write(visit: Visitor, id: UUID, form: Form) -> Response:
    """Save what the unit says; `then`: and submit it, or take its figures anew, in one step."""
    body, fields = read_report(form)
    then, path = text(form, "then"), f"{REPORTS}/{id}"
    try:
        saved = await visit.api.patch("tasks", path, body, version=text(form, "version"))
        if then in THEN:
            key, version = text(form, "key"), str(saved["version"])
            await visit.api.post("tasks", f"{path}/{then}", {}, key=key, version=version)
    except Problem as problem:
        wrong = placed(problem, form, fields)
        return await _show(visit, id, status=problem.status, problem=wrong, form=form)
    return visit.go(f"/unit_reports/{id}", f"report_{then}" if then in THEN else "report_saved")


@router.post("/unit_reports/{id}/return")
async def give_back(visit: Visitor, id: UUID, form: Form) -> Response:
    """Return it, saying why."""
    body = {"reason": text(form, "reason")}
    try:
        await visit.api.post(
            "tasks", f"{REPORTS}/{id}/return", body, key=text(form, "key"),
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        wrong = placed(problem, form, OF_RETURN)
        return await _show(visit, id, status=problem.status, problem=wrong, reason=form)
    return visit.onward(f"/unit_reports/{id}", "report_return")


@router.post("/unit_reports/{id}/steps/{step}")
async def take(visit: Visitor, id: UUID, step: Step, form: Form) -> Response:
    """Take the report a step further; not while the box beside it says why it is returned."""
    if text(form, "reason"):
        both = Problem(422, {"code": "returned_or_taken"})
        return await _show(visit, id, status=422, problem=both, reason=form)
    try:
        await visit.api.post(
            "tasks", f"{REPORTS}/{id}/{step}", {}, key=text(form, "key"),
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    page, done = f"/unit_reports/{id}", f"report_{step}"
    return visit.onward(page, done) if step == "accept" else visit.go(page, done)


def read_report(form: FormData) -> tuple[dict[str, Any], Fields]:
    """Return the body of a form, and its inputs by pointer; empty lines of difficulties go."""
    said: list[dict[str, Any]] = []
    fields = dict(WORDS)
    for place in lines_of(form):
        name = f"difficulty_{place}"
        words, theme = text(form, f"{name}_text"), text(form, f"{name}_theme") or None
        cause = text(form, f"{name}_cause")
        if not words and not theme and not cause:
            continue
        pointer = f"/difficulties/{len(said)}"
        fields |= {
            f"{pointer}/text": Field(f"{name}_text", DIFFICULTY),
            f"{pointer}/theme": Field(f"{name}_theme", THEME),
            f"{pointer}/cause": Field(f"{name}_cause", CAUSE),
        }
        number = text(form, f"{name}_number") or None
        because = {"cause": cause} if cause else {}
        said.append({"theme": theme, "text": words, "number": number, **because})
    words_of = {pointer[1:]: text(form, pointer[1:]) for pointer in WORDS}
    return {**words_of, "difficulties": said}, fields


def lines_of(form: FormData) -> list[int]:
    """Return the places of the lines that a form of ours has."""
    return [place for place in range(MOST) if f"difficulty_{place}_text" in form]


def _lines(report: dict[str, Any], form: FormData | None) -> Sequence[dict[str, Any]]:
    """Return the lines to show: as typed, else as stored, and empty ones below."""
    if form is not None and (places := lines_of(form)):
        names = ("theme", "text", "number", "cause")
        lines = [{n: text(form, f"difficulty_{place}_{n}") for n in names} for place in places]
    else:
        lines = list(report["difficulties"])
    empty = {"theme": None, "text": "", "number": None}
    return [*lines, *[empty] * min(SPARE, MOST - len(lines))]


async def _list(visit: Visit, plan_id: UUID | None, *, status: int = 200, **view: Any) -> Response:
    found, kpi = await asyncio.gather(
        visit.api.get("tasks", REPORTS, plan_id=str(plan_id) if plan_id else None),
        visit.api.get("tasks", "/v1/kpi_settings"),
    )
    plans = [list(lines) for _, lines in groupby(found["data"], key=itemgetter("plan_id"))]
    return visit.page("unit_reports.html", status=status, found=found, plans=plans, kpi=kpi, **view)


async def _show(
    visit: Visit, id: UUID, *, status: int = 200, form: FormData | None = None, **view: Any
) -> Response:
    report, held = await asyncio.gather(
        visit.api.get("tasks", f"{REPORTS}/{id}"),
        visit.api.get("tasks", "/v1/unit_report_settings"),
    )
    return visit.page(
        "unit_report.html", status=status, report=report, lines=_lines(report, form),
        themes=held["themes"], theme_names={each["code"]: each["name"] for each in held["themes"]},
        composed_themes=held["composed"], form=form or {}, **view,
    )  # fmt: skip


async def _passed_on(visit: Visit, address: str) -> Response:
    answer = await visit.api.passing("tasks", address)
    passed_on = ("content-type", "content-disposition", "content-length")
    headers = {name: answer.headers[name] for name in passed_on if name in answer.headers}
    headers.setdefault("content-disposition", "attachment")

    async def content() -> Any:
        try:
            async for part in answer.aiter_raw():
                yield part
        finally:
            await answer.aclose()

    return StreamingResponse(content(), headers=headers)
