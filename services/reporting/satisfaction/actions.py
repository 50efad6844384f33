"""Takes ballots: their facts, the cells that count their answers, and steering's pool."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import Discard, Received, Retry
from contracts.surveys import ResponseSubmitted
from reporting.marks import Moved, SatisfactionOf
from reporting.satisfaction import cells, steering
from reporting.satisfaction.ballots import NO_UNIT, moves_open_figures
from reporting.satisfaction.cells import Cell
from reporting.satisfaction.domain import LEVELS, scaled
from reporting.sources.views import published

_asked: "dict[UUID, Asked]" = {}
_ASKED = text("""
    SELECT CAST(state->>'questionnaire_id' AS uuid) AS questionnaire,
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
    ORDER BY g.event_time, g.response_id ON CONFLICT DO NOTHING RETURNING event_id, now() AS now
""")


@dataclass(frozen=True)
class Asked:
    """A round as its ballots are counted: its scaled questions in order."""

    codes: tuple[str, ...]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where the level 0 of each question would stand among the counts of a unit."""
        return {code: LEVELS * position - 1 for position, code in enumerate(self.codes)}

    def count(self, event: ResponseSubmitted, into: Cell) -> None:
        """Count one ballot; answers to other questions are not. Raises Discard past the scale."""
        into.ballots, into.n, into.waiting = into.ballots + 1, into.n + 1, into.waiting + 1
        places, counts = self.places, into.counts
        for code, level in event.answers.items():
            if not 1 <= level <= LEVELS:
                raise Discard(f"{code}: {level} is no level")
            place = places.get(code)
            if place is not None:
                counts[place + level] += 1


async def apply(
    session: AsyncSession, events: Sequence[Received[ResponseSubmitted]]
) -> Moved | None:
    """Take responses into the facts and cells; return what that moves, None when all were there.

    Raises Retry while a round is unknown.
    """
    rounds = await rounds_asked(session, {received.event.round_id for received in events})
    stored = await _store(session, events, rounds)
    if not stored:
        return None
    fresh = {row.event_id for row in stored}
    new = [received for received in events if received.id in fresh]
    await cells.add(session, _counted([each.event for each in new], rounds))
    arrived: dict[UUID, list[steering.Held]] = {}
    for event, time in ((each.event, each.time) for each in new):
        if moves_open_figures(event.lane):
            arrived.setdefault(event.round_id, []).append((event.response_id, time))
    await steering.enter(session, arrived)
    return Moved({SatisfactionOf(each.event.round_id) for each in new}, stored[0].now)


def _counted(
    events: Sequence[ResponseSubmitted], rounds: Mapping[UUID, Asked]
) -> dict[cells.Key, Cell]:
    counted: dict[cells.Key, Cell] = {}
    for event in events:
        asked = rounds[event.round_id]
        key = event.round_id, event.unit_id or NO_UNIT, event.lane
        if key not in counted:
            counted[key] = Cell.none(len(asked.codes))
        asked.count(event, counted[key])
    return counted


async def rounds_asked(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Asked]:
    """Return what rounds ask, read once per process: an open round never asks anything else.

    Raises Retry while one is unknown.
    """
    asked = {id_: _asked.get(id_) or await _read(session, id_) for id_ in sorted(ids)}
    _asked.update(asked)
    return asked


async def _read(session: AsyncSession, round_id: UUID) -> Asked:
    row = (await session.execute(_ASKED, {"id": round_id})).one_or_none()
    form = row and await published(session, row.questionnaire, row.version)
    if not row or not form:
        raise Retry(f"round {round_id} is not known here yet", after=timedelta(seconds=2))
    return Asked(tuple(question.code for question in scaled(form)))


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
        "units": [r.event.unit_id or NO_UNIT for r in events],
        "lanes": [r.event.lane for r in events],
        "answers": [cells.array(levels(r.event)) for r in events],
        "choices": [to_json(r.event.choices).decode() for r in events],
    }
    return (await session.execute(_FACTS, rows)).all()
