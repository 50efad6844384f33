"""The KPI month: from the day after one closing day to the next; what counts as done in it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, Self

Standing = Literal["done", "not_done", "not_yet"]
CLOSING_DAY = 24
"""Units report before the 25th. Source: the province's KPI tool since April 2025."""


@dataclass(frozen=True, slots=True)
class Month:
    """From `first` to `closes_on`, both included: what comes later counts for the next month."""

    year: int
    month: int
    first: date
    closes_on: date

    @classmethod
    def of(cls, year: int, month: int, closing_day: int = CLOSING_DAY) -> Self:
        """Return the month. A closing day that a month does not have is its last one."""
        before = date(year, month, 1) - timedelta(days=1)
        first = _closing(before.year, before.month, closing_day) + timedelta(days=1)
        return cls(year, month, first, _closing(year, month, closing_day))

    def carries(self, due_on: Any) -> Any:
        """Tell whether something was due before the month; of a column, the condition."""
        return due_on < self.first

    def standing(self, handed_in_on: date | None, today: date) -> Standing:
        """Tell whether something was done in the month: "chưa gửi tính là không thực hiện".

        `not_yet`: nothing came, and the month has not closed. Source: the province's KPI tool.
        """
        if handed_in_on is not None and self.first <= handed_in_on <= self.closes_on:
            return "done"
        return "not_yet" if today <= self.closes_on else "not_done"


def in_time(handed_in_on: date | None, due_on: date | None, until: date) -> bool | None:
    """Tell whether it came by a deadline, the day included; None: nothing is due by `until`."""
    if due_on is None:
        return None
    if handed_in_on is not None:
        return handed_in_on <= due_on
    return False if due_on < until else None


def _closing(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
