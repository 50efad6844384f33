"""Facts of responses, and the cells that count their answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Discard, Received, Retry
from contracts.surveys import QuestionnaireState, ResponseSubmitted, RoundState
from reporting.actions import projections
from reporting.domain.satisfaction import AnswerCounts, Question, scaled
from reporting.domain.shown import STEP
from reporting.models import ANSWERS, NO_UNIT, answer_cell, response_cell

Key = tuple[UUID, UUID]
"""Round and unit."""
NOBODY = UUID(NO_UNIT)
LEVELS = len(ANSWERS)

_ASKED = text("""
    SELECT id, year, CAST(state->>'questionnaire_id' AS uuid) AS questionnaire,
      CAST(state->>'questionnaire_version' AS bigint) AS version
    FROM survey_round WHERE id = ANY(CAST(:ids AS uuid[]))
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
    ORDER BY g.response_id ON CONFLICT DO NOTHING RETURNING response_id
""")
_NEW = " + ".join(f"cell.{n} + excluded.{n}" for n in ANSWERS)
_OLD = " + ".join(f"cell.released_{n}" for n in ANSWERS)
_ADDED = ", ".join(f"{n} = cell.{n} + excluded.{n}" for n in ANSWERS)
# Answers of a cell are released together, once STEP more have come than were shown before (or when
# more were shown than there are: a mended cell).
_RELEASED = ", ".join(
    f"released_{n} = CASE WHEN ({_NEW}) - ({_OLD}) >= {STEP} OR ({_NEW}) < ({_OLD}) "
    f"THEN cell.{n} + excluded.{n} ELSE cell.released_{n} END"
    for n in ANSWERS
)
ADD_TO_CELL = f"""
    ON CONFLICT (round_id, unit_id, question) DO UPDATE SET {_ADDED}, {_RELEASED}
"""
ADD_RESPONSES = "ON CONFLICT (round_id, unit_id) DO UPDATE SET n = cell.n + excluded.n"
# `counts` holds five numbers per question of each (round, unit), one unit after the other.
_CELLS = text(f"""
    INSERT INTO answer_cell AS cell (round_id, unit_id, question, n1, n2, n3, n4, n5,
      released_n1, released_n2, released_n3, released_n4, released_n5)
    SELECT g.round_id, g.unit_id, question, a.*, a.n1 * ready, a.n2 * ready, a.n3 * ready,
      a.n4 * ready, a.n5 * ready
    FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[]), CAST(:questions AS int[]),
      CAST(:starts AS int[])) AS g(round_id, unit_id, questions, start)
    CROSS JOIN LATERAL generate_series(1, g.questions) AS question
    CROSS JOIN LATERAL (SELECT CAST(:counts AS bigint[]) AS c, g.start + 5 * (question - 1) AS at)
      AS given
    CROSS JOIN LATERAL (SELECT c[at + 1] AS n1, c[at + 2] AS n2, c[at + 3] AS n3, c[at + 4] AS n4,
      c[at + 5] AS n5) AS a
    CROSS JOIN LATERAL (SELECT CASE WHEN n1 + n2 + n3 + n4 + n5 >= {STEP} THEN 1 ELSE 0 END)
      AS r(ready)
    WHERE n1 + n2 + n3 + n4 + n5 > 0
    ORDER BY g.round_id, g.unit_id, question
    {ADD_TO_CELL}
""")  # noqa: S608 - column names of ours
_RESPONSES = text(f"""
    INSERT INTO response_cell AS cell (round_id, unit_id, n)
    SELECT * FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[]), CAST(:n AS bigint[]))
      AS g(round_id, unit_id, n)
    ORDER BY g.round_id, g.unit_id
    {ADD_RESPONSES}
""")  # noqa: S608 - a constant of ours
_SUMS = ", ".join(f"sum({n}) AS {n}, sum(released_{n}) AS released_{n}" for n in ANSWERS)
_CELLS_OF_ROUND = text(f"""
    SELECT question, {_SUMS} FROM answer_cell WHERE round_id = :round_id
    GROUP BY question ORDER BY question
