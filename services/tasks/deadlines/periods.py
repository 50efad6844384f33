"""Stretches of days with a name: a day, a month, a quarter, a half-year, a year."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.words import N_, Sentence
from tasks.deadlines import vocabulary
from tasks.deadlines.days import day_text, month_text
from tasks.deadlines.domain import Frame

QUARTER_NAMES = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included. `note`: why `last` is not what the name says."""

    first: date
    last: date
    name: str
    note: Sentence | None = None


def last_of_month(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def day(on: date) -> Period:
    """Return a single day."""
    return Period(on, on, day_text(on))


def months(year: int, first: int, last: int, name: str) -> Period:
    """Return the whole months `first` to `last` of one year."""
    return Period(date(year, first, 1), last_of_month(year, last), name)


def month(year: int, number: int) -> Period:
    """Return month 1-12."""
    return months(year, number, number, f"{vocabulary.MONTH} {month_text(number)}/{year}")


def quarter(year: int, number: int) -> Period:
    """Return quarter 1-4."""
    return months(
        year, number * 3 - 2, number * 3, f"{vocabulary.QUARTER} {QUARTER_NAMES[number - 1]}/{year}"
    )


def first_months(year: int, count: int) -> Period:
    """Return the first 3, 6 or 9 months."""
    return months(year, 1, count, f"{count} {vocabulary.FIRST_MONTHS_OF_YEAR} {year}")


def second_half(year: int) -> Period:
    """Return July to December."""
    return months(year, 7, 12, f"6 {vocabulary.LAST_MONTHS_OF_YEAR} {year}")


def whole_year(year: int, frame: Frame) -> Period:
    """Return the year; the plan's own year ends where the plan takes its last reports."""
    first, closes, name = date(year, 1, 1), frame.closes_on, f"{vocabulary.YEAR} {year}"
    if closes and closes.year == year == frame.year:
        return Period(first, closes, name, Sentence(N_("ngày kết thúc kế hoạch")))
    return Period(first, date(year, 12, 31), name)


def years(year: int) -> tuple[Period, ...]:
    """Return the calendar year, wherever the plan ends."""
    return (months(year, 1, 12, f"{vocabulary.YEAR} {year}"),)


def nine_months(year: int) -> tuple[Period, ...]:
    """Return the first nine months of a year."""
    return (first_months(year, 9),)


def halves(year: int) -> tuple[Period, ...]:
    """Return both halves of a year."""
    return first_months(year, 6), second_half(year)


def quarters(year: int) -> tuple[Period, ...]:
    """Return the four quarters of a year."""
    return tuple(quarter(year, number) for number in range(1, 5))


def twelve_months(year: int) -> tuple[Period, ...]:
    """Return the twelve months of a year."""
    return tuple(month(year, number) for number in range(1, 13))


def weeks(year: int, weekday: int) -> tuple[Period, ...]:
    """Return each week that ends on this weekday (0: Monday) within the year."""
    first = date(year, 1, 1)
    first += timedelta(days=(weekday - first.weekday()) % 7)
    count = (date(year, 12, 31) - first).days // 7 + 1
    ends = [first + timedelta(weeks=number) for number in range(count)]
    return tuple(
        Period(end - timedelta(days=6), end, f"{vocabulary.WEEK_UNTIL} {day_text(end)}")
        for end in ends
    )
