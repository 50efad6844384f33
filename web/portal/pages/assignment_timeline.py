"""The list of assignments as bars over a year: when each begins and ends, under its filters."""

import asyncio
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response

from chassis.clock import TIME_ZONE
from portal import listing
from portal.directory import names
from portal.listing import Listing
from portal.parts import Unavailable, optional
from portal.visit import Visit, Visitor

router = APIRouter()
ROWS = 50  # of one page
YEAR = re.compile(r"20\d\d|2100")
A_DAY = timedelta(days=1)  # what begins on a day begins where the day before ends
THINNEST = 0.8  # percent of the year; a single day would not be seen


@dataclass(frozen=True)
class Bar:
    """Where an assignment lies in the year, in percent of its width from the first of January.

    `begins` None: its first day is not known, only its last. `first_due`: before an extension.
    """

    begins: float | None
    ends: float
    first_due: float | None

    @property
    def left(self) -> float:
        """The left edge of what is drawn."""
        return min(self.ends - THINNEST, self.ends if self.begins is None else self.begins)


def chosen(text: str, today: date) -> int:
    """Return the year that is asked for; this one where none is."""
    return int(text) if YEAR.fullmatch(text) else today.year


def place(day: date, year: int) -> float:
    """Return how far into the year the end of a day is, in percent; 0 and 100 beyond it."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    passed = (day - first).days + 1
    return round(min(100.0, max(0.0, 100 * passed / (after - first).days)), 3)


def bar(assignment: dict[str, Any], year: int) -> Bar:
    """Return the bar of an assignment that is due in the year."""
    starts, due, first = (
        date.fromisoformat(day) if (day := assignment.get(name)) else None
        for name in ("starts_on", "due_on", "first_due_on")
    )
    if due is None:
        raise ValueError("what is due in a year has a due day")
    return Bar(
        begins=place(starts - A_DAY, year) if starts else None,
        ends=place(due, year),
        first_due=place(first, year) if first and first.year == year else None,
    )


@router.get("/assignments/timeline")
async def show_year(visit: Visitor, year: str = "", cursor: str = "") -> Response:
    """Show a year."""
    asked = listing.read(visit.request.query_params)
    today = datetime.now(TIME_ZONE).date()
    shown = chosen(year, today)
    listed, units = await asyncio.gather(_due(visit, asked, shown, cursor), visit.units())
    rows = [] if isinstance(listed, Unavailable) else listed["data"]
    return visit.page(
        "assignments/year.html",
        asked=asked,
        listed=listed,
        rows=[(each, bar(each, shown)) for each in rows],
        year=shown,
        months=[(month, place(date(shown, month, 1) - A_DAY, shown)) for month in range(1, 13)],
        now=place(today, shown) if today.year == shown else None,
        earlier=asked.timeline(shown - 1),
        later=asked.timeline(shown + 1),
        unit_names=names(units),
    )


async def _due(visit: Visit, asked: Listing, year: int, cursor: str) -> Any:
    within = {"due_from": f"{year}-01-01", "due_to": f"{year}-12-31"}
    query = {**asked.asked(*listing.DAYS), **within, "sort": asked.sort or "due_on,number"}
    more = {"cursor": cursor} if cursor else {}
    return await optional(visit.api.get("tasks", "/v1/assignments", **query, **more, limit=ROWS))
