"""Events of questions and guidance about assignments; `contracts.tasks` has them by these names."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.events import Event, OfStaff, Payload

QuestionStatus = Literal["open", "answered"]


class QuestionState(Payload):
    """What a unit asks the Office about an assignment. The words stay in tasks.

    `unit_id` asks, `lead_unit_id` leads the assignment. `for_all`: the answer is made known to all
    units of the plan.
    """

    question_id: UUID
    version: int
    assignment_id: UUID
    assignment_number: str
    subject_matter: str
    plan_id: UUID
    plan_title: str
    unit_id: UUID
    lead_unit_id: UUID
    asked_by_id: OfStaff
    asked_at: datetime
    status: QuestionStatus
    answered_at: datetime | None
    for_all: bool


class QuestionEvent(Payload):
    """What both events about a question carry: its full state after the event."""

    question: QuestionState

    @property
    def subject(self) -> UUID:
        """Id of the question."""
        return self.question.question_id

    @property
    def version(self) -> int:
        """Version of the question."""
        return self.question.version


class QuestionAsked(
    QuestionEvent, Event, type="tasks.question_asked.v1", aggregate="question", audience="internal"
):
    """A unit asks the Office how something is to be done."""


class QuestionAnswered(
    QuestionEvent,
    Event,
    type="tasks.question_answered.v1",
    aggregate="question",
    audience="internal",
):
    """The Office answered, to the unit alone or to all units of the plan (`question.for_all`)."""
