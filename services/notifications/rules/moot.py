"""What nobody needs to hear any more, because the subject has moved on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from notifications.rules.model import Occasion, Rule


@dataclass(frozen=True)
class Newest:
    """The newest known state of a subject. `asked`: an extension is asked for.

    `contributions`: the status of each, by id.
    """

    version: int
    status: str
    due_on: date | None
    asked: bool = False
    contributions: Mapping[UUID, str] = field(default_factory=dict)


def is_moot(rule: Rule, occasion: Occasion, newest: Newest | None) -> bool:
    """Whether a newer state makes it pointless: handed in, another due day, nothing asked for."""
    if newest is None or newest.version <= occasion.version:
        return False
    moved = rule.dated and newest.due_on != occasion.due_on
    answered = rule.while_asked and not newest.asked
    came = rule.while_contribution and _status(occasion, newest) not in rule.while_contribution
    return moved or answered or bool(came) or newest.status in rule.moot_at


def _status(occasion: Occasion, newest: Newest) -> str | None:
    return newest.contributions.get(occasion.contribution_id) if occasion.contribution_id else None
