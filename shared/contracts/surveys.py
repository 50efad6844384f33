"""Events published by the surveys service. Nothing in them leads to a citizen."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.events import Event, Payload

Method = Literal["share", "mean5"]
Aggregator = Literal["mean_of_items", "pooled", "general_question"]
QuestionKind = Literal["scale5", "single", "multi", "text"]
Lane = Literal["ticket", "supervised", "open"]
"""How a ballot came: by a one-time ticket; entered by staff without one (paper, kiosk, interview);
by an open link, which proves nothing about who answers or how often."""


class QuestionState(Payload):
    """A question as published. `factor` is the SIPAS factor code of a scaled item, else None."""

    code: str
    kind: QuestionKind
    text: str
    factor: str | None
    general: bool
    options: list[str]


class QuestionnaireState(Payload):
    """A published version: immutable. `composed` says that its wording is not an official form."""

    questionnaire_id: UUID
    version: int
    code: str
    title: str
    composed: bool
    factors: dict[str, str]
    questions: list[QuestionState]


class QuestionnairePublished(
    Event, type="surveys.questionnaire_published.v1", aggregate="questionnaire"
):
    """A questionnaire version may now be used in rounds."""

    questionnaire: QuestionnaireState

    @property
    def subject(self) -> UUID:
        return self.questionnaire.questionnaire_id

    @property
    def version(self) -> int:
        return self.questionnaire.version


class RoundState(Payload):
    """A survey round. `opens_on`, `closes_on` inclusive. `method` is the one that is published.

    `open_in_index`: whether ballots without a ticket join the index when the round is closed; no
    figure moves by them before. Absent in events of rounds made before there were lanes: all their
    ballots did. `cancelled`: it is closed because it was
    given up; no figure stands on it.
    """

    round_id: UUID
    version: int
    title: str
    year: int
    questionnaire_id: UUID
    questionnaire_version: int
    method: Method
    aggregator: Aggregator
    status: Literal["draft", "open", "closed"]
    opens_on: date
    closes_on: date
    unit_ids: list[UUID]
    min_n: int
    open_in_index: bool = True
    cancelled: bool = False


class RoundOpened(Event, type="surveys.round_opened.v1", aggregate="round"):
    """Answers are taken from now on."""

    round: RoundState

    @property
    def subject(self) -> UUID:
        return self.round.round_id

    @property
    def version(self) -> int:
        return self.round.version


class RoundChanged(Event, type="surveys.round_changed.v1", aggregate="round"):
    """An open round has another title or last day."""

    round: RoundState

    @property
    def subject(self) -> UUID:
        return self.round.round_id

    @property
    def version(self) -> int:
        return self.round.version


class LaneCount(Payload):
    """Ballots of a lane that were ever counted: those that are, and those excluded since.

    `revisions`: the sum of their versions. Who has as many ballots and revisions has them all, even
    when some were excluded or restored after the end.
    """

    lane: Lane
    counted: int
    excluded: int
    revisions: int


class TicketCount(Payload):
    """Tickets that a round issued, used or not. Of a round over fewer than three units in tens.

    `issued`: without those of batches that were voided, which are `voided`; how many of these were
    used by then is told to nobody.
    """

    issued: int
    voided: int


class RoundClosed(Event, type="surveys.round_closed.v1", aggregate="round"):
    """No more answers are taken: it ended, or was cancelled.

    `ballots`: what there is; who counts them waits until it has all. `tickets`: what was issued.

    Both absent of a cancelled round; and in events made before there were lanes, before tickets
    were told.
    """

    round: RoundState
    ballots: list[LaneCount] | None = None
    tickets: TicketCount | None = None

    @property
    def subject(self) -> UUID:
        return self.round.round_id

    @property
    def version(self) -> int:
        return self.round.version


class BallotEvent(Payload):
    """What all events about one ballot carry.

    Their ids are UUIDv5 of the ballot's id and version, their times cut to the hour; they name no
    actor.
    """

    unversioned: ClassVar[bool] = True

    response_id: UUID
    round_id: UUID
    unit_id: UUID | None
    lane: Lane

    @property
    def subject(self) -> UUID:
        """Id of the ballot."""
        return self.response_id


class ResponseSubmitted(
    BallotEvent, Event, type="surveys.response_submitted.v1", aggregate="response",
    audience="internal",
):  # fmt: skip
    """One counted ballot.

    `answers` maps the code of a scaled question to 1..5; an unanswered one is missing, never 0.
    `choices` maps a single or multi question to the indexes of the chosen options. No free text.
    `unit_id` is the unit that served, None when the link did not say.
    """

    channel: str
    answers: dict[str, int]
    choices: dict[str, list[int]]

    @property
    def version(self) -> int:
        return 1


class ReviewEvent(BallotEvent):
    """What excluding and restoring a ballot carry. `revision`: the ballot's version, from 2.

    `hour`: the time of the event that said it came, to find it by; absent in events of before.
    """

    revision: int
    hour: datetime | None = None

    @property
    def version(self) -> int:
        """Version of the ballot."""
        return self.revision


class ResponseExcluded(
    ReviewEvent, Event, type="surveys.response_excluded.v1", aggregate="response",
    audience="internal",
):  # fmt: skip
    """A counted ballot counts no more."""


class ResponseRestored(
    ReviewEvent, Event, type="surveys.response_restored.v1", aggregate="response",
    audience="internal",
):  # fmt: skip
    """An excluded ballot counts again."""
