"""The smallest groups whose figures may be shown, and how finely."""

from fractions import Fraction

DEPARTMENT = 30  # ballots behind a figure of the whole department
FINER = 10  # ballots behind a unit's figure, or one question's in a unit
FEWEST_UNITS = 3  # below it the department's figure is nearly one unit's
_TEN = 10
_WHOLE = 100  # percent
_STEPS = (Fraction(1, 10), Fraction(1, 2), Fraction(1), Fraction(5), Fraction(10))  # percent


def department_threshold(min_n: int) -> int:
    """Return how many ballots a figure of the department needs, by what its round asks for.

    A round may raise the floor of 30, never lower it. Composed.
    """
    return max(DEPARTMENT, min_n)


def step(n: int) -> Fraction:
    """Return the step, in percent, to which a figure over `n` released ballots is rounded.

    The smallest of 0.1, 0.5, 1, 5 and 10 that is not below 100/n: one ballot moves an index by at
    most 100/n, so what it moved disappears in the rounding. Composed.
    """
    return next((each for each in _STEPS if each * n >= _WHOLE), _STEPS[-1])


def stepped(value: Fraction | None, n: int, least: int) -> Fraction | None:
    """Return a percentage over `n` released ballots as it may be shown while more may come.

    Rounded half up to its step; None with fewer than `least` ballots.
    """
    if value is None or n < least:
        return None
    size = step(n)
    return size * ((value / size + Fraction(1, 2)) // 1)


def is_few(n: int) -> bool:
    """Tell whether so many answers are too few to be told apart from others: 1 to 9."""
    return 0 < n < FINER


def in_tens(n: int) -> int:
    """Return a count as it may be told of one unit: whole tens, rounded down."""
    return n - n % _TEN


def count_told(n: int, units: int) -> int:
    """Return the number of counted ballots as everybody may see it move: at once.

    In a round over fewer than three units it is nearly a unit's own, and told as one: in tens.
    """
    return n if units >= FEWEST_UNITS else in_tens(n)
