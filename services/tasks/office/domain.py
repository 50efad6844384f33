"""Which days a month has, and which units need attention first. Pure."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args
from uuid import UUID

Need = Literal["overdue", "not_urged", "report_late", "returned", "needs_person", "due"]
NEEDS: tuple[Need, ...] = get_args(Need)
"""What a unit may need attention for, the most pressing first. Source: composed."""


@dataclass(frozen=True)
class Month:
    """A calendar month, both days included."""

    first: date
    last: date

    @property
    def written(self) -> str:
        """The month as addresses have it: 2025-11."""
        return f"{self.first:%Y-%m}"


def month_of(written: str | None, today: date) -> Month:
    """Return the month written 2025-11; without one, today's."""
    year, number = (int(part) for part in (written or f"{today:%Y-%m}").split("-"))
    last = calendar.monthrange(year, number)[1]
    return Month(date(year, number, 1), date(year, number, last))


def by_need(counts: Mapping[UUID, Mapping[Need, int]]) -> Sequence[UUID]:
    """Return the units that need attention, the most pressing first: by each need in its order."""
    pressing = [unit for unit, needs in counts.items() if any(needs.values())]
    return sorted(pressing, key=lambda unit: [*(-counts[unit][need] for need in NEEDS), str(unit)])
