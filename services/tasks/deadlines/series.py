"""Points in time, one or several in a row: "30/6", "Quý II, Quý III/2025", "Tháng 10-11/2025".

Days are dd/mm, always. What is shaped like a day but is none raises `Unreadable`; so does a year
that cannot be meant. What is not shaped like this at all is None: another wording may know it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Literal

from chassis.words import N_
from tasks.deadlines import periods, vocabulary
from tasks.deadlines.domain import Frame, Unreadable
from tasks.deadlines.periods import Period
from tasks.words import pattern

FURTHEST = 5  # years after the plan's: programmes are planned for five years


@dataclass(frozen=True, slots=True)
class Series:
    """`list`: each counts; `span`: from the first to the last. `year_assumed`: the plan's.

    `days`: every item is a single day; `mixed`: some are, some are not.
    """

    periods: tuple[Period, ...]
    joined: Literal["list", "span"]
    year_assumed: bool
    days: bool = False
    mixed: bool = False


_SPELLINGS = (
    (pattern(r"\b(\d{1,2}) ?([.\-/]) ?(\d{1,2}) ?\2 ?(\d{4})\b"), r"\1/\3/\4"),
    (pattern(r"\b(\d{1,2})\.(\d{1,2})\b(?!\.)"), r"\1/\2"),
    (pattern(vocabulary.OF_A_YEAR_IN_WORDS), r"\1/\2"),
    (pattern(r"\b(i{1,3}|iv|\d{1,2}) ?/ ?(\d{4})\b"), r"\1/\2"),
)
_JOINT = pattern(vocabulary.JOINT)

_DAY = pattern(vocabulary.A_DAY)
_LONG_DAY = pattern(vocabulary.A_LONG_DAY)
_LONG_DAY_IN_SHORT = pattern(vocabulary.A_LONG_DAY_IN_SHORT)
_DAY_WITHOUT_MONTH = pattern(vocabulary.A_DAY_WITHOUT_MONTH)
_MONTH = pattern(vocabulary.A_MONTH)
_BARE_MONTH = pattern(r"(?P<n>\d{1,2})/(?P<year>\d{4})")
_QUARTER = pattern(vocabulary.A_QUARTER)
_ELIDED = pattern(vocabulary.ELIDED)
_FIRST_MONTHS = pattern(vocabulary.FIRST_MONTHS)
_IN_SHORT = pattern(vocabulary.FIRST_MONTHS_IN_SHORT)
_SECOND_HALF = pattern(vocabulary.SECOND_HALF)
_YEAR = pattern(vocabulary.A_YEAR)
_BARE_YEAR = pattern(vocabulary.A_BARE_YEAR)
_DAYS = (_DAY, _LONG_DAY, _DAY_WITHOUT_MONTH)

_SAME_DAY_UNSURE = N_("không rõ ngày {day} có áp dụng cho tháng {month} hay không")

_Make = Callable[[int], Period]  # of a year
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class _Item:
    """`day` and `month`: of a single day, which its neighbours may lack."""

    noun: re.Pattern[str]
    year: int | None
    make: _Make
    day: int = 0
    month: int = 0


def read_series(folded: str, frame: Frame) -> Series | None:
    """Read folded text as points in time. Raises Unreadable; None: it is something else."""
    for spelling, plain in _SPELLINGS:
        folded = spelling.sub(plain, folded)
    parts, joined = _split(folded)
    items = _items(parts, joined, frame) if joined else None
    if joined is None or items is None:
        return None
    years = _years([item.year for item in items], frame.year)
    found = tuple(item.make(year) for item, year in zip(items, years, strict=True))
    _check_order(found)
    days = [item.noun in _DAYS for item in items]
    return Series(
        found, joined, items[-1].year is None, all(days), mixed=any(days) and not all(days)
    )


def _split(folded: str) -> tuple[list[str], Literal["list", "span"] | None]:
    joints = list(_JOINT.finditer(folded))
    edges = [0, *(edge for joint in joints for edge in joint.span()), len(folded)]
    parts = [folded[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    kinds = {joint.lastgroup for joint in joints}
    if kinds <= {"list"}:
        return parts, "list"
    return parts, "span" if kinds == {"span"} and len(parts) == 2 else None  # noqa: PLR2004


def _items(parts: Sequence[str], joined: str, frame: Frame) -> list[_Item] | None:
    items: list[_Item] = []
    for part in parts:
        item = _item(part, items[-1] if items else None, joined, frame)
        if item is None:
            return None
        items.append(item)
    nouns = {item.noun for item in items}
    alone = nouns == {_IN_SHORT}
    if alone or (_BARE_YEAR in nouns and not nouns <= {_YEAR, _BARE_YEAR}):
        return None
    return _with_months(items)


def _item(part: str, before: _Item | None, joined: str, frame: Frame) -> _Item | None:
    """Read one item; what it leaves out stands in the one before."""
    if before and (item := _elided(part, before, frame)):
        return _checked(before, item, joined)
    for shape, maker in _MAKERS.items():
        if match := shape.fullmatch(part):
            item = maker(match, frame)
            if before and before.day and item.noun is _MONTH:
                return _on_the_same_day(before, int(match["n"]), item, joined)
            return item
    return None


def _elided(part: str, before: _Item, frame: Frame) -> _Item | None:
    """A number alone is what the item before is: "tháng 10, 11", "ngày 10, 20 tháng 6"."""
    if before.day and (day := _LONG_DAY_IN_SHORT.fullmatch(part)):
        return _MAKERS[_LONG_DAY](day, frame)
    match = _ELIDED.fullmatch(part)
    if match is None:
        return None
    if before.noun in (_MONTH, _QUARTER):
        return _MAKERS[before.noun](match, frame)
    whole_year = match["year"] is None or len(match["year"]) == len("2025")
    if before.noun is _LONG_DAY and match["n"].isdigit() and whole_year:
        return _long_day(before.day, int(match["n"]), _year(match))
    if before.noun is _DAY_WITHOUT_MONTH and part.isdigit():
        return _day_without_month(int(part))
    return None


def _checked(before: _Item, item: _Item, joined: str) -> _Item:
    """Refuse "ngày 15 tháng 3 - 6": nobody knows whether the second is a month."""
    if joined == "span" and before.noun is _LONG_DAY and item.day == before.day:
        raise Unreadable(_SAME_DAY_UNSURE, day=before.day, month=item.month)
    return item


def _on_the_same_day(before: _Item, month: int, item: _Item, joined: str) -> _Item:
    """A day given for several months counts for each: "ngày 15 tháng 3, tháng 6"."""
    if joined == "span" and before.noun is _DAY:
        return item
    if joined == "list" and before.noun is _LONG_DAY:
        return _long_day(before.day, month, item.year)
    raise Unreadable(_SAME_DAY_UNSURE, day=before.day, month=month)


def _with_months(items: list[_Item]) -> list[_Item] | None:
    """Give a day without a month the month of the next one: "ngày 10 và ngày 20/6"."""
    month, year = 0, None
    for position in reversed(range(len(items))):
        item = items[position]
        if item.noun is not _DAY_WITHOUT_MONTH:
            month, year = item.month, item.year
        elif not month:
            return None
        else:
            items[position] = replace(item, make=_day_maker(item.day, month), year=year)
    return items


def _years(written: list[int | None], plan_year: int) -> list[int]:
    """A year written once, at the end, applies to all; none written: the plan's."""
    if written[-1] is None and any(year not in (None, plan_year) for year in written):
        raise Unreadable(N_("không rõ năm nào áp dụng cho mốc cuối cùng"))
    years, carried = [], plan_year
    for year in reversed(written):
        carried = carried if year is None else year
        years.append(carried)
    if odd := [year for year in years if not plan_year - 1 <= year <= plan_year + FURTHEST]:
        raise Unreadable(
            N_("năm {year} cách xa năm kế hoạch {plan_year}"), year=odd[0], plan_year=plan_year
        )
    return years[::-1]


