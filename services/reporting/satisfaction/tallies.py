"""A round's counted answers, read from the cells, and the figures they give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import QuestionnaireState, RoundState
from reporting.satisfaction.domain import (
    LEVELS,
    AnswerCounts,
    Measure,
    Question,
    measure,
    pooled,
    scaled,
)
from reporting.satisfaction.models import NO_UNIT, AnswerCell
from reporting.sources.views import questionnaire_of

_CELLS_OF_ROUND = text("""
    SELECT place, sum(c.counted) AS counted, sum(c.released) AS released
    FROM answer_cell, unnest(counts, released) WITH ORDINALITY AS c(counted, released, place)
    WHERE round_id = :round_id GROUP BY place ORDER BY place
""")
_RESPONSES_OF_ROUND = text("""
    SELECT coalesce(sum(n), 0) FROM answer_cell WHERE round_id = :round_id
""")


@dataclass(frozen=True)
class Tally:
    """A round's counted answers: all of them, and those released for showing."""

    round: RoundState
    questionnaire: QuestionnaireState
    questions: tuple[Question, ...]
    live: Mapping[UUID, Mapping[str, AnswerCounts]]
    released: Mapping[UUID, Mapping[str, AnswerCounts]]
    responses: Mapping[UUID, int]

    @property
    def n(self) -> int:
        """Counted responses of the department."""
        return sum(self.responses.values())


async def tally(session: AsyncSession, round_: RoundState) -> Tally | None:
    """Return a round's cells; None while its questionnaire is unknown here."""
    questionnaire = await questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    questions = scaled(questionnaire)
    columns = (AnswerCell.unit_id, AnswerCell.n, AnswerCell.counts, AnswerCell.released)
    rows = await session.execute(select(*columns).where(AnswerCell.round_id == round_.round_id))
    live, released, responses = {}, {}, {}
    for row in rows:
        live[row.unit_id] = by_question(questions, row.counts, row.n)
        released[row.unit_id] = by_question(questions, row.released)
        responses[row.unit_id] = row.n
    return Tally(round_, questionnaire, questions, live, released, responses)


async def department_tally(session: AsyncSession, round_: RoundState) -> Tally | None:
    """Return a round's cells of all units added up, as of one unit: what indices stand on."""
    questionnaire = await questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    questions = scaled(questionnaire)
    round_id = {"round_id": round_.round_id}
    n = int((await session.execute(_RESPONSES_OF_ROUND, round_id)).scalar_one())
    numbers = (await session.execute(_CELLS_OF_ROUND, round_id)).all()
    live = by_question(questions, [int(row.counted) for row in numbers], n)
    released = by_question(questions, [int(row.released) for row in numbers])
    cells = {NO_UNIT: live}, {NO_UNIT: released}, {NO_UNIT: n}
    return Tally(round_, questionnaire, questions, *cells)


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


def department(
    cells: Mapping[UUID, Mapping[str, AnswerCounts]],
) -> dict[str, AnswerCounts]:
    """Pool the answers of all units, question by question: never a mean of units."""
    codes = sorted({code for unit in cells.values() for code in unit})
    return {code: pooled(unit[code] for unit in cells.values() if code in unit) for code in codes}


def factor_measure(tally: Tally, factor: str, counts: Mapping[str, AnswerCounts]) -> Measure:
    """Return one factor's figure in the round's own method."""
    name = tally.questionnaire.factors.get(factor, factor)
    return measure(
        tally.questions, counts, tally.round.method, tally.round.aggregator,
        factor=factor, name=name, n=tally.n,
    )  # fmt: skip


def overall(tally: Tally, counts: Mapping[str, AnswerCounts]) -> Measure:
    """Return the figure over all questions in the round's own method."""
    return measure(tally.questions, counts, tally.round.method, tally.round.aggregator, n=tally.n)
