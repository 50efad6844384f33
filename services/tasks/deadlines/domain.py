"""What a deadline is, once it has been read."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.words import Sentence
from contracts.tasks import DeadlineKind
from tasks.calendar.domain import WorkingCalendar
from tasks.remarks import Remark


class Unreadable(Exception):
    """It is shaped like a deadline but cannot be one; the sentence says why."""

    def __init__(self, template: str, **facts: object) -> None:
        """Take the reason's template and its facts."""
        super().__init__(template)
        self.sentence = Sentence(template, facts)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a wording is read within.

    `year`: the plan's, for days written without one. `closes_on`: the last allowed day of the
    plan's reports, the due day of "cả năm"; None: the year's last day. `issued_on`: the plan's own
    day, from which "kể từ ngày ban hành Kế hoạch" counts; None: not known yet. `made_in`: the year
    in which somebody writes it by hand, maybe later than the plan's; None: an appendix's.
    """

    year: int
    closes_on: date | None
    calendar: WorkingCalendar
    issued_on: date | None = None
    made_in: int | None = None

    def expects(self, year: int) -> bool:
        """Tell whether nobody would wonder at a day of that year."""
        near = () if self.made_in is None else (self.made_in, self.made_in + 1)
        return year in (self.year, *near)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time the task falls due.

    `label` tells it from its siblings ("Quý II/2025"), "" when it is the only one. `due_on` is the
    last allowed day, inclusive; None: there is none, or none yet. `kind`: its own, where one cell
    names duties of several kinds; None: the deadline's.
    """

    label: str
    starts_on: date | None
    due_on: date | None
    kind: DeadlineKind | None = None


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
    confirms. `rule`: only for `triggered`, where the words give a number of days. `kind` of
    several duties is the kind of the first one that has days, else of the first.
    """

    kind: DeadlineKind
    text: str
    occurrences: tuple[Occurrence, ...]
    reading: Sentence
    rule: DaysAfter | None = None
    warnings: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that met a line of the table. `words`: as shown; `plain`: as matched, accents kept.

    `weekdays`: those written beside its days, as `date.weekday()`.
    """

    words: str
    plain: str
    match: re.Match[str]
    frame: Frame
    weekdays: tuple[int, ...] = ()

    @property
    def shown(self) -> str:
        """The words with a capital, as a reading begins."""
        return f"{self.words[:1].upper()}{self.words[1:]}"

    def written(self, group: str) -> str:
        """Return what a group met, with its accents."""
        return self.plain[slice(*self.match.span(group))]
