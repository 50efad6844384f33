"""Facts of responses, and the cells that count their answers."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Received, Retry
from contracts.surveys import QuestionnaireState, ResponseSubmitted, RoundState
from reporting.actions import projections
from reporting.domain.satisfaction import AnswerCounts, Question, scaled
from reporting.domain.shown import STEP
from reporting.models import ANSWERS, NO_UNIT, answer_cell, response_cell

Key = tuple[UUID, UUID, int]

_FACTS = text("""
    INSERT INTO response_fact (response_id, event_id, event_time, round_id, unit_id, lane, answers,
      choices)
    SELECT g.response_id, g.event_id, g.event_time, g.round_id, g.unit_id, g.lane,
      CAST(g.answers AS smallint[]), CAST(g.choices AS jsonb)
    FROM unnest(CAST(:response_ids AS uuid[]), CAST(:event_ids AS uuid[]),
      CAST(:times AS timestamptz[]), CAST(:rounds AS uuid[]), CAST(:units AS uuid[]),
      CAST(:lanes AS text[]), CAST(:answers AS text[]), CAST(:choices AS text[]))
      AS g(response_id, event_id, event_time, round_id, unit_id, lane, answers, choices)
    ORDER BY g.response_id ON CONFLICT DO NOTHING RETURNING response_id
""")
_NEW = " + ".join(f"cell.{n} + excluded.{n}" for n in ANSWERS)
_OLD = " + ".join(f"cell.released_{n}" for n in ANSWERS)
# Answers of a cell are released together, once STEP more have come than were shown before.
_CELLS = text(f"""
    INSERT INTO answer_cell AS cell (round_id, unit_id, question, n1, n2, n3, n4, n5,
      released_n1, released_n2, released_n3, released_n4, released_n5)
    SELECT g.*, r.* FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[]),
      CAST(:questions AS smallint[]), CAST(:n1 AS bigint[]), CAST(:n2 AS bigint[]),
      CAST(:n3 AS bigint[]), CAST(:n4 AS bigint[]), CAST(:n5 AS bigint[]))
      AS g(round_id, unit_id, question, n1, n2, n3, n4, n5)
    CROSS JOIN LATERAL (SELECT CASE WHEN g.n1 + g.n2 + g.n3 + g.n4 + g.n5 >= {
    STEP
} THEN 1 ELSE 0 END)
      AS ready(yes)
    CROSS JOIN LATERAL (SELECT g.n1 * yes, g.n2 * yes, g.n3 * yes, g.n4 * yes, g.n5 * yes) AS r
    ORDER BY g.round_id, g.unit_id, g.question
    ON CONFLICT (round_id, unit_id, question) DO UPDATE SET
      {", ".join(f"{n} = cell.{n} + excluded.{n}" for n in ANSWERS)},
      {
    ", ".join(
        f"released_{n} = CASE WHEN ({_NEW}) - ({_OLD}) >= {STEP} "
        f"THEN cell.{n} + excluded.{n} ELSE cell.released_{n} END"
        for n in ANSWERS
    )
}
""")  # noqa: S608 - column names of ours
_RESPONSES = text("""
    INSERT INTO response_cell AS cell (round_id, unit_id, n)
    SELECT * FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[]), CAST(:n AS bigint[]))
      AS g(round_id, unit_id, n)
    ORDER BY g.round_id, g.unit_id
    ON CONFLICT (round_id, unit_id) DO UPDATE SET n = cell.n + excluded.n
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


async def apply(
    session: AsyncSession, events: Sequence[Received[ResponseSubmitted]]
) -> set[tuple[UUID, int]]:
    """Take responses into the facts and cells; return the (round, year) touched.

    A response that is already a fact changes nothing. Raises Retry while its round is unknown.
    """
    rounds = await _rounds(session, {received.event.round_id for received in events})
    fresh = await _store(session, events, rounds)
    new = [r.event for r in events if r.event.response_id in fresh]
    if not new:
        return set()
    cells: dict[Key, list[int]] = defaultdict(lambda: [0] * 5)
    responses: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for event in new:
        unit_id = event.unit_id or UUID(NO_UNIT)
        responses[event.round_id, unit_id] += 1
        for position, answer in enumerate(_positions(event, rounds[event.round_id][1]), 1):
            if answer is not None:
                cells[event.round_id, unit_id, position][answer - 1] += 1
    await _add(session, cells, responses)
    return {(round_id, rounds[round_id][0].year) for round_id, _ in responses}


