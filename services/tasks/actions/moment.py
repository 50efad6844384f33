"""Now, by the database's clock, and the working calendar as it stands."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from contracts.tasks import CalendarDay
from tasks.domain.calendar import WorkingCalendar
from tasks.models import CalendarYear

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


async def moment(session: AsyncSession) -> Moment:
    """Return the transaction's moment, in one round trip."""
    years = select(func.jsonb_agg(CalendarYear.days)).scalar_subquery()
    row = (await session.execute(select(func.now(), years))).one()
    days = [day for year in _YEARS.validate_python(row[1] or []) for day in year]
    return Moment(row[0].astimezone(UTC), WorkingCalendar.of(days))
