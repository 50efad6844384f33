"""Events of measures against what lost points; `contracts.tasks` has them by these names."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.events import Event, OfStaff, Payload

MeasureStatus = Literal["proposed", "accepted", "returned"]


class MeasureState(Payload):
    """What a unit proposes against a sub-criterion that lost points. The words stay in tasks.

    `year`, `code`, `criterion`: of the sub-criterion in the published sheet. `unit_id` leads it.
    `plan_id`, `assignment_ids`: what it became once it is accepted, one for each time its deadline
    falls due; `assignment_id`, `assignment_number`: the first of them.
    """

    measure_id: UUID
    version: int
    year: int
    code: str
    criterion: str
    unit_id: UUID
    proposed_by_id: OfStaff
    status: MeasureStatus
    plan_id: UUID | None
    assignment_id: UUID | None
    assignment_number: str | None
    assignment_ids: list[UUID] = Field(default=[])


class MeasureEvent(Payload):
    """What all events about a measure carry: its full state after the event."""

    measure: MeasureState

    @property
    def subject(self) -> UUID:
        """Id of the measure."""
        return self.measure.measure_id

    @property
    def version(self) -> int:
        """Version of the measure."""
        return self.measure.version


class MeasureProposed(
    MeasureEvent, Event, type="tasks.measure_proposed.v1", aggregate="measure", audience="internal"
):
    """A unit proposes a measure; the Office decides."""


class MeasureReturned(
    MeasureEvent, Event, type="tasks.measure_returned.v1", aggregate="measure", audience="internal"
):
    """The Office returned a measure; the reason stays in tasks."""


class MeasureAccepted(MeasureEvent, Event, type="tasks.measure_accepted.v1", aggregate="measure"):
    """A measure was accepted: it is an assignment of a plan now."""
