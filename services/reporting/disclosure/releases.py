"""Which ballots are released, and when: from several units together, by lot and not by time."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from fractions import Fraction
from uuid import UUID

from reporting.disclosure.thresholds import FEWEST_UNITS

WAITING = 20  # ballots that must wait before a unit is due
SHARE = Fraction(1, 5)  # of what a unit has released already


def is_due(waiting: int, released: int) -> bool:
    """Tell whether a unit has enough waiting ballots: 20, and a fifth of its released ones."""
    return waiting >= WAITING and waiting >= SHARE * released


def due_units(
    waiting: Mapping[UUID, int], released: Mapping[UUID, int], nobody: UUID
) -> frozenset[UUID]:
    """Return the units that release now: all that are due, once three are; else none.

    `nobody`: the key of ballots that name no unit. They release along with others; they are no
    unit among whose ballots another one's could hide.
    """
    due = {unit for unit, n in waiting.items() if is_due(n, released.get(unit, 0))}
    return frozenset(due) if len(due - {nobody}) >= FEWEST_UNITS else frozenset()


def drawn(secret: bytes, release: int, waiting: Collection[bytes]) -> list[bytes]:
    """Return the half (rounded down) of a unit's waiting ballots that a release takes.

    A ballot stands here by the sixteen bytes of its id.

    By lot: the smallest HMAC of release number and ballot under the round's secret. The order of
    arrival has no part in it, and whoever lacks the secret cannot tell which of the waiting ones,
    their own included, are in.
    """
    begun = hmac.new(secret, release.to_bytes(8), hashlib.sha256)

    def lot(ballot: bytes) -> bytes:
        one = begun.copy()  # of thousands of ballots the secret is taken in once
        one.update(ballot)
        return one.digest()

    return sorted(waiting, key=lot)[: len(waiting) // 2]
