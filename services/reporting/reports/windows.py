"""The windows data is reported over: of a year they need not be its calendar quarters. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

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
        for year in (end.year, end.year + 1):
            window = window_of(rule, year)
            if (window.starts_on, window.ends_on) == (start, end):
                return window.name
    return _BETWEEN.format(start=start, end=end)


def after(start: date, end: date) -> date:
    """Return the last day of the period after one: as long as it is."""
    return end + (end - start) + timedelta(days=1)
