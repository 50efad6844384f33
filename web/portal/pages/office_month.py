"""The Office's month: who reports when, what is late and urged, who needs attention and why."""

import asyncio
from datetime import date

from fastapi import APIRouter, Response

from portal.directory import names
from portal.visit import Visitor

router = APIRouter()
DECEMBER = 12


@router.get("/office_month")
async def month(visit: Visitor, month: str = "") -> Response:
    """Show a month; without one, today's."""
    found, units = await asyncio.gather(
        visit.api.get("tasks", "/v1/office/month", month=month or None), visit.units()
    )
    first = date.fromisoformat(found["first_day"])
    return visit.page(
        "office_month.html",
        found=found,
        before=beside(first, -1),
        after=beside(first, 1),
        unit_names=names(units),
    )


def beside(first: date, step: int) -> str:
    """Return the month before or after another, as addresses have it."""
    place = first.year * DECEMBER + first.month - 1 + step
    return f"{place // DECEMBER}-{place % DECEMBER + 1:02}"
