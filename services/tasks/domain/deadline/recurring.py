"""Deadlines that come back: every month, every quarter, the 15th of each quarter's last month."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tasks.domain.deadline.model import Deadline, Frame, Occurrence
from tasks.domain.deadline.periods import Period
from tasks.domain.wording import day_text

PeriodsOf = Callable[[int], Sequence[Period]]  # of a year


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day of the month in which each period ends, or of the month after (`months_later` 1)."""

    day: int
    months_later: int = 0
    before: bool = False

    def due_on(self, period: Period) -> date:
        """Return the last allowed day; a day the month does not have is the month's last."""
        index = period.last.year * 12 + period.last.month - 1 + self.months_later
        year, month = index // 12, index % 12 + 1
        last = monthrange(year, month)[1]
        return date(year, month, min(self.day, last)) - timedelta(days=self.before)

    def words(self) -> str:
        """Say the rule in Vietnamese."""
        month = "tháng sau" if self.months_later else "tháng cuối kỳ"
        return f"{'trước ngày' if self.before else 'chậm nhất ngày'} {self.day:02d} {month}"


def recurring(
    text: str, frame: Frame, periods_of: PeriodsOf, rule: DayOfMonth | None = None
) -> Deadline:
    """Return the occurrences of the plan year. `rule` None: due on the last day of each period."""
    found = periods_of(frame.year)
    due = [rule.due_on(period) if rule else period.last for period in found]
    occurrences = [
        Occurrence(period.name, period.first, on) for period, on in zip(found, due, strict=True)
    ]
    reading = (
        f"{len(due)} kỳ trong năm {frame.year}, hạn cuối là "
        f"{rule.words() if rule else 'ngày cuối mỗi kỳ'}: từ {day_text(due[0])} đến {day_text(due[-1])}."
    )
    return Deadline(
        "recurring", text, tuple(occurrences), reading, warnings=_short_months(rule, found)
    )


def _short_months(rule: DayOfMonth | None, found: Sequence[Period]) -> tuple[str, ...]:
    """Warn where the day does not exist: the month's last day was taken."""
    if rule is None or not any(_lacks(rule, period) for period in found):
        return ()
    return (f"Có tháng không có ngày {rule.day}: lấy ngày cuối tháng đó.",)


def _lacks(rule: DayOfMonth, period: Period) -> bool:
    return rule.due_on(period) + timedelta(days=rule.before) != _unclamped(rule, period)


def _unclamped(rule: DayOfMonth, period: Period) -> date:
    first = DayOfMonth(1, rule.months_later).due_on(period)
    return first + timedelta(days=rule.day - 1)
