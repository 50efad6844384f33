"""A ballot on its way in."""

from dataclasses import dataclass
from uuid import UUID

from contracts.surveys import Lane
from surveys.answers.domain import Answers

Content = tuple[UUID, UUID | None, str, str, dict[str, int], dict[str, list[int]]]


@dataclass(frozen=True)
class Ballot:
    """A checked ballot on its way in. `ticket`: key of the ticket to spend, in that lane only."""

    response_id: UUID
    round_id: UUID
    unit_id: UUID | None
    channel: str
    lane: Lane
    ticket: str | None
    answers: Answers

    @property
    def content(self) -> Content:
        """All that is stored of it. Not its words, which nothing leads to."""
        said = self.answers.scaled, self.answers.choices
        return self.round_id, self.unit_id, self.channel, self.lane, *said
