"""Working days: Monday to Friday, but for the exceptions that the Office enters. Pure.

Sources: Decision 188/1999/QĐ-TTg (the week of 40 hours); the notice of each year's holidays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

ONE_DAY = timedelta(days=1)
SATURDAY, WEEK = 5, 7  # date.weekday(): so many days of a week are before it


class ExceptionalDay(Protocol):
    """A day off, or a make-up day that is worked."""

    @property
    def day(self) -> date: ...

    @property
    def working(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`exceptions`: True for a make-up working day, False for a day off; other days: Mon-Fri."""

    exceptions: Mapping[date, bool] = field(hash=False)

    @classmethod
    def of(cls, days: Iterable[ExceptionalDay]) -> "WorkingCalendar":
        """Build the calendar from the exceptions of any number of years."""
        return cls({day.day: day.working for day in days})

    def knows(self, year: int) -> bool:
        """Tell whether exceptions of this year were entered at all: every year has some."""
        return any(day.year == year for day in self.exceptions)

    def is_working(self, day: date) -> bool:
        """Tell whether people work on this day."""
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def add_working_days(self, start: date, days: int) -> date:
        """Return the day `days` >= 0 working days after `start`; counting begins the day after.

        Source: Civil Code 2015, article 147(2): the first day does not count.
        """
        day = start
        while days > 0:
            day += ONE_DAY
            days -= self.is_working(day)
        return day

    def last_working_day_on_or_before(self, day: date) -> date:
        """Return `day` itself when it is worked, else the nearest worked day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """Count worked days later than `after`, up to and including `until`; 0 when none.

        By whole weeks: a mistyped year is as far away as 9999.
        """
        weeks, rest = divmod(max((until - after).days, 0), WEEK)
        usual = SATURDAY * weeks
        usual += sum((after.weekday() + n) % WEEK < SATURDAY for n in range(1, rest + 1))
        within = ((d, w) for d, w in self.exceptions.items() if after < d <= until)
        return usual + sum(working - (day.weekday() < SATURDAY) for day, working in within)
