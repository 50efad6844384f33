"""Events of inspections; `contracts.tasks` has them by these names."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.events import Event, OfStaff, Payload, SeveralOfStaff

InspectionBody = Literal["government", "party_committee", "joint"]
InspectionMethod = Literal["planned", "unannounced", "documents", "system_data", "citizen_feedback"]
InspectionStatus = Literal["planned", "announced", "visited", "concluded", "cancelled"]
FindingKind = Literal["shortcoming", "limitation"]
InspectionNews = Literal["announced", "changed", "cancelled"]


class InspectionState(Payload):
    """An inspection of a unit as others may know of it: how many findings, never which.

    Findings and the conclusion stay in tasks; subject and team are in no public event.
    """

    inspection_id: UUID
    version: int
    unit_id: UUID
    year: int
    finding_count: int


class InspectionEvent(Payload):
    """What every event about an inspection carries: its state after the event."""

    inspection: InspectionState

    @property
    def subject(self) -> UUID:
        """Id of the inspection."""
        return self.inspection.inspection_id

    @property
    def version(self) -> int:
        """Version of the inspection."""
        return self.inspection.version


class InspectionAnnounced(
    InspectionEvent,
    Event,
    type="tasks.inspection_announced.v1",
    aggregate="inspection",
    audience="internal",
):
    """An inspection was announced to its unit or, once announced, was changed or cancelled.

    Never of one that was not announced. `news`: which of the three; a change is of days, subject,
    team, or more records. `team_ids`: head, members and substitutes as they are now. `records`:
    what the unit is asked for and has not handed over.
    """

    news: InspectionNews
    subject_matter: str
    starts_on: date
    ends_on: date
    team_ids: SeveralOfStaff
    records: list[str]


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
