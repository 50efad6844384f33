"""Wordings of what comes back: how often, and on which day of each period."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from chassis.words import N_
from tasks.deadlines import periods, vocabulary
from tasks.deadlines.dated import A_MONTH_LATER, before, by
from tasks.deadlines.days import day_text
from tasks.deadlines.domain import Deadline, Frame, Occurrence, Unreadable, Wording
from tasks.deadlines.periods import Period
from tasks.deadlines.recurrence import (
    SHORT_MONTH,
    DayOfMonth,
    DaysAfterPeriod,
    DueOn,
    PeriodsOf,
    last_day,
    occurrences_of,
    on_several_days,
    recurring,
)
from tasks.deadlines.series import Series, read_series
from tasks.deadlines.spelling import weekday_of
from tasks.deadlines.undated import check_year
from tasks.words import fold, pattern

_PERIODS: Mapping[str, PeriodsOf] = {
    fold(name): periods_of
    for name, periods_of in zip(
        vocabulary.CYCLES,
        (
            periods.twelve_months,
            periods.quarters,
            periods.halves,
            periods.nine_months,
            periods.years,
        ),
        strict=True,
    )
}
_A_CYCLE = pattern(vocabulary.A_CYCLE)

Reader = Callable[[Wording], Deadline | None]  # None: not this wording after all, try the next


def each(periods_of: PeriodsOf) -> Reader:
    """Due at the end of each period."""

    def read(wording: Wording) -> Deadline:
        check_year(wording)
        every = occurrences_of(periods_of(wording.frame.year), last_day)
        return recurring(wording.words, wording.frame, every)

    return read


def each_within(periods_of: PeriodsOf) -> Reader:
    """Due at the end of each period that lies within a span of the plan's year."""

    def read(wording: Wording) -> Deadline | None:
        series = read_series(wording.match["when"], wording.frame)
        if series is None or (series.joined == "list" and len(series.periods) > 1):
            return None
        first, last = series.periods[0].first, date(wording.frame.year, 12, 31)
        last = series.periods[-1].last if series.joined == "span" else last
        found = [p for p in periods_of(wording.frame.year) if first <= p.first and p.last <= last]
        if not found or {first.year, last.year} != {wording.frame.year}:
            raise Unreadable(N_("không rõ những kỳ nào nằm trong năm kế hoạch"))
        return recurring(wording.words, wording.frame, occurrences_of(found, last_day))

    return read


def each_by(periods_of: PeriodsOf, months_later: int = 0) -> Reader:
    """Due on a day, or several, of each period's last month, or of the month after."""

    def read(wording: Wording) -> Deadline | None:
        numbers = [int(number) for number in re.findall(r"\d+", wording.match["day"])]
        if not all(1 <= number <= 31 for number in numbers):  # noqa: PLR2004
            raise Unreadable(N_("không có ngày {day}"), day=wording.written("day"))
        rules = [DayOfMonth(n, months_later, _excluded(wording)) for n in numbers]
        found = periods_of(wording.frame.year)
        short = not all(rule.exists_in(period) for rule in rules for period in found)
        warnings = (SHORT_MONTH,) if short else ()
        every = occurrences_of(found, rules[0])
        if len(rules) > 1:
            every = on_several_days(found, rules)
        return recurring(wording.words, wording.frame, every, warnings)

    return read


def _excluded(wording: Wording) -> bool:
    return (wording.match["bound"] or "").startswith("truoc")


def each_weekday(wording: Wording) -> Deadline:
    """Due on a weekday of each week; "trước thứ Sáu": on the day before."""
    weekday = (weekday_of(wording.match["weekday"]) - _excluded(wording)) % 7
    every = occurrences_of(periods.weeks(wording.frame.year, weekday), last_day)
    return recurring(wording.words, wording.frame, every)


def last_day_of(wording: Wording) -> Deadline:
    """The last day of each month or quarter, or the last one people work on."""
    calendar = wording.frame.calendar

    def last_worked(period: Period) -> date:
        return calendar.last_working_day_on_or_before(period.last)

    due_on: DueOn = last_worked if wording.match["working"] else last_day
    found = _PERIODS[wording.match["of"]](wording.frame.year)
    return recurring(wording.words, wording.frame, occurrences_of(found, due_on))


def days_after_period(wording: Wording) -> Deadline | None:
    """So many days after each month, quarter, half or the year."""
    cycle = wording.match["cycle"]
    if cycle and cycle.removeprefix("0") != wording.match["of"].removeprefix("0"):
        return None
    days, working = int(wording.match["days"]), wording.match["working"] is not None
    rule = DaysAfterPeriod(days, working, wording.frame.calendar)
    found = _PERIODS[wording.match["of"].removeprefix("0")](wording.frame.year)
    return recurring(wording.words, wording.frame, occurrences_of(found, rule))


def on_listed_days(periods_of: PeriodsOf) -> Reader:
    """Every period has a day of its own, in it or in the month after. Raises Unreadable."""

    def read(wording: Wording) -> Deadline | None:
        series = read_series(wording.match["when"], wording.frame)
        if series is None or series.joined == "span":
            return None
        _check_one_in_each(series, periods_of(wording.frame.year))
        found = before(wording) if _excluded(wording) else by(wording)
        return found and replace(found, kind="recurring")

    return read


def _check_one_in_each(series: Series, found: Sequence[Period]) -> None:
    days = [on.first for on in series.periods]
    if len(days) != len(found):
        template = N_("có {found} ngày cho {count} kỳ")
        raise Unreadable(template, found=len(days), count=len(found))
    for on, period in zip(days, found, strict=True):
        if not period.first <= on <= period.last + A_MONTH_LATER:
            template = N_("ngày {day} không thuộc “{period}”")
            raise Unreadable(template, day=day_text(on), period=period.name)


def several_cycles(wording: Wording) -> Deadline:
    """Several rhythms at once, each with its own occurrences.

    "6 tháng" beside "năm" is the first half-year, whose report the yearly one follows.
    """
    names = [name.removeprefix("0") for name in _A_CYCLE.findall(wording.match["cycles"])]
    every: list[Occurrence] = []
    for name in names:
        every += occurrences_of(_of_cycle(name, names, wording.frame), last_day)
    return recurring(wording.words, wording.frame, every)


def _of_cycle(name: str, names: list[str], frame: Frame) -> tuple[Period, ...]:
    if name == "nam":
        return (periods.whole_year(frame.year, frame),)
    if name[0].isdigit() and "nam" in names:
        return (periods.first_months(frame.year, int(name[0])),)
    return tuple(_PERIODS[name](frame.year))
