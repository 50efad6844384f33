"""Dates and numbers as people here read them: 23/11/2026, 1.234,56."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal

from babel.dates import format_timedelta
from babel.numbers import format_decimal

from chassis.clock import TIME_ZONE

NOTHING = "–"
CENTS = Decimal("0.01")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WRITTEN_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
MEGABYTE = 1_000_000
_BARRED_D = "\u0111"  # the one letter whose accent Unicode does not take apart


def number(value: Any) -> Decimal | None:
    """Return the Decimal behind a JSON string or number; None when there is none."""
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def decimal(value: Any, locale: str = "vi") -> str:
    """Write with two places, half up: "88.395" is 88,40. No value is a dash, never 0."""
    exact = number(value)
    if exact is None:
        return NOTHING
    rounded = exact.quantize(CENTS, ROUND_HALF_UP)
    return format_decimal(rounded, format="#,##0.00", locale=locale)


def percent(value: Any, locale: str = "vi") -> str:
    """Write a figure of 0..100: 88,40%."""
    text = decimal(value, locale)
    return text if text == NOTHING else f"{text}%"


def short(value: Any, locale: str = "vi") -> str:
    """Write a number without needless zeros, at most two places: 90, 41,5."""
    exact = number(value)
    if exact is None:
        return NOTHING
    return format_decimal(exact.quantize(CENTS, ROUND_HALF_UP), format="#,##0.##", locale=locale)


def exact(value: Any, locale: str = "vi") -> str:
    """Write a number with all its places, for those who recompute it; other words as they are."""
    found = number(value)
    if found is None:
        return NOTHING if value in (None, "") else str(value)
    return format_decimal(found, format="#,##0.############", locale=locale)


def count(value: Any, locale: str = "vi") -> str:
    """Write a whole number: 12.345."""
    exact = number(value)
    if exact is None:
        return NOTHING
    return format_decimal(exact, format="#,##0", locale=locale)


def day(value: str | date | None) -> str:
    """Write a calendar day: 30/11/2025."""
    if not value:
        return NOTHING
    parsed = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{parsed:%d/%m/%Y}"


def weekday(value: str) -> int:
    """Return the day of the week, 1 for Monday."""
    return date.fromisoformat(value).isoweekday()


def iso_day(text: str) -> str:
    """Return 30/11/2025 as 2025-11-30; that form stays. Raises ValueError."""
    if ISO_DAY.fullmatch(text):
        return date.fromisoformat(text).isoformat()
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC).date().isoformat()


DayProblem = Literal["unreadable", "no_such_day"]


def day_problem(text: str) -> DayProblem | None:
    """Return what is wrong about a written day: no day at all, or one that no calendar has."""
    try:
        iso_day(text)
    except ValueError:
        shaped = ISO_DAY.fullmatch(text) or WRITTEN_DAY.fullmatch(text)
        return "no_such_day" if shaped else "unreadable"
    return None


def fact(value: Any) -> str:
    """Write a stored fact: a day as a day, anything else as it is."""
    text = NOTHING if value in (None, "") else str(value)
    try:
        return day(text)
    except ValueError:
        return text


def local(value: str | datetime) -> datetime:
    """Return an instant in the department's time zone; one without a zone is UTC."""
    parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware.astimezone(TIME_ZONE)


def instant(value: str | datetime | None) -> str:
    """Write an instant: 23/11/2026 15:31."""
    return f"{local(value):%d/%m/%Y %H:%M}" if value else NOTHING


def clock(value: str | datetime | None) -> str:
    """Write the time of day: 15:31:05."""
    return f"{local(value):%H:%M:%S}" if value else NOTHING


def duration(seconds: Any, locale: str = "vi") -> str:
    """Write a span in its largest unit: 40 seconds, 3 minutes, 2 days."""
    exact = number(seconds)
    if exact is None:
        return NOTHING
    return str(format_timedelta(timedelta(seconds=round(exact)), threshold=1, locale=locale))


def unaccented(text: str) -> str:
    """Return a text in small letters without accents, to be compared with others."""
    parts = unicodedata.normalize("NFD", text.casefold().replace(_BARRED_D, "d"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def size(value: Any, locale: str = "vi") -> str:
    """Write a size in bytes as KB or MB: 1,5 MB."""
    exact = number(value)
    if exact is None:
        return NOTHING
    if exact < MEGABYTE:
        return f"{count(max(Decimal(1), exact / 1000), locale)} KB"
    return f"{format_decimal(exact / MEGABYTE, format='#,##0.0', locale=locale)} MB"
