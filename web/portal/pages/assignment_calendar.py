"""The list of assignments as a month: what is due on which day, under the same filters."""

import asyncio
import calendar
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response

from chassis.clock import TIME_ZONE
from portal import listing
from portal.directory import names
from portal.i18n import mark
from portal.listing import Listing
from portal.parts import Unavailable, optional
from portal.visit import Visit, Visitor

router = APIRouter()
MOST = 200  # assignments of a month that are shown
OF_A_DAY = 4  # shown of one day; the rest is behind one link
MONTH = re.compile(r"(20\d\d|2100)-(0[1-9]|1[0-2])")
WEEKDAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"),
    mark("Saturday"), mark("Sunday"),
)  # fmt: skip


def chosen(text: str, today: date) -> date:
    """Return the first day of a month, written 2026-11; of this one where none is asked for."""
    found = MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def weeks_of(month: date) -> list[list[date]]:
    """Return the weeks that a month touches, each from Monday to Sunday."""
    return calendar.Calendar().monthdatescalendar(month.year, month.month)


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def by_day(listed: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the assignments of each due day."""
    days: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for assignment in [] if isinstance(listed, Unavailable) else listed["data"]:
        days[assignment["due_on"]].append(assignment)
    return days


@router.get("/assignments/calendar")
async def show_month(visit: Visitor, month: str = "") -> Response:
    """Show a month."""
    asked = listing.read(visit.request.query_params)
    today = datetime.now(TIME_ZONE).date()
    first = chosen(month, today)
    listed, units = await asyncio.gather(_due(visit, asked, first), visit.units())
    days = by_day(listed)
    empty = not days and not isinstance(listed, Unavailable)
    return visit.page(
        "assignments/calendar.html",
        asked=asked,
        listed=listed,
        month=first,
        weeks=weeks_of(first),
        days=days,
        near=await _near(visit, asked, first) if empty else [],
        weekdays=WEEKDAYS,
        today=today,
        most=OF_A_DAY,
        earlier=asked.month(first - timedelta(days=1)),
        later=asked.month(last_of(first) + timedelta(days=1)),
        unit_names=names(units),
    )


async def _near(visit: Visit, asked: Listing, first: date) -> list[date]:
    """Return a day of the last month before and of the next after one in which something is due."""
    sides = (
        {"due_to": (first - timedelta(days=1)).isoformat(), "sort": "-due_on"},
        {"due_from": last_of(first).isoformat(), "sort": "due_on"},
    )
    of_all = {**asked.asked(*listing.DAYS), "limit": 1}
    found = await asyncio.gather(
        *(optional(visit.api.get("tasks", "/v1/assignments", **of_all, **side)) for side in sides)
    )
    pages = [page["data"] for page in found if not isinstance(page, Unavailable)]
    return [date.fromisoformat(one["due_on"]) for data in pages for one in data]


async def _due(visit: Visit, asked: Listing, first: date) -> Any:
    within = {"due_from": first.isoformat(), "due_to": last_of(first).isoformat()}
    query = {**asked.asked(*listing.DAYS), **within, "sort": "due_on,number", "limit": MOST}
    return await optional(visit.api.get("tasks", "/v1/assignments", **query))
