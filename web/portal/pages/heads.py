"""What a head of unit answers for: open, late, what was weak before, the points held."""

import asyncio
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.clock import TIME_ZONE
from portal.parts import optional, optional_if_visible
from portal.visit import Visitor

router = APIRouter()
LATE = 10  # late assignments named: one glance


@router.get("/heads/{unit_id}")
async def head(visit: Visitor, unit_id: UUID, year: int | None = None) -> Response:
    """Show a unit's year as its head answers for it."""
    year = year or datetime.now(TIME_ZONE).year
    found, late, repeated = await asyncio.gather(
        visit.api.get("reporting", f"/v1/units/{unit_id}/responsibility", year=year),
        optional(
            visit.api.get(
                "tasks", "/v1/assignments", unit_id=unit_id, overdue="true", sort="due_on",
                limit=LATE,
            )
        ),
        optional_if_visible(visit.api.get("tasks", "/v1/repeated_weaknesses", unit_id=unit_id)),
    )  # fmt: skip
    return visit.page("heads/head.html", year=year, head=found, late=late, repeated=repeated)
