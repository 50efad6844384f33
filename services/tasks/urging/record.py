"""What an urging says to other services: an event for each unit whose people are urged."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.ids import new_id
from contracts.tasks import UnitUrged, UrgedPerson
from tasks.assignments.urged import Urging


def events(urging: Urging, people: Sequence[tuple[UUID, UrgedPerson]], on: date) -> list[UnitUrged]:
    """Return an event for each unit whose people are urged."""
    by_unit: dict[UUID, list[UrgedPerson]] = defaultdict(list)
    for unit_id, person in people:
        by_unit[unit_id].append(person)
    return [
        UnitUrged(
            unit_urging_id=new_id(), urging_id=urging.id, unit_id=unit_id, origin=urging.origin,
            on=on, people=named, about="report" if urging.reason == "report" else "assignments",
        )
        for unit_id, named in by_unit.items()
    ]  # fmt: skip
