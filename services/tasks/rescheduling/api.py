"""Setting a year of the working calendar, and with it the last working days of deadlines."""

from pydantic import Field
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    Day,
    IfMatchOrNew,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from contracts.tasks import CalendarDay
from tasks.calendar.api import Year
from tasks.calendar.views import CalendarView, calendar_view
from tasks.rescheduling import actions

router = ServiceRouter(prefix="/v1/calendar", tags=["calendar"])


class DayBody(RequestBody):
    """A day off, or a make-up day that is worked."""

    day: Day
    working: bool
    name: str = Field(max_length=200)


class CalendarBody(RequestBody):
    """All exceptions of the year; they replace what was there."""

    days: list[DayBody] = Field(max_length=200)


@router.put("/{year}", policy="calendar.change")
async def put_calendar(
    year: Year,
    body: CalendarBody,
    expected: IfMatchOrNew,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> CalendarView:
    """Set the exceptions of a year. Deadlines whose last working day moves are announced.

    A year nobody entered yet: `If-None-Match: *`. 412 when somebody was quicker.
    """
    days = [CalendarDay(**day.model_dump()) for day in body.days]
    stored = await actions.put(session, actor, year, expected, days)
    set_etag(response, stored.version)
    return calendar_view(stored, actor)
