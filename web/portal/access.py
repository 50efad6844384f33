"""What a page offers to whom. Only a courtesy: the services decide, these hide useless buttons."""

from collections.abc import Mapping
from typing import Any

OFFICE = {"office", "admin"}
DEPARTMENT_WIDE = {"director", "office", "appraiser", "auditor", "admin"}
UNIT = {"unit_head", "unit_officer"}
CLOSED = {"done", "cancelled"}


class Rights:
    """Questions the templates ask about the person who is signed in."""

    def __init__(self, me: Mapping[str, Any]) -> None:
        """Take the person as the tasks service describes them."""
        self._role = str(me.get("role", ""))
        self._unit = me.get("unit_id")

    @property
    def manage_plans(self) -> bool:
        """Create plans, enter targets, import appendices."""
        return self._role in OFFICE

    @property
    def manage_rounds(self) -> bool:
        """Prepare, open and close survey rounds."""
        return self._role in OFFICE

    @property
    def see_all_units(self) -> bool:
        """Look beyond their own unit."""
        return self._role in DEPARTMENT_WIDE

    def report(self, assignment: Mapping[str, Any]) -> bool:
        """Report progress and hand in results: the unit's own people, while it is open."""
        own = self._role in UNIT | OFFICE and assignment.get("unit_id") == self._unit
        return own and assignment.get("status") not in {"submitted", *CLOSED}

    def decide(self, assignment: Mapping[str, Any]) -> bool:
        """Accept or return a result: the Office, when one waits."""
        return self._role in OFFICE and assignment.get("status") == "submitted"

    def change(self, assignment: Mapping[str, Any]) -> bool:
        """Set a deadline or the accountable person: the Office, while it is open."""
        return self._role in OFFICE and assignment.get("status") not in CLOSED
