"""Setting a year of the working calendar, and with it the last working days of deadlines."""

from datetime import date
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    Day,
    IfMatchOrNew,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from contracts.tasks import CalendarDay
from tasks.calendar.api import Year
from tasks.calendar.views import CalendarView, calendar_view
from tasks.rescheduling import actions

router = ServiceRouter(prefix="/v1/calendar", tags=["calendar"])
MOST_SHOWN = 500


class DayBody(RequestBody):
    """A day off, or a make-up day that is worked."""

    day: Day
    working: bool
    name: str = Field(max_length=200)


class CalendarBody(RequestBody):
    """All exceptions of the year; they replace what was there."""

    days: list[DayBody] = Field(max_length=200)


class MovedDeadline(ResponseBody):
    """An assignment whose last working day would move; its due day stays."""

    assignment_id: UUID
    number: str
    content: str
    unit_id: UUID
    due_on: date | None
    before: date | None
    after: date | None


class Moves(ResponseBody):
    """What would move, the first by due day; `count`: all of it."""

    count: int
    data: list[MovedDeadline]


@router.post("/{year}/preview", policy="calendar.change")
async def preview_calendar(
    year: Year, body: CalendarBody, session: Transaction, actor: CurrentActor
) -> Moves:
    """Say which last working days the exceptions would move, before anything is stored."""
    days = [CalendarDay(**day.model_dump()) for day in body.days]
    found = await actions.preview(session, actor, year, days)
    shown = [
        MovedDeadline(
            assignment_id=each.id, number=each.number, content=each.task.content,
            unit_id=each.unit_id, due_on=each.due_on, before=each.last_working_day, after=after,
        )
        for each, after in found[:MOST_SHOWN]
    ]  # fmt: skip
    return Moves(count=len(found), data=shown)


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