async def tally(session: AsyncSession, round_: RoundState) -> Tally | None:
    """Return a round's cells; None while its questionnaire is unknown here."""
    questionnaire = await projections.questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    questions = scaled(questionnaire)
    rows = await session.execute(
        select(response_cell).where(response_cell.c.round_id == round_.round_id)
    )
    responses = {row.unit_id: row.n for row in rows}
    live: dict[UUID, dict[str, AnswerCounts]] = defaultdict(dict)
    released: dict[UUID, dict[str, AnswerCounts]] = defaultdict(dict)
    cells = await session.execute(
        select(answer_cell).where(answer_cell.c.round_id == round_.round_id)
    )
    for row in cells:
        code = questions[row.question - 1].code
        counts = {name: getattr(row, name) for name in ANSWERS}
        missing = responses.get(row.unit_id, 0) - sum(counts.values())
        live[row.unit_id][code] = AnswerCounts(**counts, missing=missing)
        released[row.unit_id][code] = AnswerCounts(
            *(getattr(row, f"released_{n}") for n in ANSWERS)
        )
    return Tally(round_, questionnaire, questions, live, released, responses)


async def _rounds(
    session: AsyncSession, ids: Iterable[UUID]
) -> dict[UUID, tuple[RoundState, tuple[Question, ...]]]:
    found = {}
    for round_id in sorted(ids):
        round_ = await projections.round_of(session, round_id)
        questionnaire = await projections.questionnaire_of(session, round_) if round_ else None
        if round_ is None or questionnaire is None:
            raise Retry(f"round {round_id} is not known here yet", after=timedelta(seconds=2))
        found[round_id] = (round_, scaled(questionnaire))
    return found


def _positions(event: ResponseSubmitted, questions: Iterable[Question]) -> list[int | None]:
    return [event.answers.get(question.code) for question in questions]


async def _store(
    session: AsyncSession,
    events: Sequence[Received[ResponseSubmitted]],
    rounds: Mapping[UUID, tuple[RoundState, tuple[Question, ...]]],
) -> set[UUID]:

    def array(event: ResponseSubmitted) -> str:
        values = _positions(event, rounds[event.round_id][1])
        return "{" + ",".join("NULL" if v is None else str(v) for v in values) + "}"

    rows: dict[str, list[Any]] = {
        "response_ids": [r.event.response_id for r in events],
        "event_ids": [r.id for r in events],
        "times": [r.time for r in events],
        "rounds": [r.event.round_id for r in events],
        "units": [r.event.unit_id or UUID(NO_UNIT) for r in events],
        "lanes": [r.event.lane for r in events],
        "answers": [array(r.event) for r in events],
        "choices": [json.dumps(r.event.choices) for r in events],
    }
    return set((await session.execute(_FACTS, rows)).scalars())


async def _add(
    session: AsyncSession,
    cells: Mapping[Key, list[int]],
    responses: Mapping[tuple[UUID, UUID], int],
) -> None:
    """Add to cells, sorted by key so that two workers do not deadlock."""
    ordered = sorted(cells)
    await session.execute(
        _CELLS,
        {
            "rounds": [key[0] for key in ordered],
            "units": [key[1] for key in ordered],
            "questions": [key[2] for key in ordered],
            **{name: [cells[key][i] for key in ordered] for i, name in enumerate(ANSWERS)},
        },
    )
    pairs = sorted(responses)
    await session.execute(
        _RESPONSES,
        {
            "rounds": [pair[0] for pair in pairs],
            "units": [pair[1] for pair in pairs],
            "n": [responses[pair] for pair in pairs],
        },
    )
