"""Steering's figure: it moves with nearly every answer, and nobody can say with whose.

Each counted ballot enters a pool of 20 and at once pushes a random one of the 21 into the set that
the figure counts. Whoever watches it around one ballot sees some ballot of the last days join.
"""

from collections.abc import Iterable, Sequence
from secrets import randbelow
from typing import TypeVar

Ballot = TypeVar("Ballot")
SIZE = 20


def through(pool: Sequence[Ballot], arriving: Iterable[Ballot]) -> list[Ballot]:
    """Let ballots through the pool; return whom it holds afterwards."""
    held = list(pool)
    for ballot in arriving:
        if len(held) < SIZE:
            held.append(ballot)
        elif (place := randbelow(SIZE + 1)) < SIZE:
            held[place] = ballot  # whoever was there goes into the set; else the ballot itself
    return held
