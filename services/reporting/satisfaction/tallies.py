"""Reads a round's released ballots from the cells, and what was chosen in them from the facts."""

from uuid import UUID

from sqlalchemy import Text, cast, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import QuestionnaireState, RoundState
from reporting.satisfaction.ballots import Ballots, Tally, lanes_of
from reporting.satisfaction.cells import numbers
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.models import AnswerCell

_CHOSEN = text("""
    SELECT c.question, CAST(c.chosen->>0 AS int) AS place, count(*) AS n
    FROM response_fact, jsonb_each(choices) AS c(question, chosen)
    WHERE round_id = :round AND lane = ANY(CAST(:lanes AS text[]))
      AND released_in IS NOT NULL AND left_in IS NULL
      AND c.question = ANY(CAST(:questions AS text[])) AND jsonb_array_length(c.chosen) = 1
    GROUP BY 1, 2
""")


async def released_tally(
    session: AsyncSession, round_: RoundState, questionnaire: QuestionnaireState
) -> Tally:
    """Return a round's released ballots."""
    cell, questions = AnswerCell, scaled(questionnaire)
    columns = (cell.unit_id, cell.lane, cell.released_n, cast(cell.released, Text))
    rows = await session.execute(select(*columns).where(cell.round_id == round_.round_id))
    units: dict[UUID, list[Ballots]] = {}
    beside: dict[str, list[Ballots]] = {}
    for unit_id, lane, n, released in rows:
        ballots = Ballots(n, numbers(released))
        if lane in lanes_of(round_):
            units.setdefault(unit_id, []).append(ballots)
        else:
            beside.setdefault(lane, []).append(ballots)
    by_unit = {unit: Ballots.of_all(parts) for unit, parts in units.items()}
    by_lane = {lane: Ballots.of_all(parts) for lane, parts in beside.items()}
    return Tally(round_, questionnaire, questions, by_unit, by_lane)


async def released_options(
    session: AsyncSession, round_: RoundState, questionnaire: QuestionnaireState
) -> dict[str, list[int]]:
    """Return how often each option of the questions with one choice was chosen, in their order."""
    asked = {q.code: len(q.options) for q in questionnaire.questions if q.kind == "single"}
    about = {"round": round_.round_id, "lanes": lanes_of(round_), "questions": sorted(asked)}
    counts = {code: [0] * options for code, options in asked.items()}
    for row in await session.execute(_CHOSEN, about):
        if 0 <= row.place < asked[row.question]:
            counts[row.question][row.place] = row.n
    return counts
