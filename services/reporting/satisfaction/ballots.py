"""Released ballots as figures are made of them: by unit, and beside the index by lane. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, get_args
from uuid import UUID

from contracts.surveys import Lane, QuestionnaireState, RoundState
from reporting.satisfaction.domain import (
    LEVELS,
    AnswerCounts,
    Measure,
    Question,
    measure,
)

NO_UNIT = UUID(int=0)
"""Stands in keys for answers whose link did not say which unit served."""

LANES: tuple[Lane, ...] = get_args(Lane)


@dataclass(frozen=True)
class Ballots:
    """Ballots of one group: how many, and five counts per scaled question, in order."""

    n: int
    numbers: Sequence[int]

    @classmethod
    def of_all(cls, groups: Sequence[Self]) -> Self:
        """Pool the ballots of groups, question by question: never a mean of units."""
        if len(groups) == 1:
            return groups[0]
        numbers = zip(*(group.numbers for group in groups), strict=True)
        return cls(sum(group.n for group in groups), list(map(sum, numbers)))


@dataclass(frozen=True)
class Tally:
    """A round's released ballots: of the index by unit; of lanes outside of it by lane.

    `options`: once the round is closed, how often each option of a question with one choice was
    chosen in the index's ballots, in their order.
    """

    round: RoundState
    questionnaire: QuestionnaireState
    questions: tuple[Question, ...]
    units: Mapping[UUID, Ballots]
    beside: Mapping[str, Ballots] = field(default_factory=dict)
    options: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def department(self) -> Ballots:
        """The ballots of all units; of a round that nobody answered, none to each question."""
        none = Ballots(0, [0] * (LEVELS * len(self.questions)))
        return Ballots.of_all(list(self.units.values()) or [none])

    def answers(self, ballots: Ballots) -> dict[str, AnswerCounts]:
        """Return the counts of each question, by its code."""
        return by_question(self.questions, ballots.numbers, ballots.n)

    def measure(self, ballots: Ballots, factor: str | None = None) -> Measure:
        """Return a factor's figure over some ballots, or everything's, in the round's method."""
        answers = self.answers(ballots)
        name = self.questionnaire.factors.get(factor, factor) if factor else ""
        return measure(
            self.questions, answers, self.round.method, self.round.aggregator,
            factor=factor, name=name, n=ballots.n,
        )  # fmt: skip


def moves_open_figures(lane: Lane) -> bool:
    """Tell whether a ballot is drawn, pooled and steered by while its round is open: by ticket.

    Whoever has an open link sends as many as he likes: he would flood the pool, or a unit.
    """
    return lane == "ticket"


def lanes_while_open() -> list[Lane]:
    """Return the lanes whose ballots figures are made of while a round is open."""
    return [lane for lane in LANES if moves_open_figures(lane)]


def lanes_of(round_: RoundState) -> list[Lane]:
    """Return the lanes that the round's index takes at closing: those with a ticket always."""
    return list(LANES) if round_.open_in_index else lanes_while_open()


def lanes_counted(round_: RoundState) -> list[Lane]:
    """Return the lanes that are counted in the index by now; the others are told beside it."""
    return lanes_of(round_) if round_.status == "closed" else lanes_while_open()


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
