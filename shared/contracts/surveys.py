"""Events published by the surveys service. Nothing in them leads to a citizen."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from contracts.events import Event, Payload

Method = Literal["share", "mean5"]
Aggregator = Literal["mean_of_items", "pooled", "general_question"]
QuestionKind = Literal["scale5", "single", "multi", "text"]


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
    """A survey round. `opens_on`, `closes_on` inclusive. `method` is the one that is published."""

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


class RoundOpened(Event, type="surveys.round_opened.v1", aggregate="round"):
    """Answers are taken from now on."""

    round: RoundState

    @property
    def subject(self) -> UUID:
        return self.round.round_id

    @property
    def version(self) -> int:
        return self.round.version


class RoundClosed(Event, type="surveys.round_closed.v1", aggregate="round"):
    """No more answers are taken."""

    round: RoundState

    @property
    def subject(self) -> UUID:
        return self.round.round_id

    @property
    def version(self) -> int:
        return self.round.version


class ResponseSubmitted(
    Event, type="surveys.response_submitted.v1", aggregate="response", audience="internal"
):
    """One counted response. Its event id is UUIDv5 of the response id, its time cut to the hour.

    `answers` maps the code of a scaled question to 1..5; an unanswered one is missing, never 0.
    `choices` maps a single or multi question to the indexes of the chosen options. No free text.
    `unit_id` is the unit that served, None when the link did not say.
    """

    unversioned: ClassVar[bool] = True

    response_id: UUID
    round_id: UUID
    unit_id: UUID | None
    channel: str
    lane: Literal["ticket", "open"]
    answers: dict[str, int]
    choices: dict[str, list[int]]

    @property
    def subject(self) -> UUID:
        return self.response_id

    @property
    def version(self) -> int:
        return 1