def _check_order(found: tuple[Period, ...]) -> None:
    for earlier, later in pairwise(found):
        if earlier.last >= later.last:
            raise Unreadable(
                N_("“{later}” không sau “{earlier}”"), later=later.name, earlier=earlier.name
            )


# ---------------------------------------------------------------- the items


def _year(match: re.Match[str]) -> int | None:
    year = match["year"]
    return None if year is None else int(year) + (2000 if len(year) == len("25") else 0)


def _day_maker(number: int, month: int) -> _Make:
    def make(year: int) -> Period:
        try:
            return periods.day(date(year, month, number))
        except ValueError:
            template = N_(
                "không có ngày {day} tháng {month} năm {year} (ngày viết trước, tháng viết sau)"
            )
            raise Unreadable(template, day=number, month=month, year=year) from None

    return make


def _day(match: re.Match[str], _: Frame) -> _Item:
    number, month = int(match["d"]), int(match["m"])
    return _Item(_DAY, _year(match), _day_maker(number, month), number, month)


def _long_day(number: int, month: int, year: int | None) -> _Item:
    return _Item(_LONG_DAY, year, _day_maker(number, month), number, month)


def _day_without_month(number: int) -> _Item:
    return _Item(_DAY_WITHOUT_MONTH, None, _day_maker(number, 0), number)


def _month(match: re.Match[str], _: Frame) -> _Item:
    number = int(match["n"]) if match["n"].isdigit() else 0
    if not 1 <= number <= 12:  # noqa: PLR2004
        raise Unreadable(N_("không có tháng {month}"), month=match["n"])
    return _Item(_MONTH, _year(match), lambda year: periods.month(year, number))


def _quarter(match: re.Match[str], _: Frame) -> _Item:
    number = _ROMAN.get(match["n"]) or int(match["n"])
    if not 1 <= number <= 4:  # noqa: PLR2004
        raise Unreadable(N_("không có quý {quarter}"), quarter=match["n"])
    return _Item(_QUARTER, _year(match), lambda year: periods.quarter(year, number))


def _first_months(match: re.Match[str], _: Frame) -> _Item:
    number = int(match["n"])
    return _Item(match.re, _year(match), lambda year: periods.first_months(year, number))


def _whole_year(match: re.Match[str], frame: Frame) -> _Item:
    return _Item(match.re, _year(match), lambda year: periods.whole_year(year, frame))


_MAKERS: dict[re.Pattern[str], Callable[[re.Match[str], Frame], _Item]] = {
    _DAY: _day,
    _LONG_DAY: lambda match, _: _long_day(int(match["d"]), int(match["m"]), _year(match)),
    _DAY_WITHOUT_MONTH: lambda match, _: _day_without_month(int(match["d"])),
    _MONTH: _month,
    _BARE_MONTH: _month,
    _QUARTER: _quarter,
    _FIRST_MONTHS: _first_months,
    _IN_SHORT: _first_months,
    _SECOND_HALF: lambda match, _: _Item(match.re, _year(match), periods.second_half),
    _YEAR: _whole_year,
    _BARE_YEAR: _whole_year,
}
