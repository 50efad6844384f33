"""Now, and the working calendar as it stands: what is said of deadlines is counted from here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from chassis.working_calendar import WorkingCalendar
from contracts.tasks import CalendarDay, CalendarState
from notifications.calendar.models import CalendarYear

_YEARS = TypeAdapter(list[list[CalendarDay]])
_MOMENT = select(func.now(), cast(func.jsonb_agg(CalendarYear.days), Text))


@dataclass(frozen=True)
class Moment:
    """An instant, and which days are worked."""

    now: datetime
    calendar: WorkingCalendar

    @property
    def today(self) -> date:
        """Return the department's calendar day."""
        return local_date(self.now)


async def moment(session: AsyncSession) -> Moment:
    """Return the transaction's moment, in one round trip."""
    return moment_of(*(await session.execute(_MOMENT)).one())


def moment_of(now: datetime, years: str | None) -> Moment:
    """Return the moment from the database's `now()` and the exceptions of all years."""
    return Moment(now, _calendar(years or "[]"))


async def keep(session: AsyncSession, states: Iterable[CalendarState]) -> None:
    """Keep the newest exceptions of each year."""
    newest = {state.calendar_id: state for state in sorted(states, key=lambda each: each.version)}
    rows = [
        {"id": id_, **state.model_dump(mode="json", include={"version", "year", "days"})}
        for id_, state in sorted(newest.items())
    ]
    statement = insert(CalendarYear)
    given = statement.excluded
    changed = {"version": given.version, "year": given.year, "days": given.days}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_=changed, where=given.version > CalendarYear.version
        ),
        rows,
    )


@lru_cache(maxsize=4)
def _calendar(years: str) -> WorkingCalendar:
    """Read the calendar; what is read again and again is nearly always the same."""
    return WorkingCalendar.of(day for year in _YEARS.validate_json(years) for day in year)
