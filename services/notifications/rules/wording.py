"""How days, figures and a task's own words are written in a notification."""

from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from textwrap import shorten

LONGEST = 160  # characters of a task's own words inside a sentence
_CENT = Decimal("0.01")


def day_text(day: date) -> str:
    """Write a day as dd/mm/yyyy, as forms do; documents of the decree (tasks) drop a zero."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def brief(text: str) -> str:
    """Return the text on one line, cut at a word when it is longer than 160 characters."""
    return shorten(text, LONGEST, placeholder="…")


def percent_text(value: Decimal, *, up: bool) -> str:
    """Write a percentage with two places and a decimal comma.

    Args:
        value: 0..100, unrounded.
        up: which way the rest goes. A figure that misses its target is cut, one that reaches it is
            raised, so that the text never contradicts what was decided on the exact figure.
    """
    cut = value.quantize(_CENT, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return f"{cut}".replace(".", ",") + " %"


def target_text(value: Decimal) -> str:
    """Write a target as it was set, without needless zeros: 90 %, 85,5 %."""
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain.replace(".", ",") + " %"
