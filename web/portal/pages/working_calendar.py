"""The working calendar: a year's days off and make-up days, and what a change of them moves."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from chassis.clock import TIME_ZONE
from portal.directory import names
from portal.fields import Field, Fields, placed
from portal.format import day as format_day
from portal.forms import Form, day, text
from portal.i18n import mark
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
CALENDAR = "/v1/calendar"
SPARE = 5  # empty lines below those that are filled in
MOST = 200  # days of one year: tasks takes no more


@router.get("/calendar")
async def show(visit: Visitor, year: int = 0) -> Response:
    """Show a year's exceptions, and the years there are."""
    listed = await visit.api.get("tasks", CALENDAR)
    year = year or datetime.now(TIME_ZONE).year
    found = next((each for each in listed["data"] if each["year"] == year), None)
    return visit.page("calendar.html", listed=listed, year=year, calendar=found)


@router.get("/calendar/{year}/edit")
async def edit(visit: Visitor, year: int, known: str = "") -> Response:
    """Show the form of a year: what stands in it, or what a public notice said."""
    listed = await _allowed(visit)
    found = next((each for each in listed["data"] if each["year"] == year), None)
    notice = await visit.api.get("tasks", f"{CALENDAR}/{year}/known") if known else None
    days = (notice or found or {"days": []})["days"]
    return _form(visit, year, _filled(days), found, notice=notice)


@router.post("/calendar/{year}/preview")
async def preview(visit: Visitor, year: int, form: Form) -> Response:
    """Say which deadlines would move, before anything is stored."""
    listed = await _allowed(visit)
    found = next((each for each in listed["data"] if each["year"] == year), None)
    body = {"days": read_days(form)}
    try:
        moves, units = await asyncio.gather(
            visit.api.post("tasks", f"{CALENDAR}/{year}/preview", body, key=text(form, "key")),
            visit.units(),
        )
    except Problem as problem:
        wrong = placed(problem, form, fields_of(form))
        return _form(visit, year, form, found, status=problem.status, problem=wrong)
    return visit.page(
        "calendar/preview.html", year=year, days=body["days"], moves=moves, unit_names=names(units),
        changes=_changes((found or {"days": []})["days"], body["days"]),
        form=form, version=text(form, "version"),
    )  # fmt: skip


@router.post("/calendar/{year}")
async def store(visit: Visitor, year: int, form: Form) -> Response:
    """Store a year, once somebody has seen what it moves; or go back to the form."""
    listed = await _allowed(visit)
    found = next((each for each in listed["data"] if each["year"] == year), None)
    if not text(form, "sure"):
        return _form(visit, year, form, found)
    body, version = {"days": read_days(form)}, text(form, "version") or None
    try:
        await visit.api.put(
            "tasks", f"{CALENDAR}/{year}", body, version=version, new=version is None
        )
    except Problem as problem:
        wrong = placed(problem, form, fields_of(form))
        return _form(visit, year, form, found, status=problem.status, problem=wrong)
    return visit.go(f"/calendar?year={year}", "calendar")


def _form(
    visit: Visit, year: int, form: Any, found: Any, *, status: int = 200, **view: Any
) -> Response:
    places = lines_of(form)
    last = max(places, default=-1) + 1
    return visit.page(
        "calendar/form.html", status=status, year=year, form=form,
        rows=min(last + SPARE, MOST), version=found["version"] if found else None,
        **{"notice": None, **view},
    )  # fmt: skip


async def _allowed(visit: Visit) -> dict[str, Any]:
    listed: dict[str, Any] = await visit.api.get("tasks", CALENDAR)
    require(listed, "change")
    return listed


def _filled(days: list[dict[str, Any]]) -> dict[str, Any]:
    """Return days as the form shows them."""
    shown: dict[str, Any] = {}
    for line, each in enumerate(days):
        shown |= {
            f"day_{line}": format_day(each["day"]),
            f"working_{line}": "yes" if each["working"] else "no",
            f"name_{line}": each["name"],
            f"confidence_{line}": each.get("confidence", ""),
        }
    return shown


def lines_of(form: Any) -> list[int]:
    """Return the lines in which anything is filled in."""
    if not isinstance(form, FormData):
        return [line for line in range(MOST) if form.get(f"day_{line}")]
    return [line for line in range(MOST) if text(form, f"day_{line}") or text(form, f"name_{line}")]


def read_days(form: FormData) -> list[dict[str, Any]]:
    """Return the days that are filled in."""
    return [
        {
            "day": day(form, f"day_{line}"),
            "working": text(form, f"working_{line}") == "yes",
            "name": text(form, f"name_{line}"),
        }
        for line in lines_of(form)
    ]


def fields_of(form: FormData) -> Fields:
    """Return the inputs by the pointers of the service, which counts filled lines only."""
    found: dict[str, Field] = {}
    for place, line in enumerate(lines_of(form)):
        found[f"/days/{place}"] = Field(f"day_{line}", mark("Day"), is_day=True)
        found[f"/days/{place}/name"] = Field(f"name_{line}", mark("What day it is"))
    return found


def _changes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the days that come, go or turn: `before` and `after`, None where there is none."""
    was = {each["day"]: each for each in before}
    now = {each["day"]: each for each in after}
    return [
        {"day": day_, "before": was.get(day_), "after": now.get(day_)}
        for day_ in sorted(was.keys() | now.keys())
        if was.get(day_) != now.get(day_)
    ]
