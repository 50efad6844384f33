"""The department's units and plans: read by everyone, changed seldom, needed on most pages."""

import time
from collections.abc import Container, Iterable
from datetime import date
from typing import Any

from portal.client import Api
from portal.problems import ServiceDown

NO_DUTIES = ("admin", "external_system")  # roles of nobody who is inspected, inspects or answers
CACHE_SECONDS = 30.0  # seconds: a renamed unit may show its old name that long


class Directory:
    """Caches the list of units for a short while."""

    def __init__(self) -> None:
        self._units: list[dict[str, Any]] = []
        self._read_at = float("-inf")

    async def units(self, api: Api) -> list[dict[str, Any]]:
        """Return the units in directory order; what was known before, while tasks is away."""
        if time.monotonic() - self._read_at > CACHE_SECONDS:
            try:
                answer = await api.whole("tasks", "/v1/units")
            except ServiceDown:
                return self._units
            self._units = sorted(answer["data"], key=lambda unit: unit.get("sort_order", 0))
            self._read_at = time.monotonic()
        return self._units


def names(units: list[dict[str, Any]]) -> dict[str, str]:
    """Return the name of each unit by its id."""
    return {unit["id"]: unit["name"] for unit in units}


def in_force(plans: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return the plans in force; the one of the nearest year first, since it is offered first."""
    found = [plan for plan in plans if plan["status"] == "active"]
    return sorted(found, key=lambda plan: abs(plan["year"] - today.year))


def at_work(people: Iterable[dict[str, Any]], kept: Container[str] = ()) -> list[dict[str, Any]]:
    """Return those with duties of the department: no other system, nobody who only administers.

    `kept`: ids of those who stay whatever became of them.
    """
    return [
        each
        for each in people
        if each["id"] in kept or (each["active"] and each["role"] not in NO_DUTIES)
    ]
