"""What is told of how many ballots there are: no count shows one ballot of a unit. Composed.

Two counts that are told never have a difference from which a unit's own follows: whatever says
something of a unit is a function of its whole tens, tickets that are left too.
"""

from contracts.surveys import Lane

TEN = 10
FEW = 3
"""Units of a round below which the department's count would say a unit's, or by subtraction."""


def tens(number: int) -> int:
    """Return whole tens, rounded down."""
    return number - number % TEN


def of_department(number: int, units: int) -> int:
    """Return a number about a whole round of so many units: itself, of few units in tens."""
    return number if units >= FEW else tens(number)


def tickets(issued: int, used: int, units: int) -> tuple[int, int]:
    """Return how many tickets are told as issued and as not used yet.

    What is left is reckoned from tens of what was used: its own tens would lie across those of
    the answers, and both together would say more than either. `issued` is without batches that
    were voided, `used` with what was used of them: what is left may be told too low by that, for
    the true number would say how many of one unit's batch were used.
    """
    issued_told, used_told = of_department(issued, units), of_department(used, units)
    return issued_told, max(issued_told - used_told, 0)


def counts_in_index(lane: Lane, *, open_in_index: bool, ended: bool) -> bool:
    """Tell whether ballots of a lane count in a round's index by now: without a ticket at its end.

    `open_in_index`: whether the round said as it was made that it takes those.
    """
    return lane == "ticket" or (open_in_index and ended)
