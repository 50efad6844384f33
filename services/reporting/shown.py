"""What leaves the service: the one rounding, exact numbers as text, and what small groups forbid.

Inside, every figure is a `Fraction`: no step rounds, so no order and no batch changes a figure.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import sub
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)

SHOWN_PLACES = 2  # as the province publishes, e.g. 81.33
STORED_PLACES = 12  # beyond any exact comparison we make; only for columns and JSON
STEP = 5  # counted answers between two releases of a finer cell, and the smallest group shown


def shown(value: Fraction | Decimal | None) -> Decimal | None:
    """Round to the two places people see, halves away from zero. None stays None.

    The only rounding of an index on its way out: API, live stream, page, export, event. Source: as
    the province publishes its figures, e.g. 81.33.
    """
    return None if value is None else _half_up(Fraction(value), SHOWN_PLACES)


def decimal(value: Fraction) -> Decimal:
    """Return the value to at most 12 places, for a column or JSON; never for more arithmetic."""
    return _plain(_half_up(value, STORED_PLACES))


def text(value: Fraction | Decimal) -> str:
    """Write a number exactly: `1.41` when its decimal ends, else a fraction such as `1262/15`."""
    exact = Fraction(value)
    finite = _half_up(exact, STORED_PLACES)
    return f"{_plain(finite)}" if Fraction(finite) == exact else f"{exact}"


def number(written: str) -> Fraction:
    """Read what `text` wrote. Raises ValueError for anything else."""
    return Fraction(written)


def stands_at(n: int) -> int:
    """Return the number of answers to name beside a finer cell: full steps of 5 only."""
    return n - n % STEP


def may_release(n: int, released_n: int) -> bool:
    """Tell whether a finer cell with `n` counted answers may replace what it showed before.

    Two shown states never differ by fewer than 5 answers, so no single one can be read off.
    Source: composed, docs/indices.md 4.1.
    """
    return n - released_n >= STEP


def released(before: Sequence[int], counts: Sequence[int], size: int) -> list[int]:
    """Return what may be shown of finer cells of `size` numbers each, by what was shown before.

    A cell's numbers come out together. One that shrank below what it showed was mended: it shows
    what is true now.
    """
    after = list(before)
    held_back = list(map(sub, counts, before))
    for start in range(0, len(counts), size):
        more = sum(held_back[start : start + size])
        if more < 0 or may_release(more, 0):
            after[start : start + size] = counts[start : start + size]
    return after


def visible(
    groups: Mapping[Group, int], min_n: int, hidden_before: Collection[Group] = ()
) -> frozenset[Group]:
    """Return the groups whose figures may stand beside their common total.

    Args:
        groups: counted answers per group; together they are the total, so a group of answers that
            belong to no unit is one of them.
        min_n: smallest group whose figure may be shown.
        hidden_before: groups not shown last time. They stay hidden first, so that the choice does
            not wander between groups and let two moments be subtracted.

    Hides every group below `min_n`. When those together are fewer than `min_n`, total minus visible
    would tell about them: more groups join until they are enough (complementary suppression).
    """
    shown_groups = {group for group, n in groups.items() if n >= min_n}
    hidden = sum(n for group, n in groups.items() if group not in shown_groups)
    for group in sorted(shown_groups, key=lambda g: (g not in hidden_before, groups[g], str(g))):
        if hidden == 0 or hidden >= min_n:
            break
        shown_groups.remove(group)
        hidden += groups[group]
    return frozenset(shown_groups)


def _half_up(value: Fraction, places: int) -> Decimal:
    """Round exactly, without a decimal context: halves away from zero."""
    scaled = abs(value) * 10**places
    digits = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((int(value < 0 and digits > 0), tuple(map(int, str(digits))), -places))


def _plain(value: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponent notation. Exact for any length."""
    written = f"{value:f}"
    return Decimal(written.rstrip("0").rstrip(".") if "." in written else written)
