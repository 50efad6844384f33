"""The working calendar of a year. Its change stands above what it moves: `rescheduling`."""

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from chassis.web import CurrentActor, ServiceRouter, Transaction, set_etag
from tasks.calendar.views import CalendarView, calendar_view, find

router = ServiceRouter(prefix="/v1/calendar", tags=["calendar"])
Year = Annotated[int, Path(ge=2000, le=2100)]


@router.get("/{year}", policy="calendar.read")
async def read_calendar(
    year: Year, session: Transaction, actor: CurrentActor, response: Response
) -> CalendarView:
    """Return the exceptions of a year. 404 when nobody entered them yet."""
    found = await find(session, year)
    set_etag(response, found.version)
    return calendar_view(found, actor)
