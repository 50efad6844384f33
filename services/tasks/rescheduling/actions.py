"""The working calendar: set for a whole year at once, like the yearly notice it comes from."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from chassis.web import NOT_THERE, check_version
from contracts.tasks import CalendarChanged, CalendarDay
from tasks.assignments.models import Assignment
from tasks.calendar.domain import WorkingCalendar, check_days
from tasks.calendar.models import CalendarYear
from tasks.calendar.moment import moment
from tasks.rescheduling.recalculation import follow_calendar, would_move


async def put(
    session: AsyncSession, actor: Actor, year: int, expected: int, days: Sequence[CalendarDay]
) -> CalendarYear:
    """Set all exceptions of a year; deadlines whose last working day moves are announced.

    `expected`: the version that is replaced, NOT_THERE for a year's first. Raises InputRefused
    for a day of another year or one that is named twice, StaleVersion.
    """
    check_days(year, days)
    stored = await session.scalar(
        select(CalendarYear).where(CalendarYear.year == year).with_for_update()
    )
    check_version(stored.version if stored else NOT_THERE, expected)
    before = stored.state() if stored else None
    plain = [day.model_dump(mode="json") for day in sorted(days, key=lambda day: day.day)]
    if stored and stored.days == plain:
        return stored
    if stored is None:
        stored = CalendarYear(id=new_id(), version=0, year=year, days=[])
        session.add(stored)
    stored.version, stored.days = stored.version + 1, plain
    await session.flush()
    at, after = await moment(session), stored.state()
    event = CalendarChanged(calendar=after)
    await traces.leave(
        session, actor, "calendar.put", stored.id, event, now=at.now, before=before, after=after
    )
    await follow_calendar(session, actor, year, at)
    return stored


async def preview(
    session: AsyncSession, actor: Actor, year: int, days: Sequence[CalendarDay]
) -> list[tuple[Assignment, date | None]]:
    """Return what setting these days would move, and to which day. Raises InputRefused as `put`."""
    check_days(year, days)
    others = await session.scalars(select(CalendarYear).where(CalendarYear.year != year))
    known = [day for each in others for day in each.state().days]
    return await would_move(session, actor, year, WorkingCalendar.of([*known, *days]))
