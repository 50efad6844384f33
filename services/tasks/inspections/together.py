"""Two inspections that meet: the same unit without a working day between, or the same people. Pure.

Nothing is forbidden because of it: whoever plans decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.working_calendar import ONE_DAY, WorkingCalendar

Kind = Literal["unit", "person"]
LONGEST_REST = 14  # days: no row of days off is as long, Tết and its weekends included


@dataclass(frozen=True)
class Planned:
    """An inspection as others may meet it. `people`: who serves in its team."""

    id: UUID
    unit_id: UUID
    starts_on: date
    ends_on: date
    people: frozenset[UUID]


@dataclass(frozen=True)
class Meeting:
    """How one inspection meets another. `person_id`: who serves in both, None for a unit."""

    kind: Kind
    other_id: UUID
    person_id: UUID | None = None


def meetings_of(
    one: Planned, others: Sequence[Planned], calendar: WorkingCalendar
) -> Iterator[Meeting]:
    """Yield how an inspection meets others, in their order. Source: composed."""
    for other in others:
        if other.id == one.id:
            continue
        if other.unit_id == one.unit_id and touch(one, other, calendar):
            yield Meeting("unit", other.id)
        if share_a_day(one, other):
            for person_id in sorted(one.people & other.people):
                yield Meeting("person", other.id, person_id)


def share_a_day(one: Planned, other: Planned) -> bool:
    """Whether a day belongs to both."""
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def touch(one: Planned, other: Planned, calendar: WorkingCalendar) -> bool:
    """Whether they share a day, or no working day lies between: from a Friday to the Monday."""
    if share_a_day(one, other):
        return True
    first, second = sorted((one, other), key=lambda each: each.starts_on)
    between = calendar.working_days_between(first.ends_on, second.starts_on - ONE_DAY)
    far = (second.starts_on - first.ends_on).days > LONGEST_REST
    return not far and between == 0
