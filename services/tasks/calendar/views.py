"""A year of the working calendar as the API shows it."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.web import ResponseBody
from contracts.tasks import CalendarDay
from tasks.access import RIGHTS
from tasks.calendar.models import CalendarYear


class CalendarView(ResponseBody):
    """Exceptions of a year: days off, and make-up days that are worked."""

    id: UUID
    year: int
    version: int
    days: list[CalendarDay]
    allowed: list[str] = Field(default_factory=list)


class CalendarList(ResponseBody):
    """The years that were entered. `known_years`: of which public notices are known."""

    data: list[CalendarView]
    known_years: list[int]
    allowed: list[str]


class KnownDay(CalendarDay):
    """A day as a notice has it. `known`: general knowledge, to be checked against the notice."""

    confidence: Literal["sourced", "known"]


class KnownYear(ResponseBody):
    """What public notices said about a year. `source`: which."""

    year: int
    source: str
    days: list[KnownDay]


async def find(session: AsyncSession, year: int) -> CalendarYear:
    """Return the exceptions of a year. Raises NotFound when nobody entered them yet."""
    found = await session.scalar(select(CalendarYear).where(CalendarYear.year == year))
    if found is None:
        raise NotFound("Chưa nhập lịch làm việc năm {year}", code="calendar_not_found", year=year)
    return found


def calendar_view(year: CalendarYear, actor: Actor) -> CalendarView:
    """Return a year, and what the actor may do with it."""
    view = CalendarView.model_validate(year)
    view.allowed = RIGHTS.allowed(actor, "calendar", ("change",))
    return view
