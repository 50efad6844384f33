"""Pure: when a queue will be full, what may be added to it, what a broker keeps of a password."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from notifications.partners.domain import matches

CATCHING_UP_FILLS = Fraction(4, 5)  # of a queue; the rest is for what happens meanwhile
LOOKS_BACK = timedelta(hours=1)
SALT_BYTES = 4  # the broker's format


@dataclass(frozen=True)
class Load:
    """What a queue held at a moment: messages and bytes, those handed out included."""

    at: datetime
    messages: int
    bytes: int


@dataclass(frozen=True)
class Bounds:
    """What a queue can hold."""

    messages: int
    bytes: int


@dataclass(frozen=True)
class Scope:
    """What may be in a queue: patterns of types, and units; `units` None: all."""

    types: frozenset[str]
    units: frozenset[UUID] | None

    @classmethod
    def of(cls, types: Iterable[str] | None, units: Iterable[UUID] | None) -> "Scope":
        """Read it as a row has it; `types` None: nothing yet."""
        return cls(frozenset(types or ()), None if units is None else frozenset(units))

    def columns(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        units = None if self.units is None else sorted(self.units)
        return {"may_types": sorted(self.types), "may_units": units}

    def reaches_beyond(self, other: "Scope") -> bool:
        """Tell whether something in it may not be in another, pattern by pattern."""
        if not self.types:
            return False
        if not all(matches(other.types, each) for each in self.types):
            return True
        return other.units is not None and (self.units is None or not self.units <= other.units)


def full_at(earlier: Load, now: Load, bounds: Bounds) -> datetime | None:
    """Return when a queue will drop its oldest, if it goes on growing as it did; None: it does not.

    Args:
        earlier, now: two measures, the earlier one up to an hour old. One at the same moment says
            nothing yet: None.

    A queue that is full already is full now.
    """
    if now.messages >= bounds.messages or now.bytes >= bounds.bytes:
        return now.at
    span = now.at - earlier.at
    lefts = [
        (bounds.messages - now.messages, now.messages - earlier.messages),
        (bounds.bytes - now.bytes, now.bytes - earlier.bytes),
    ]
    waits = [Fraction(left, grown) for left, grown in lefts if grown > 0]
    if not waits or span <= timedelta(0):
        return None
    try:
        return now.at + span * float(min(waits))
    except OverflowError:  # beyond the calendar
        return None


def earlier_of(kept: Load | None, before: Load | None, now: Load) -> Load:
    """Return the measure to compare later ones with: the kept one for an hour, then the last."""
    if kept is not None and now.at - kept.at < LOOKS_BACK:
        return kept
    return before or now


def room_in(held: int, most_messages: int) -> int:
    """Return how many messages may be added while catching up, so that the queue drops none."""
    return max(0, int(most_messages * CATCHING_UP_FILLS) - held)


def hash_of(password: str, salt: bytes) -> str:
    """Return what the broker stores of a password: Base64 of salt and SHA-256 of salt + password.

    Source: RabbitMQ, "Credentials and Passwords", rabbit_password_hashing_sha256.
    """
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
