"""Released ballots as figures are made of them: by unit, and beside the index by lane. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args
from uuid import UUID

from contracts.surveys import Lane, QuestionnaireState, RoundState
from reporting.satisfaction.domain import (
    LEVELS,
    AnswerCounts,
    Measure,
    Question,
    measure,
    pooled,
)

NO_UNIT = UUID(int=0)
"""Stands in keys for answers whose link did not say which unit served."""

LANES: tuple[Lane, ...] = get_args(Lane)


@dataclass(frozen=True)
class Ballots:
    """Ballots of one group: how many, and their answers by question."""

    n: int
    answers: Mapping[str, AnswerCounts]

    @classmethod
    def of_all(cls, groups: Sequence["Ballots"]) -> "Ballots":
        """Pool the ballots of groups, question by question: never a mean of units."""
        codes = sorted({code for group in groups for code in group.answers})
        answers = {
            code: pooled(group.answers[code] for group in groups if code in group.answers)
            for code in codes
        }
        return cls(sum(group.n for group in groups), answers)


@dataclass(frozen=True)
class Tally:
    """A round's released ballots: of the index by unit; of lanes outside of it by lane."""

    round: RoundState
    questionnaire: QuestionnaireState
    questions: tuple[Question, ...]
    units: Mapping[UUID, Ballots]
    beside: Mapping[str, Ballots] = field(default_factory=dict)

    @property
    def department(self) -> Ballots:
        """The ballots of all units."""
        return Ballots.of_all(list(self.units.values()))

    def measure(self, ballots: Ballots, factor: str | None = None) -> Measure:
        """Return a factor's figure over some ballots, or everything's, in the round's method."""
        name = self.questionnaire.factors.get(factor, factor) if factor else ""
        return measure(
            self.questions, ballots.answers, self.round.method, self.round.aggregator,
            factor=factor, name=name, n=ballots.n,
        )  # fmt: skip


def lanes_of(round_: RoundState) -> list[Lane]:
    """Return the lanes whose ballots count in the round's index: those with a ticket always."""
    return list(LANES) if round_.open_in_index else ["ticket"]


def by_question(
    questions: Sequence[Question], numbers: Sequence[int], responses: int | None = None
) -> dict[str, AnswerCounts]:
    """Return the counts of each question out of a cell, by its code; nothing without a cell.

    `responses`: how many there are; those that left a question out are its missing ones.
    """
    found = {}
    for position, question in enumerate(questions[: len(numbers) // LEVELS]):
        five = numbers[LEVELS * position : LEVELS * (position + 1)]
        missing = 0 if responses is None else responses - sum(five)
        found[question.code] = AnswerCounts(*[*five, missing])
    return found
