"""The working calendar of a year."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from contracts.tasks import CalendarDay
from tasks.rescheduling import actions as calendar

router = ServiceRouter(prefix="/v1/calendar", tags=["calendar"])
Year = Annotated[int, Path(ge=2000, le=2100)]


class CalendarView(ResponseBody):
    """Exceptions of a year: days off, and make-up days that are worked."""

    id: UUID
    year: int
    version: int
    days: list[CalendarDay]


class DayBody(RequestBody):
    """A day off, or a make-up day that is worked."""

    day: date
    working: bool
    name: str = Field(max_length=200)


class CalendarBody(RequestBody):
    """All exceptions of the year; they replace what was there."""

    days: list[DayBody] = Field(max_length=200)


@router.get("/{year}", policy="directory.read")
async def read_calendar(year: Year, session: Transaction, response: Response) -> CalendarView:
    """Return the exceptions of a year. 404 when nobody entered them yet."""
    found = await calendar.find(session, year)
    set_etag(response, found.version)
    return CalendarView.model_validate(found)


@router.put("/{year}", policy="calendar.change")
async def put_calendar(
    year: Year, body: CalendarBody, session: Transaction, actor: CurrentActor, response: Response
) -> CalendarView:
    """Set the exceptions of a year. Deadlines whose last working day moves are announced."""
    days = [CalendarDay(**day.model_dump()) for day in body.days]
    stored = await calendar.put(session, actor, year, days)
    set_etag(response, stored.version)
    return CalendarView.model_validate(stored)
