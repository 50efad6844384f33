"""Deadlines that come back: every month, every quarter, the 15th of each quarter's last month."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.words import N_, Sentence
from tasks.calendar.domain import WorkingCalendar
from tasks.deadlines import vocabulary
from tasks.deadlines.days import day_text
from tasks.deadlines.domain import Deadline, Frame, Occurrence
from tasks.deadlines.periods import Period
from tasks.remarks import Remark

SHORT_MONTH = Remark(
    "deadline_short_month",
    Sentence(N_("Có tháng không có ngày này: lấy ngày cuối của tháng đó.")),
)
BEFORE_THE_PLAN = N_("Kỳ “{label}” có hạn {due}, trước năm kế hoạch {year}, nên không được tính.")

PeriodsOf = Callable[[int], Sequence[Period]]  # of a year
DueOn = Callable[[Period], date]


def last_day(period: Period) -> date:
    """Return the last day of the period."""
    return period.last


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day of the month in which each period ends, or of the month after (`months_later` 1)."""

    day: int
    months_later: int = 0
    before: bool = False

    def __call__(self, period: Period) -> date:
        """Return the last allowed day; a day the month does not have is the month's last."""
        year, month = self._month(period)
        day = min(self.day, monthrange(year, month)[1])
        return date(year, month, day) - timedelta(days=self.before)

    def exists_in(self, period: Period) -> bool:
        """Tell whether the month has such a day."""
        return self.day <= monthrange(*self._month(period))[1]

    def _month(self, period: Period) -> tuple[int, int]:
        index = period.last.year * 12 + period.last.month - 1 + self.months_later
        return index // 12, index % 12 + 1


@dataclass(frozen=True, slots=True)
class DaysAfterPeriod:
    """So many days after each period ends; the count starts the day after its last day."""

    days: int
    working: bool
    calendar: WorkingCalendar

    def __call__(self, period: Period) -> date:
        """Return the last allowed day."""
        if self.working:
            return self.calendar.add_working_days(period.last, self.days)
        return period.last + timedelta(days=self.days)


def occurrences_of(found: Sequence[Period], due_on: DueOn) -> list[Occurrence]:
    """Return one occurrence for each period."""
    return [Occurrence(period.name, period.first, due_on(period)) for period in found]


def on_several_days(found: Sequence[Period], rules: Sequence[DayOfMonth]) -> list[Occurrence]:
    """Return an occurrence for each period and each of its days, told apart by the day."""
    return [
        Occurrence(
            f"{period.name}, {vocabulary.ON_THE_DAY} {rule.day:02d}", period.first, rule(period)
        )
        for period in found
        for rule in rules
    ]


def recurring(
    words: str, frame: Frame, every: Sequence[Occurrence], warnings: tuple[Remark, ...] = ()
) -> Deadline:
    """Return what falls due again and again, beginning with the first in the plan's year.

    `every`: with a due day each. What is left out because it was due before is said.
    """
    begins = date(frame.year, 1, 1)
    late = [one for one in every if one.due_on and one.due_on < begins]
    kept = [one for one in every if one not in late]
    reading = Sentence(
        N_("{words}: {count} kỳ trong năm {year}, hạn đầu tiên {first}, hạn sau cùng {last}."),
        {
            "words": f"{words[:1].upper()}{words[1:]}",
            "count": len(kept),
            "year": frame.year,
            "first": day_text(min(one.due_on for one in kept if one.due_on)),
            "last": day_text(max(one.due_on for one in kept if one.due_on)),
        },
    )
    remarks = (*warnings, *(_left_out(one, frame) for one in late))
    return Deadline("recurring", words, tuple(kept), reading, warnings=remarks)


def _left_out(one: Occurrence, frame: Frame) -> Remark:
    due = day_text(one.due_on) if one.due_on else ""
    facts = {"label": one.label, "due": due, "year": frame.year}
    return Remark("deadline_before_plan", Sentence(BEFORE_THE_PLAN, facts))
