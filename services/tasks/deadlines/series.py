"""Points in time, one or several in a row: "30/6", "Quý II, Quý III/2025", "Tháng 10-11/2025".

Days are dd/mm, always. What is shaped like a day but is none raises `Unreadable`; so does a year
that cannot be meant. What is not shaped like this at all is None: another wording may know it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from chassis.words import N_, Sentence
from tasks.deadlines import periods, vocabulary
from tasks.deadlines.domain import Frame
from tasks.deadlines.periods import Period
from tasks.words import pattern


class Unreadable(Exception):
    """It is shaped like a point in time but cannot be one; the sentence says why."""

    def __init__(self, template: str, **facts: object) -> None:
        """Take the reason's template and its facts."""
        super().__init__(template)
        self.sentence = Sentence(template, facts)


@dataclass(frozen=True, slots=True)
class Series:
    """`list`: each counts; `span`: from the first to the last. `year_assumed`: the plan's."""

    periods: tuple[Period, ...]
    joined: Literal["list", "span"]
    year_assumed: bool


# 30-6-2025 and "30 tháng 6 năm 2025" become 30/6/2025; a lone 10-11 stays, it may be two months.
_SPELLINGS = (
    (pattern(r"\b(\d{1,2}) ?([.\-/]) ?(\d{1,2}) ?\2 ?(\d{4})\b"), r"\1/\3/\4"),
    (pattern(r"\b(\d{1,2})\.(\d{1,2})\b(?!\.)"), r"\1/\2"),
    (pattern(vocabulary.LONG_DAY), r"\1/\2"),
    (pattern(vocabulary.OF_A_YEAR_IN_WORDS), r"\1/\2"),
    (pattern(r"\b(i{1,3}|iv|\d{1,2}) ?/ ?(\d{4})\b"), r"\1/\2"),
)
_JOINT = pattern(vocabulary.JOINT)

_DAY = pattern(vocabulary.A_DAY)
_MONTH = pattern(vocabulary.A_MONTH)
_BARE_MONTH = pattern(r"(?P<n>\d{1,2})/(?P<year>\d{4})")
_QUARTER = pattern(vocabulary.A_QUARTER)
_ELIDED = pattern(vocabulary.ELIDED)
_FIRST_MONTHS = pattern(vocabulary.FIRST_MONTHS)
_SECOND_HALF = pattern(vocabulary.SECOND_HALF)
_YEAR = pattern(vocabulary.A_YEAR)

_Make = Callable[[int], Period]  # of a year
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class _Item:
    make: _Make
    year: int | None
    noun: re.Pattern[str]


def read_series(folded: str, frame: Frame) -> Series | None:
    """Read folded text as points in time. Raises Unreadable; None: it is something else."""
    for spelling, plain in _SPELLINGS:
        folded = spelling.sub(plain, folded)
    parts, joined = _split(folded)
    if joined is None:
        return None
    items: list[_Item] = []
    for part in parts:
        item = _item(part, items[-1].noun if items else None, frame)
        if item is None:
            return None
        items.append(item)
    years = _years([item.year for item in items], frame.year)
    found = tuple(item.make(year) for item, year in zip(items, years, strict=True))
    _check_order(found)
    return Series(found, joined, year_assumed=items[-1].year is None)


def _split(folded: str) -> tuple[list[str], Literal["list", "span"] | None]:
    joints = list(_JOINT.finditer(folded))
    edges = [0, *(edge for joint in joints for edge in joint.span()), len(folded)]
    parts = [folded[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    kinds = {joint.lastgroup for joint in joints}
    if kinds <= {"list"}:
        return parts, "list"
    return parts, "span" if kinds == {"span"} and len(parts) == 2 else None  # noqa: PLR2004


def _item(part: str, noun: re.Pattern[str] | None, frame: Frame) -> _Item | None:
    if noun in (_MONTH, _QUARTER) and (match := _ELIDED.fullmatch(part)):
        return _Item(_MAKERS[noun](match, frame), _year(match), noun)
    for shape, maker in _MAKERS.items():
        if match := shape.fullmatch(part):
            return _Item(maker(match, frame), _year(match), shape)
    return None


def _years(written: list[int | None], plan_year: int) -> list[int]:
    """A year written once, at the end, applies to all; none written: the plan's."""
    if written[-1] is None and any(year not in (None, plan_year) for year in written):
        raise Unreadable(N_("không rõ năm nào áp dụng cho mốc cuối cùng"))
    years, carried = [], plan_year
    for year in reversed(written):
        carried = carried if year is None else year
        years.append(carried)
    if odd := [year for year in years if abs(year - plan_year) > 1]:
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


def _year(match: re.Match[str]) -> int | None:
    year = match["year"]
    return None if year is None else int(year) + (2000 if len(year) == len("25") else 0)


def _day(match: re.Match[str], _: Frame) -> _Make:
    number, month = int(match["d"]), int(match["m"])

    def make(year: int) -> Period:
        try:
            return periods.day(date(year, month, number))
        except ValueError:
            template = N_(
                "không có ngày {day} tháng {month} năm {year} (ngày viết trước, tháng viết sau)"
            )
            raise Unreadable(template, day=number, month=month, year=year) from None

    return make


def _month(match: re.Match[str], _: Frame) -> _Make:
    number = int(match["n"]) if match["n"].isdigit() else 0
    if not 1 <= number <= 12:  # noqa: PLR2004
        raise Unreadable(N_("không có tháng {month}"), month=match["n"])
    return lambda year: periods.month(year, number)


def _quarter(match: re.Match[str], _: Frame) -> _Make:
    number = _ROMAN.get(match["n"]) or int(match["n"])
    if not 1 <= number <= 4:  # noqa: PLR2004
        raise Unreadable(N_("không có quý {quarter}"), quarter=match["n"])
    return lambda year: periods.quarter(year, number)


_MAKERS: dict[re.Pattern[str], Callable[[re.Match[str], Frame], _Make]] = {
    _DAY: _day,
    _MONTH: _month,
    _BARE_MONTH: _month,
    _QUARTER: _quarter,
    _FIRST_MONTHS: lambda match, _: lambda year: periods.first_months(year, int(match["n"])),
    _SECOND_HALF: lambda _match, _frame: periods.second_half,
    _YEAR: lambda _, frame: lambda year: periods.whole_year(year, frame),
}
