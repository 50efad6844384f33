"""One calendar of all bodies' inspections: a month, with a warning where they meet."""

import asyncio
import calendar
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Response

from chassis.clock import TIME_ZONE
from portal.directory import names
from portal.i18n import mark
from portal.visit import Visitor

router = APIRouter()
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
WEEKDAYS = (
    mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"),
    mark("Saturday"), mark("Sunday"),
)  # fmt: skip


def first_of(asked: str, today: date) -> date:
    """Return the first day of a month, written 2026-11; of this one where none is asked for."""
    found = MONTH.fullmatch(asked)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def by_day(inspections: Iterable[Any], days: Iterable[date]) -> dict[str, list[dict[str, Any]]]:
    """Return the inspections of each day: on every one from their first to their last."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for day in days:
        written = day.isoformat()
        found[written] += [i for i in inspections if i["starts_on"] <= written <= i["ends_on"]]
    return found


@router.get("/inspections/calendar")
async def show_month(visit: Visitor, month: str = "") -> Response:
    """Show a month."""
    today = datetime.now(TIME_ZONE).date()
    first = first_of(month, today)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    last = weeks[-1][-1]
    within = {"from_day": weeks[0][0].isoformat(), "until_day": last.isoformat()}
    listed, units = await asyncio.gather(
        visit.api.whole("tasks", "/v1/inspections", **within), visit.units()
    )
    live = [each for each in listed["data"] if each["state"] != "cancelled"]
    return visit.page(
        "inspections/calendar.html", month=first, weeks=weeks, weekdays=WEEKDAYS, today=today,
        days_of=by_day(live, [day for week in weeks for day in week]),
        warned=[each for each in live if each["warnings"]],
        earlier=f"{first - timedelta(days=1):%Y-%m}",
        later=f"{first.replace(day=28) + timedelta(days=4):%Y-%m}", unit_names=names(units),
    )  # fmt: skip
