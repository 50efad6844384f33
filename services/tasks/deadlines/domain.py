"""What a deadline is, once it has been read."""

from dataclasses import dataclass
from datetime import date, timedelta

from chassis.words import Sentence
from contracts.tasks import DeadlineKind
from tasks.calendar.domain import WorkingCalendar
from tasks.remarks import Remark


@dataclass(frozen=True, slots=True)
class Frame:
    """What a wording is read within.

    `year`: the plan's, for days written without one. `closes_on`: the last allowed day of the
    plan's reports, the due day of "cả năm"; None: the year's last day.
    """

    year: int
    closes_on: date | None
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time the task falls due.

    `label` tells it from its siblings ("Quý II/2025"), "" when it is the only one. `due_on` is the
    last allowed day, inclusive; None: there is none, or none yet.
    """

    label: str
    starts_on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class DaysAfter:
    """Due so many days after an event; the count starts the day after it. `event`: as written.

    Source: Civil Code 2015, article 147(2).
    """

    days: int
    working: bool
    event: str

    def due_on(self, happened_on: date, calendar: WorkingCalendar) -> date:
        """Return the last allowed day once the event's day is known."""
        if self.working:
            return calendar.add_working_days(happened_on, self.days)
        return happened_on + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as read. There is always at least one occurrence: the assignment it becomes.

    `text`: the appendix's own words. `reading`: how they were understood, for the officer who
    confirms. `rule`: only for `triggered`, where the words give a number of days.
    """

    kind: DeadlineKind
    text: str
    occurrences: tuple[Occurrence, ...]
    reading: Sentence
    rule: DaysAfter | None = None
    warnings: tuple[Remark, ...] = ()
