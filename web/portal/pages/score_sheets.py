"""Score sheets of a year: those one sees, block by block, and a block's round to open."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from chassis.clock import TIME_ZONE
from portal.forms import Form, day, text, whole
from portal.parts import optional
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
YEARS_SCORED = 3  # the newest plan's and those before it


@router.get("/score_sheets")
async def listing(visit: Visitor, year: int | None = None, id: str = "") -> Response:
    """Show the sheets of a year that the person sees; `id`: the sheet that a notification names."""
    shown = year or await _newest_year(visit)
    page = await _page_of(visit, id, shown) if id else None
    return visit.go(page) if page else await _listing(visit, shown)


async def _page_of(visit: Visit, id_: str, newest: int) -> str | None:
    """Return the page of a sheet among those of the years that are scored: told is of no other."""
    years = range(newest + 1, newest - YEARS_SCORED, -1)
    found = await asyncio.gather(
        *(visit.api.get("reporting", f"/v1/score_sheets/{each}/bodies") for each in years)
    )
    return sheet_page((line for each in found for line in each["data"]), id_)


def sheet_page(lines: Iterable[dict[str, Any]], id_: str) -> str | None:
    """Return the page of a sheet among those a person sees; None: it is not there."""
    found = (line for line in lines if line["sheet_id"] == id_)
    return next((f"/score_sheets/{x['year']}/bodies/{x['body_id']}" for x in found), None)


@router.post("/score_sheets/rounds")
async def open_round(visit: Visitor, form: Form) -> Response:
    """Open the sheets of a block's bodies."""
    written = whole(form, "year")
    year = written if isinstance(written, int) else await _newest_year(visit)
    body = {
        "block_id": text(form, "block_id"), "closes_on": day(form, "closes_on"),
        "explain_by": day(form, "explain_by") or None,
    }  # fmt: skip
    try:
        path = f"/v1/score_sheets/{year}/rounds"
        await visit.api.post("reporting", path, body, key=text(form, "key"))
    except Problem as problem:
        return await _listing(visit, year, status=problem.status, problem=problem, form=form)
    return visit.go(f"/score_sheets?year={year}", "sheets_opened")


@router.post("/score_sheets/{year}/rounds/{block_id}/extend")
async def extend_round(visit: Visitor, year: int, block_id: UUID, form: Form) -> Response:
    """Move the last days of a block's whole round on."""
    body = {
        "reason": text(form, "reason"), "closes_on": day(form, "closes_on") or None,
        "explain_by": day(form, "explain_by") or None,
    }  # fmt: skip
    try:
        path = f"/v1/score_sheets/{year}/rounds/{block_id}/extend"
        await visit.api.post("reporting", path, body, key=text(form, "key"))
    except Problem as problem:
        return await _listing(
            visit, year, status=problem.status, problem=problem, form=form, tried=str(block_id)
        )
    return visit.go(f"/score_sheets?year={year}", "round_extend")


@router.post("/score_sheets/{year}/survey_figures")
async def import_figures(visit: Visitor, year: int, form: Form) -> Response:
    """Have a workbook with satisfaction indices of other bodies read."""
    try:
        name, content = await _chosen(form)
        path = f"/v1/score_sheets/{year}/survey_figures/imports"
        await visit.api.upload("reporting", path, name, content, key=text(form, "key"))
    except Problem as problem:
        return await _listing(visit, year, status=problem.status, problem=problem)
    return visit.go(f"/score_sheets?year={year}", "survey_figures")


async def _chosen(form: FormData) -> tuple[str, bytes]:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file.filename, await file.read()


async def _listing(visit: Visit, year: int, *, status: int = 200, **view: object) -> Response:
    sheets, blocks = await asyncio.gather(
        visit.api.get("reporting", f"/v1/score_sheets/{year}/bodies"),
        visit.api.every("reporting", "/v1/blocks"),
    )
    rounds = {each["block_id"]: each for each in sheets["rounds"]}
    grouped = [
        {"name": name, "sheets": list(members), "round": rounds[block_id]}
        for (block_id, name), members in groupby(
            sheets["data"], key=itemgetter("block_id", "block_name")
        )
    ]
    return visit.page(
        "score_sheets.html", status=status, year=year, groups=grouped, blocks=blocks,
        allowed=sheets["allowed"], **view,
    )  # fmt: skip


async def _newest_year(visit: Visit) -> int:
    """Return the year of the newest plan; without one, or without tasks, this year."""
    plans = await optional(visit.api.get("tasks", "/v1/plans", limit=1))
    known = [plan["year"] for plan in plans["data"]] if isinstance(plans, dict) else []
    return int(next(iter(known), datetime.now(TIME_ZONE).year))
