"""Steering's figure: the department's, over all ballots but the pool of 20 that hides each.

Ballots with a ticket, that is: others neither enter the pool nor count in the figure. For director
and office, on a stream of its own; in no event, history, export or mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import RoundState
from reporting.disclosure import pool
from reporting.disclosure.thresholds import count_told, department_threshold, stepped
from reporting.satisfaction.ballots import by_question, lanes_while_open
from reporting.satisfaction.domain import LEVELS, Question, measure
from reporting.shown import decimal

_HELD = text("""
    SELECT round_id, held, hours FROM steering_pool WHERE round_id = ANY(CAST(:rounds AS uuid[]))
    ORDER BY round_id FOR UPDATE
""")
_MADE = text("""
    INSERT INTO steering_pool (round_id, held, hours)
    SELECT round_id, '{}', '{}' FROM unnest(CAST(:rounds AS uuid[])) AS round_id ORDER BY round_id
    ON CONFLICT DO NOTHING
""")
_KEPT = text("""
    UPDATE steering_pool SET held = CAST(:held AS uuid[]), hours = CAST(:hours AS timestamptz[])
    WHERE round_id = :round
""")
_LEFT = text("""
    UPDATE steering_pool SET (held, hours) = (
      SELECT coalesce(array_agg(id ORDER BY place), '{}'),
        coalesce(array_agg(hour ORDER BY place), '{}')
      FROM unnest(held, hours) WITH ORDINALITY AS ballot(id, hour, place)
      WHERE id <> ALL(CAST(:ballots AS uuid[])))
    WHERE round_id = :round
""")
_STATE = text("""
    WITH cell AS (
      SELECT ballots, counts FROM answer_cell
      WHERE round_id = :round AND lane = ANY(CAST(:lanes AS text[]))
    ), summed AS (
      SELECT place, CAST(sum(c.n) AS int) AS n
      FROM cell, unnest(counts) WITH ORDINALITY AS c(n, place) GROUP BY place
    ), pooled AS (
      SELECT f.answers FROM steering_pool AS p, unnest(p.held, p.hours) AS ballot(id, hour)
      JOIN response_fact AS f ON (f.event_time, f.response_id) = (ballot.hour, ballot.id)
      WHERE p.round_id = :round AND f.lane = ANY(CAST(:lanes AS text[]))
    )
    SELECT (SELECT CAST(coalesce(sum(ballots), 0) AS int) FROM cell) AS ballots,
      (SELECT coalesce(array_agg(n ORDER BY place), '{}') FROM summed) AS counts,
      (SELECT coalesce(json_agg(answers), '[]') FROM pooled) AS pooled
""")
"""One statement: cells and pool are of the same moment, or their difference would be a ballot.

A pool of when ballots without a ticket still entered may hold some: they are in no cell here.
"""


Held = tuple[UUID, datetime]
"""A ballot by its id and its hour."""


@dataclass(frozen=True, slots=True)
class Steering:
    """The figure in percent, by its step, and the ballots it counts; None: fewer than 30."""

    value: Decimal | None
    n: int


async def enter(session: AsyncSession, arrived: Mapping[UUID, Sequence[Held]]) -> None:
    """Let the new ballots of rounds through their pools, after the cells have counted them.

    `arrived`: those with a ticket.

    Whoever is excluded stays: draining the pool would tell whose ballot comes out of it.
    """
    held = await _held(session, sorted(arrived))
    for round_id, before in held.items():
        after = pool.through(before, arrived[round_id])
        kept = {"held": [id_ for id_, _ in after], "hours": [hour for _, hour in after]}
        await session.execute(_KEPT, {"round": round_id, **kept})


async def forget(session: AsyncSession, round_id: UUID, ballots: Sequence[UUID]) -> None:
    """Take ballots that never were out of a round's pool."""
    await session.execute(_LEFT, {"round": round_id, "ballots": ballots})


async def steering_of(
    session: AsyncSession, round_: RoundState, questions: Sequence[Question]
) -> Steering | None:
    """Return the figure of an open round; None of one that is not open."""
    if round_.status != "open":
        return None
    about = {"round": round_.round_id, "lanes": lanes_while_open()}
    state = (await session.execute(_STATE, about)).one()
    counts, n = list(state.counts), state.ballots - len(state.pooled)
    for answers in state.pooled:
        _take_off(counts, answers)
    figure = measure(
        questions, by_question(questions, counts), round_.method, round_.aggregator, n=n
    )
    told = None if figure.stands_on_few else figure.value
    value = stepped(told, figure.behind, department_threshold(round_.min_n))
    ballots = count_told(n, len(set(round_.unit_ids)))
    return Steering(None if value is None else decimal(value), ballots)


def _take_off(counts: list[int], answers: Sequence[int | None]) -> None:
    for place, level in enumerate(answers):
        if level is not None:
            counts[LEVELS * place + level - 1] -= 1


async def _held(session: AsyncSession, rounds: Sequence[UUID]) -> dict[UUID, list[Held]]:
    if not rounds:
        return {}
    found = (await session.execute(_HELD, {"rounds": rounds})).all()
    if len(found) < len(rounds):
        await session.execute(_MADE, {"rounds": rounds})
        found = (await session.execute(_HELD, {"rounds": rounds})).all()
    return {row.round_id: list(zip(row.held, row.hours, strict=True)) for row in found}
