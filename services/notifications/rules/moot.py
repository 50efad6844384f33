"""What nobody needs to hear any more, because the subject has moved on."""

from dataclasses import dataclass
from datetime import date

from notifications.rules.model import Occasion, Rule


@dataclass(frozen=True)
class Newest:
    """The newest known state of a subject."""

    version: int
    status: str
    due_on: date | None


def is_moot(rule: Rule, occasion: Occasion, newest: Newest | None) -> bool:
    """Whether a newer state makes the occasion pointless: handed in, or another due day."""
    if newest is None or newest.version <= occasion.version:
        return False
    moved = rule.dated and newest.due_on != occasion.due_on
    return moved or newest.status in rule.moot_at
