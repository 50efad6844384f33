"""What a code leads to: a round with its questionnaire, and perhaps a unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.surveys import Lane
from surveys.codes.domain import Code
from surveys.questionnaires.domain import Questionnaire
from surveys.rounds.domain import Refusal, Round


@dataclass(frozen=True)
class AskedRound:
    """A round as a respondent meets it. `units`: its units' names by id, in the directory's order.

    `names`: of every unit. `today`: the local date when it was looked up.
    """

    id: UUID
    title: str
    rules: Round
    questionnaire: Questionnaire
    units: Mapping[UUID, str]
    names: Mapping[UUID, str]
    today: date

    @property
    def refusal(self) -> Refusal | None:
        """Why it takes no answer today, None when it does."""
        return self.rules.accepts(self.today)


@dataclass(frozen=True)
class ResolvedCode:
    """A code and what it leads to. `unit_id` None: the respondent may say which unit served.

    `spent`: a ticket whose row is gone. `voided`: one of a batch that was.
    """

    code: Code
    asked: AskedRound
    unit_id: UUID | None
    spent: bool = False
    voided: bool = False

    @property
    def ticket(self) -> str | None:
        """Key of the ticket to spend; None for a link."""
        return self.code.key if self.code.kind == "ticket" else None

    @property
    def lane(self) -> Lane:
        """The lane of ballots that come by this code, whatever their sender calls the channel."""
        return "ticket" if self.ticket else "open"

    @property
    def unit_name(self) -> str | None:
        """Name of the unit that the code stands for."""
        return self.asked.names.get(self.unit_id) if self.unit_id else None

    @property
    def choosable(self) -> Mapping[UUID, str]:
        """The units a respondent may name: none when the code says it, or nobody asks."""
        asks = self.asked.questionnaire.unit_question and not self.unit_id
        return self.asked.units if asks else {}
