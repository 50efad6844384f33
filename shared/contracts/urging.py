"""Events of urging (đôn đốc): who is urged; `contracts.tasks` has them by these names."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.events import Event, Payload

UrgingOrigin = Literal["office", "ladder"]
UrgedAbout = Literal["assignments", "report"]
UrgedAs = Literal["lead", "coordinating", "person", "head", "office", "director", "stands_in"]


class UrgedPerson(Payload):
    """One person who is urged, once, whatever the number of rows.

    `urged_as`: the tie to most of the rows; of a ladder, its step. `count`: rows; `number`: the
    first one's. `days_late`: working days past the last allowed day of the one that is latest, on
    the day of the event. `words`: what the Office says, filled in for this person; "" of a ladder.
    """

    person_id: UUID
    urged_as: UrgedAs
    count: int
    number: str
    days_late: int
    words: str


class UnitUrged(Event, type="tasks.unit_urged.v1", aggregate="unit_urging", audience="internal"):
    """The people of one unit are urged about what they owe; one event per unit of an urging.

    `on`: the local day. A person is of one unit, so each is named by one event of an urging.
    `about`: assignments, or the unit's report under a plan; then `number` is "".
    """

    unit_urging_id: UUID
    urging_id: UUID
    unit_id: UUID
    origin: UrgingOrigin
    on: date
    people: list[UrgedPerson]
    about: UrgedAbout = "assignments"

    @property
    def subject(self) -> UUID:
        """Id of the part of an urging that goes to one unit."""
        return self.unit_urging_id

    @property
    def version(self) -> int:
        """It happens once."""
        return 1
