"""Facts of responses, and the cells that count their answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import Discard, Received, Retry
from contracts.surveys import QuestionnaireState, ResponseSubmitted, RoundState
from reporting.models import NO_UNIT, answer_cell
from reporting.satisfaction import cells
from reporting.satisfaction.cells import Counts
from reporting.satisfaction.domain import LEVELS, AnswerCounts, Question, scaled
from reporting.sources import actions as projections

NOBODY = UUID(NO_UNIT)
_asked: "dict[UUID, Asked]" = {}

_ASKED = text("""
    SELECT year, CAST(state->>'questionnaire_id' AS uuid) AS questionnaire,
      CAST(state->>'questionnaire_version' AS bigint) AS version
    FROM survey_round WHERE id = :id
""")

_FACTS = text("""
    INSERT INTO response_fact (response_id, event_id, event_time, round_id, unit_id, lane, answers,
      choices)
    SELECT g.response_id, g.event_id, g.event_time, g.round_id, g.unit_id, g.lane,
      CAST(g.answers AS smallint[]), CAST(g.choices AS jsonb)
    FROM unnest(CAST(:response_ids AS uuid[]), CAST(:event_ids AS uuid[]),
      CAST(:times AS timestamptz[]), CAST(:rounds AS uuid[]), CAST(:units AS uuid[]),
      CAST(:lanes AS text[]), CAST(:answers AS text[]), CAST(:choices AS text[]))
      AS g(response_id, event_id, event_time, round_id, unit_id, lane, answers, choices)
    ORDER BY g.response_id ON CONFLICT DO NOTHING RETURNING response_id, now() AS now
""")
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


@dataclass(frozen=True)
class Applied:
    """What a batch moved: the (round, year) touched; `now` is the database's."""

    touched: set[tuple[UUID, int]]
    now: datetime


@dataclass(frozen=True)
class Asked:
    """A round as its answers are counted: its year, and its scaled questions in order."""

    year: int
    codes: tuple[str, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the level 0 of each question would stand among the counts of a unit."""
        return {code: LEVELS * position - 1 for position, code in enumerate(self.codes)}

    def count(self, event: ResponseSubmitted, into: Counts) -> None:
        """Count one response; answers to other questions are not. Raises Discard past the scale."""
        into.n += 1
        places, counts = self.places, into.counts
        for code, level in event.answers.items():
            if not 1 <= level <= LEVELS:
                raise Discard(f"{code}: {level} is no level")
            place = places.get(code)
            if place is not None:
                counts[place + level] += 1


async def apply(
    session: AsyncSession, events: Sequence[Received[ResponseSubmitted]]
) -> Applied | None:
    """Take responses into the facts and cells; None when all are facts already.

    Raises Retry while a round is unknown.
    """
    rounds = await rounds_asked(session, {received.event.round_id for received in events})
    stored = await _store(session, events, rounds)
    if not stored:
        return None
    fresh = {row.response_id for row in stored}
    counted: dict[cells.Key, Counts] = {}
    for event in (r.event for r in events if r.event.response_id in fresh):
        asked = rounds[event.round_id]
        key = event.round_id, event.unit_id or NOBODY
        if key not in counted:
            counted[key] = Counts.none(len(asked.codes))
        asked.count(event, counted[key])
    await cells.add(session, counted)
    touched = {(round_id, rounds[round_id].year) for round_id, _ in counted}
    return Applied(touched, stored[0].now)


async def tally(session: AsyncSession, round_: RoundState) -> Tally | None:
    """Return a round's cells; None while its questionnaire is unknown here."""
    questionnaire = await projections.questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    questions = scaled(questionnaire)
    rows = await session.execute(
        select(answer_cell).where(answer_cell.c.round_id == round_.round_id)
    )
    live, released, responses = {}, {}, {}
    for row in rows:
        live[row.unit_id] = by_question(questions, row.counts, row.n)
        released[row.unit_id] = by_question(questions, row.released)
        responses[row.unit_id] = row.n
    return Tally(round_, questionnaire, questions, live, released, responses)


async def department_tally(session: AsyncSession, round_: RoundState) -> Tally | None:
    """Return a round's cells of all units added up, as of one unit: what indices stand on."""
    questionnaire = await projections.questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    questions = scaled(questionnaire)
    round_id = {"round_id": round_.round_id}
    n = int((await session.execute(_RESPONSES_OF_ROUND, round_id)).scalar_one())
    numbers = (await session.execute(_CELLS_OF_ROUND, round_id)).all()
    live = by_question(questions, [int(row.counted) for row in numbers], n)
    released = by_question(questions, [int(row.released) for row in numbers])
    return Tally(round_, questionnaire, questions, {NOBODY: live}, {NOBODY: released}, {NOBODY: n})


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


async def rounds_asked(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Asked]:
    """Return what rounds ask, read once per process: an open round never asks anything else.

    Raises Retry while one is unknown.
    """
    asked = {id_: _asked.get(id_) or await _read(session, id_) for id_ in sorted(ids)}
    _asked.update(asked)
    return asked


async def _read(session: AsyncSession, round_id: UUID) -> Asked:
    row = (await session.execute(_ASKED, {"id": round_id})).one_or_none()
    form = row and await projections.published(session, row.questionnaire, row.version)
    if not row or not form:
        raise Retry(f"round {round_id} is not known here yet", after=timedelta(seconds=2))
    return Asked(row.year, tuple(question.code for question in scaled(form)))


async def _store(
    session: AsyncSession,
    events: Sequence[Received[ResponseSubmitted]],
    rounds: Mapping[UUID, Asked],
) -> Sequence[Row[Any]]:
    def levels(event: ResponseSubmitted) -> list[int | None]:
        return [event.answers.get(code) for code in rounds[event.round_id].codes]

    rows: dict[str, list[Any]] = {
        "response_ids": [r.event.response_id for r in events],
        "event_ids": [r.id for r in events],
        "times": [r.time for r in events],
        "rounds": [r.event.round_id for r in events],
        "units": [r.event.unit_id or NOBODY for r in events],
        "lanes": [r.event.lane for r in events],
        "answers": [cells.array(levels(r.event)) for r in events],
        "choices": [to_json(r.event.choices).decode() for r in events],
    }
    return (await session.execute(_FACTS, rows)).all()