""")  # noqa: S608 - column names of ours
_RESPONSES_OF_ROUND = text("""
    SELECT coalesce(sum(n), 0) FROM response_cell WHERE round_id = :round_id
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
class Asked:
    """A round as its answers are counted: its year, and its scaled questions in order."""

    year: int
    codes: tuple[str, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the level 0 of each question would stand among the counts of a unit."""
        return {code: 5 * position - 1 for position, code in enumerate(self.codes)}


class Counted:
    """What a batch adds to one round and unit: five numbers per question, and responses."""

    def __init__(self, asked: Asked) -> None:
        """Start with nothing."""
        self.asked, self.n = asked, 0
        self.counts = [0] * (5 * len(asked.codes))

    def add(self, event: ResponseSubmitted) -> None:
        """Count one response; answers to other questions are not. Raises Discard past the scale."""
        self.n += 1
        places, counts = self.asked.places, self.counts
        for code, level in event.answers.items():
            if not 1 <= level <= LEVELS:
                raise Discard(f"{code}: {level} is no level")
            place = places.get(code)
            if place is not None:
                counts[place + level] += 1


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
    counted: dict[Key, Counted] = {}
    for event in new:
        key = event.round_id, event.unit_id or NOBODY
        if key not in counted:
            counted[key] = Counted(rounds[event.round_id])
        counted[key].add(event)
    await _add(session, counted)
    return {(round_id, rounds[round_id].year) for round_id, _ in counted}


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


async def department_tally(session: AsyncSession, round_: RoundState) -> Tally | None:
    """Return a round's cells of all units added up, as of one unit: what indices stand on."""
    questionnaire = await projections.questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    questions = scaled(questionnaire)
    round_id = {"round_id": round_.round_id}
    n = int((await session.execute(_RESPONSES_OF_ROUND, round_id)).scalar_one())
    live, released = {}, {}
    for row in (await session.execute(_CELLS_OF_ROUND, round_id)).mappings():
        code = questions[row["question"] - 1].code
        counts = {name: int(row[name]) for name in ANSWERS}
        live[code] = AnswerCounts(**counts, missing=n - sum(counts.values()))
        released[code] = AnswerCounts(*(int(row[f"released_{name}"]) for name in ANSWERS))
    return Tally(round_, questionnaire, questions, {NOBODY: live}, {NOBODY: released}, {NOBODY: n})


async def _rounds(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Asked]:
    rows = await session.execute(_ASKED, {"ids": sorted(ids)})
    asked = {row.id: row for row in rows}
    found = {}
    for round_id in sorted(ids):
        row = asked.get(round_id)
        form = row and await projections.published(session, row.questionnaire, row.version)
        if not row or not form:
            raise Retry(f"round {round_id} is not known here yet", after=timedelta(seconds=2))
        found[round_id] = Asked(row.year, tuple(q.code for q in scaled(form)))
    return found


async def _store(
    session: AsyncSession,
    events: Sequence[Received[ResponseSubmitted]],
    rounds: Mapping[UUID, Asked],
) -> set[UUID]:

    def array(event: ResponseSubmitted) -> str:
        answers = event.answers
        levels = [answers.get(code) for code in rounds[event.round_id].codes]
        return "{" + ",".join(["NULL" if level is None else str(level) for level in levels]) + "}"

    rows: dict[str, list[Any]] = {
        "response_ids": [r.event.response_id for r in events],
        "event_ids": [r.id for r in events],
        "times": [r.time for r in events],
        "rounds": [r.event.round_id for r in events],
        "units": [r.event.unit_id or NOBODY for r in events],
        "lanes": [r.event.lane for r in events],
        "answers": [array(r.event) for r in events],
        "choices": [to_json(r.event.choices).decode() for r in events],
    }
    return set((await session.execute(_FACTS, rows)).scalars())


async def _add(session: AsyncSession, counted: Mapping[Key, Counted]) -> None:
    """Add to cells; the statements sort by key, so that two workers do not deadlock."""
    keys, values = list(counted), list(counted.values())
    rounds, units = [key[0] for key in keys], [key[1] for key in keys]
    sizes = [len(one.asked.codes) for one in values]
    cells = {
        "rounds": rounds,
        "units": units,
        "questions": sizes,
        "starts": [5 * before for before in accumulate(sizes, initial=0)][:-1],
        "counts": [count for one in values for count in one.counts],
    }
    await session.execute(_CELLS, cells)
    numbers = {"rounds": rounds, "units": units, "n": [one.n for one in values]}
    await session.execute(_RESPONSES, numbers)
