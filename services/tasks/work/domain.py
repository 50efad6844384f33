"""What waits for whom, and which days a week has. Pure."""

from datetime import date, timedelta
from typing import Literal

from contracts.tasks import Role

What = Literal[
    "accept", "answer", "correct", "contribute", "take_contribution", "report", "set_deadline",
    "name_person", "update", "extend",
]  # fmt: skip
WEEK = 7  # days
_OF_ROLES: dict[Role, tuple[What, ...]] = {
    "director": ("accept", "extend"),
    "office": (
        "accept", "extend", "answer", "set_deadline", "name_person", "correct", "contribute",
        "take_contribution", "report", "update",
    ),
    "unit_head": ("correct", "contribute", "take_contribution", "report", "update"),
    "unit_officer": ("correct", "contribute", "take_contribution", "report", "update"),
}  # fmt: skip
LEADING: frozenset[Role] = frozenset({"office", "unit_head", "unit_officer"})
"""Roles whose unit leads assignments that they report on."""


def waits_for(role: Role) -> tuple[What, ...]:
    """Return what may wait for a role, the most pressing first; for who only reads, nothing."""
    return _OF_ROLES.get(role, ())


def week_end(today: date) -> date:
    """Return the Sunday of a day's week."""
    return today + timedelta(days=WEEK - today.isoweekday())
