"""Now, by the database's clock, and the working calendar as it stands."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from contracts.tasks import CalendarDay
from tasks.calendar.domain import WorkingCalendar
from tasks.calendar.models import CalendarYear

_YEARS = TypeAdapter(list[list[CalendarDay]])


@dataclass(frozen=True)
class Moment:
    """What every rule with time needs. `today`: the local date in Asia/Ho_Chi_Minh."""

    now: datetime
    calendar: WorkingCalendar

    @property
    def today(self) -> date:
        """Return the department's calendar day."""
        return local_date(self.now)


def exceptions() -> ColumnElement[str]:
    """Select the calendar's exceptions, for `moment_of`, beside whatever else is asked."""
    years = select(func.jsonb_agg(CalendarYear.days)).scalar_subquery()
    return cast(years, Text)


def moment_of(now: datetime, exceptions: str | None) -> Moment:
    """Return the moment from the database's `now()` and the calendar's exceptions."""
    return Moment(now.astimezone(UTC), _calendar(exceptions or "[]"))


async def moment(session: AsyncSession) -> Moment:
    """Return the transaction's moment, in one round trip."""
    row = (await session.execute(_MOMENT)).one()
    return moment_of(*row)


async def moment_at(session: AsyncSession, now: datetime) -> Moment:
    """Return the moment whose `now` is known already."""
    return moment_of(now, (await session.execute(_EXCEPTIONS)).scalar_one())


@lru_cache(maxsize=4)
def _calendar(exceptions: str) -> WorkingCalendar:
    """Read the calendar; what is read again and again is nearly always the same."""
    return WorkingCalendar.of(day for year in _YEARS.validate_json(exceptions) for day in year)


_EXCEPTIONS = select(exceptions())
_MOMENT = select(func.now(), exceptions())
