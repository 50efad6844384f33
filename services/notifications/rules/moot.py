"""What nobody needs to hear any more, because the subject has moved on."""

from dataclasses import dataclass
from datetime import date

from notifications.rules.model import Occasion, Rule


@dataclass(frozen=True)
class Newest:
    """The newest known state of a subject. `asked`: an extension is asked for."""

    version: int
    status: str
    due_on: date | None
    asked: bool = False


def is_moot(rule: Rule, occasion: Occasion, newest: Newest | None) -> bool:
    """Whether a newer state makes it pointless: handed in, another due day, nothing asked for."""
    if newest is None or newest.version <= occasion.version:
        return False
    moved = rule.dated and newest.due_on != occasion.due_on
    answered = rule.while_asked and not newest.asked
    return moved or answered or newest.status in rule.moot_at
