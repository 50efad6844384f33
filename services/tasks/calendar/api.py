"""The working calendar of a year. Its change stands above what it moves: `rescheduling`."""

from typing import Annotated

from fastapi import Path
from sqlalchemy import select
from starlette.responses import Response

from chassis.web import CurrentActor, ServiceRouter, Transaction, set_etag
from tasks.access import RIGHTS
from tasks.calendar.known_years import known_year, known_years
from tasks.calendar.models import CalendarYear
from tasks.calendar.views import (
    CalendarList,
    CalendarView,
    KnownYear,
    calendar_view,
    find,
)

router = ServiceRouter(prefix="/v1/calendar", tags=["calendar"])
Year = Annotated[int, Path(ge=2000, le=2100)]


@router.get("", policy="calendar.read")
async def list_calendars(session: Transaction, actor: CurrentActor) -> CalendarList:
    """List the years that were entered, and those of which notices are known."""
    years = await session.scalars(select(CalendarYear).order_by(CalendarYear.year))
    return CalendarList(
        data=[calendar_view(each, actor) for each in years],
        known_years=known_years(),
        allowed=RIGHTS.allowed(actor, "calendar", ("change",)),
    )


@router.get("/{year}/known", policy="calendar.change")
async def read_known_year(year: Year) -> KnownYear:
    """Return what public notices said about a year, to be checked and entered by a person.

    404 `calendar_unknown`.
    """
    return KnownYear.model_validate({"year": year, **known_year(year)})


@router.get("/{year}", policy="calendar.read")
async def read_calendar(
    year: Year, session: Transaction, actor: CurrentActor, response: Response
) -> CalendarView:
    """Return the exceptions of a year. 404 when nobody entered them yet."""
    found = await find(session, year)
    set_etag(response, found.version)
    return calendar_view(found, actor)
