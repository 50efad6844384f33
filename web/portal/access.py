"""What a page offers to whom. Only a courtesy: the services decide, these hide useless buttons."""

from collections.abc import Mapping
from typing import Any

OFFICE = {"office"}
DECIDES = {"office", "director"}
ROUNDS = {"office", "admin"}
UNIT = {"unit_head", "unit_officer", "office"}  # each for their own unit
OPEN = {"not_started", "in_progress", "returned"}


class Rights:
    """Questions the templates ask about the person who is signed in."""

    def __init__(self, me: Mapping[str, Any]) -> None:
        """Take the person as the tasks service describes them."""
        self._role = str(me.get("role", ""))
        self._unit = me.get("unit_id")

    @property
    def manage_plans(self) -> bool:
        """Create plans, enter targets, import appendices, confirm links to sub-criteria."""
        return self._role in OFFICE

    @property
    def manage_rounds(self) -> bool:
        """Prepare, open and close survey rounds."""
        return self._role in ROUNDS

    def report(self, assignment: Mapping[str, Any]) -> bool:
        """Report progress and hand in results: the unit's own people, while it is open."""
        own = self._role in UNIT and assignment.get("unit_id") == self._unit
        return own and assignment.get("status") in OPEN

    def decide(self, assignment: Mapping[str, Any]) -> bool:
        """Accept or return a result, when one waits."""
        return self._role in DECIDES and assignment.get("status") == "submitted"

    def change(self, assignment: Mapping[str, Any]) -> bool:
        """Set a deadline that was left open, or the accountable person."""
        return self._role in OFFICE and assignment.get("status") in {*OPEN, "submitted"}
