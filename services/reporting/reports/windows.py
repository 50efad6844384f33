"""The windows data is reported over: of a year they need not be its calendar quarters. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from chassis.clock import TIME_ZONE

_BETWEEN = "giai đoạn từ ngày {start:%d/%m/%Y} đến ngày {end:%d/%m/%Y}"


class WindowRule(Protocol):
    """A window as a kind holds it: days as "12-15", years beside the reported one."""

    code: str
    name: str
    starts: str
    starts_year: int
    ends: str
    ends_year: int


@dataclass(frozen=True, slots=True)
class Window:
    """A window of one year; both days belong to it."""

    code: str
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day at whose end figures stand: the last of the period, or today while it goes on."""

    day: date
    today: date

    @classmethod
    def of(cls, ends_on: date, today: date) -> "AsOf":
        """Return as of when the figures of a period are that ends on a day."""
        return cls(min(ends_on, today), today)

    @property
    def is_past(self) -> bool:
        """Whether what came after it may be known."""
        return self.day < self.today

    @property
    def ends_at(self) -> datetime:
        """Return the first moment after it."""
        return datetime.combine(self.day + timedelta(days=1), time.min, TIME_ZONE)


def window_of(rule: WindowRule, year: int) -> Window:
    """Return a window of a year."""
    return Window(
        rule.code, rule.name.replace("{year}", str(year)),
        _day(rule.starts, year + rule.starts_year), _day(rule.ends, year + rule.ends_year),
    )  # fmt: skip


def _day(written: str, year: int) -> date:
    """Return a day of a year: the last of February where the year has no 29th."""
    month, day = map(int, written.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month + 1, 1) - timedelta(days=1)


def named(rules: Iterable[WindowRule], start: date, end: date) -> str:
    """Return what a period is called: by its window, else by its days."""
    for rule in rules:
        for year in (end.year, end.year + 1, end.year - 1):
            window = window_of(rule, year)
            if (window.starts_on, window.ends_on) == (start, end):
                return window.name
    return _BETWEEN.format(start=start, end=end)


def after(start: date, end: date) -> date:
    """Return the last day of the period after one: as many months, or else as many days."""
    begins = end + timedelta(days=1)
    months = (begins.year - start.year) * 12 + begins.month - start.month
    if begins.day != start.day:
        return end + (begins - start)
    years, month = divmod(begins.month - 1 + months, 12)
    return _day(f"{month + 1}-{begins.day}", begins.year + years) - timedelta(days=1)
