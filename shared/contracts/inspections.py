"""Events of inspections; `contracts.tasks` has them by these names."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.events import Event, OfStaff, Payload

InspectionBody = Literal["government", "party_committee", "joint"]
InspectionMethod = Literal["planned", "unannounced", "documents", "system_data", "citizen_feedback"]
InspectionStatus = Literal["planned", "announced", "visited", "concluded", "cancelled"]
FindingKind = Literal["shortcoming", "limitation"]


class InspectionState(Payload):
    """An inspection of a unit as others may know of it: how many findings, never which.

    Subject, team, findings and the conclusion stay in tasks.
    """

    inspection_id: UUID
    version: int
    unit_id: UUID
    year: int
    finding_count: int


class InspectionEvent(Payload):
    """What both events about an inspection carry: its state after the event."""

    inspection: InspectionState

    @property
    def subject(self) -> UUID:
        """Id of the inspection."""
        return self.inspection.inspection_id

    @property
    def version(self) -> int:
        """Version of the inspection."""
        return self.inspection.version


class InspectionConcluded(
    InspectionEvent, Event, type="tasks.inspection_concluded.v1", aggregate="inspection"
):
    """An inspection ended with a conclusion; what is to be remedied became assignments."""

    conclusion_number: str
    concluded_on: date


class FindingRecorded(
    InspectionEvent,
    Event,
    type="tasks.finding_recorded.v1",
    aggregate="inspection",
    audience="internal",
):
    """The team wrote down a finding: that there is one, and of which kind. Its words stay in tasks.

    The inspected unit hears of it with the conclusion. `criterion_code`: the sub-criterion that the
    team named, if it named one.
    """

    finding_id: UUID
    kind: FindingKind
    recorded_by_id: OfStaff
    criterion_code: str | None = None
