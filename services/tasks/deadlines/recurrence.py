"""Deadlines that come back: every month, every quarter, the 15th of each quarter's last month."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text
from tasks.deadlines.domain import Deadline, Frame, Occurrence
from tasks.deadlines.periods import Period
from tasks.remarks import Remark

SHORT_MONTH = Remark(
    "deadline_short_month",
    Sentence(N_("Có tháng không có ngày này: lấy ngày cuối của tháng đó.")),
)

PeriodsOf = Callable[[int], Sequence[Period]]  # of a year


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day of the month in which each period ends, or of the month after (`months_later` 1)."""

    day: int
    months_later: int = 0
    before: bool = False

    def due_on(self, period: Period) -> date:
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


def recurring(
    text: str, frame: Frame, periods_of: PeriodsOf, rule: DayOfMonth | None = None
) -> Deadline:
    """Return the occurrences of the plan year. `rule` None: due on the last day of each period."""
    found = periods_of(frame.year)
    due = [rule.due_on(period) if rule else period.last for period in found]
    occurrences = [
        Occurrence(period.name, period.first, on) for period, on in zip(found, due, strict=True)
    ]
    template = N_(
        "{words}: {count} kỳ trong năm {year}, hạn đầu tiên {first}, hạn sau cùng {last}."
    )
    facts = {
        "words": f"{text[:1].upper()}{text[1:]}",
        "count": len(due),
        "year": frame.year,
        "first": day_text(due[0]),
        "last": day_text(due[-1]),
    }
    reading = Sentence(template, facts)
    short = rule is not None and not all(map(rule.exists_in, found))
    warnings = (SHORT_MONTH,) if short else ()
    return Deadline("recurring", text, tuple(occurrences), reading, warnings=warnings)
