"""A cell spelled plainly: old spellings changed, weekday and hour taken out and kept beside it."""

import re
from dataclasses import dataclass

from chassis.words import N_
from tasks.deadlines import vocabulary
from tasks.deadlines.domain import Unreadable
from tasks.words import fold, pattern

_SPELLINGS = tuple((pattern(old), plain) for old, plain in vocabulary.SPELLINGS)
_IN_WORDS = tuple(  # with accents, unlike all others
    re.compile(shape, re.IGNORECASE)
    for shape in (
        vocabulary.MONTH_IN_WORDS,
        vocabulary.QUARTER_IN_WORDS,
        vocabulary.MONTHS_IN_WORDS,
    )
)
_BULLET = pattern(vocabulary.BULLET)
_BRACKETS = pattern(vocabulary.BRACKETS[0])
_NEXT_YEAR = pattern(vocabulary.NEXT_YEAR)
_HOUR_OF_DAY = pattern(vocabulary.HOUR_OF_DAY)
_HOUR_AFTER_DAY = pattern(vocabulary.HOUR_AFTER_DAY)
_WEEKDAYS = tuple(
    pattern(words) for words in (vocabulary.WEEKDAY_AFTER_DAY, vocabulary.WEEKDAY_BEFORE_DAY)
)
_EXCLUDED = pattern(vocabulary.EXCLUDED)
_NUMBERS = tuple(fold(word) for word in vocabulary.WEEKDAY_NUMBERS)
_LAST_HOUR, _LAST_MINUTE = 24, 59


@dataclass(frozen=True, slots=True)
class Cell:
    """`words`: plainly spelled, accents kept. `hours`: as written; the day itself then counts.

    `weekdays`: as `date.weekday()`, in the order of the days they stand beside.
    """

    words: str
    hours: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()


def spelled_plainly(words: str, year: int) -> Cell:
    """Spell tidy words plainly. `year`: the plan's. Raises Unreadable for an hour that is none."""
    words = _in_figures(words)
    for old, plain in _SPELLINGS:
        words = _respell(words, old, plain)
    words = _respell(words, _NEXT_YEAR, f"{vocabulary.YEAR_IN_WORDS} {year + 1}")
    words, weekdays = _without_weekdays(words)
    words, hours = _without_hours(words)
    words = _respell(words, _BRACKETS, vocabulary.BRACKETS[1])
    return Cell(words, hours, weekdays)


def without_bullets(words: str) -> list[str]:
    """Return the lines of a cell without the marks that begin them."""
    return [_BULLET.sub("", line) for line in words.split("\n")]


def weekday_of(written: str) -> int:
    """Return a weekday as `date.weekday()`: "thứ Sáu", "thứ 6" and "Chủ nhật" in folded letters."""
    last = written.rsplit(maxsplit=1)[-1]
    if last.isdigit():
        return int(last) - 2
    return _NUMBERS.index(last) if last in _NUMBERS else len(_NUMBERS) - 1


def _in_figures(words: str) -> str:
    """Write "tháng Sáu", "quý hai" and "sáu tháng" with figures."""
    for shape in _IN_WORDS:
        words = shape.sub(_figure, words)
    return words


def _figure(match: re.Match[str]) -> str:
    number = str(vocabulary.NUMBERS_IN_WORDS[match["number"].lower()])
    noun = match.groupdict().get("noun")
    return f"{noun} {number}" if noun else number


def _respell(words: str, shape: re.Pattern[str], plain: str) -> str:
    """Replace in the words what the shape meets in their folded letters; groups keep accents."""
    out, at = [], 0
    for match in shape.finditer(fold(words)):
        out += [words[at : match.start()], _filled(plain, match, words)]
        at = match.end()
    return "".join([*out, words[at:]])


def _filled(plain: str, match: re.Match[str], words: str) -> str:
    return re.sub(r"\\(\d)", lambda number: words[slice(*match.span(int(number[1])))], plain)


def _without_weekdays(words: str) -> tuple[str, tuple[int, ...]]:
    folded = fold(words)
    found = {  # by place: "15h00, thứ Sáu, ngày 28/11" is beside two numbers and counts once
        match.start(match.lastgroup or 0): weekday_of(match[match.lastgroup or 0])
        for shape in _WEEKDAYS
        for match in shape.finditer(folded)
    }
    for shape in _WEEKDAYS:
        words = _respell(words, shape, "")
    return words, tuple(found[place] for place in sorted(found))


def _without_hours(words: str) -> tuple[str, tuple[str, ...]]:
    """An hour makes its day the last: "trước 15h00 ngày 28/11" is the 28th, up to then."""
    hours: list[str] = []
    while match := _HOUR_OF_DAY.search(fold(words)):
        instead = _instead_of(match)
        hours.append(words[slice(*match.span("hour"))])
        words = f"{words[: match.start()]}{instead}{words[match.end() :]}"
    if not hours and (match := _HOUR_AFTER_DAY.search(fold(words))):
        _check(match)
        hours.append(words[slice(*match.span("hour"))])
        words = words[: match.start()]
        if _EXCLUDED.search(fold(words)):
            raise Unreadable(N_("không rõ giờ {hour} tính vào ngày nào"), hour=hours[0])
    return words, tuple(hours)


def _instead_of(match: re.Match[str]) -> str:
    midnight = _check(match)
    if midnight:
        return match["before"]
    return vocabulary.BEFORE_THE_HOUR if match["before"] else ""


def _check(match: re.Match[str]) -> bool:
    """Tell whether it is "before midnight", the end of the day before. Raises Unreadable."""
    hour, minute = int(match["h"]), int(match["m"] or match["min"] or 0)
    past_the_day = hour == _LAST_HOUR and minute > 0
    if hour > _LAST_HOUR or minute > _LAST_MINUTE or past_the_day:
        raise Unreadable(N_("không có {hour}"), hour=match["hour"])
    midnight = hour == minute == 0
    if midnight and match["before"] is None:
        raise Unreadable(N_("không rõ {hour} là đầu hay cuối ngày"), hour=match["hour"])
    return midnight
