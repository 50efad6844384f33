"""Numbers as they leave the service: the one rounding, and exact numbers as text.

Inside, every figure is a `Fraction`: no step rounds, so no order and no batch changes a figure.
"""

from decimal import Decimal
from fractions import Fraction

SHOWN_PLACES = 2  # as the province publishes, e.g. 81.33
STORED_PLACES = 12  # beyond any exact comparison we make; only for columns and JSON


def shown(value: Fraction | Decimal | None) -> Decimal | None:
    """Round to the two places people see, halves away from zero. None stays None.

    The only rounding of an index on its way out: API, live stream, page, export, event. Source: as
    the province publishes its figures, e.g. 81.33.
    """
    if value is None:
        return None
    return _half_up(value if isinstance(value, Fraction) else Fraction(value), SHOWN_PLACES)


def points(value: Fraction) -> Decimal:
    """Round points as `shown` does: those of a survey would tell more of its answers, exactly."""
    return _half_up(value, SHOWN_PLACES)


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


def _half_up(value: Fraction, places: int) -> Decimal:
    """Round exactly, without a decimal context: halves away from zero.

    In whole numbers: a table of 200 bodies has 10,000 of these.
    """
    top, bottom = abs(value.numerator) * 10**places, value.denominator
    digits = (2 * top + bottom) // (2 * bottom)
    sign = "-" if digits and value.numerator < 0 else ""
    return Decimal(f"{sign}{digits}e-{places}")


def _plain(value: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponent notation. Exact for any length."""
    written = f"{value:f}"
    return Decimal(written.rstrip("0").rstrip(".") if "." in written else written)
