"""Proof that the figures are right: cells against own facts, own facts against the producers."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import unknown
from chassis.messaging.catching_up import CatchingUp
from chassis.messaging.feed import XOR, Heads
from contracts.surveys import ResponseSubmitted
from contracts.tasks import AssignmentCreated, AssignmentState
from reporting.completion.actions import NO_DAY, scopes
from reporting.completion.domain import Counts, changes
from reporting.completion.models import COUNTS, AssignmentFact, CompletionCell
from reporting.criteria.links import links_of
from reporting.satisfaction.domain import LEVELS

_SHOWN = "released_in IS NOT NULL AND left_in IS NULL"
_ANSWERS_OF_FACTS = text(f"""
    SELECT round_id, unit_id, lane, a.question, a.answer, count(*) AS n,
      count(*) FILTER (WHERE {_SHOWN}) AS shown
    FROM response_fact, unnest(answers) WITH ORDINALITY AS a(answer, question)
    WHERE a.answer IS NOT NULL GROUP BY 1, 2, 3, 4, 5
""")  # noqa: S608 - no value from outside
_ANSWERS_OF_CELLS = text("SELECT round_id, unit_id, lane, counts, released FROM answer_cell")
_BALLOTS_OF_FACTS = text(f"""
    SELECT round_id, unit_id, lane, count(*) AS ballots,
      count(*) FILTER (WHERE NOT excluded) AS n,
      count(*) FILTER (WHERE released_in IS NULL) AS waiting,
      count(*) FILTER (WHERE {_SHOWN}) AS released_n
    FROM response_fact GROUP BY 1, 2, 3
""")  # noqa: S608 - no value from outside
_BALLOTS_OF_CELLS = text("""
    SELECT round_id, unit_id, lane, ballots, n, waiting, released_n FROM answer_cell
""")
_OWN_HEADS = text(f"""
    SELECT count(*) AS count, {XOR.format(id="md5(assignment_id || ':' || version)")}
    FROM assignment_fact WHERE version > 0
""")  # noqa: S608 - no value from outside
_OWN_RESPONSES = text(f"""
    SELECT count(*) AS count, {XOR.format(id="event_id")} FROM response_fact
""")  # noqa: S608 - no value from outside


@dataclass(frozen=True)
class Drift:
    """How far apart two sides are; both 0 when all is well. `details` name the first few places."""

    name: str
    count: int
    details: tuple[str, ...] = ()


async def figures_against_facts(session: AsyncSession) -> Drift:
    """Recompute every cell from the facts and count the cells that differ."""
    pairs = [
        (await _completion_of_facts(session), await _completion_of_cells(session)),
        (await _answers_of_facts(session), await _answers_of_cells(session)),
        (
            await _ballots(session, _BALLOTS_OF_FACTS),
            await _ballots(session, _BALLOTS_OF_CELLS),
        ),
    ]
    wrong = [
        f"{key}: facts {facts.get(key)}, cell {cells.get(key)}"
        for facts, cells in pairs
        for key in sorted(set(facts) | set(cells), key=str)
        if facts.get(key) != cells.get(key)
    ]
    return Drift("figures against own facts", len(wrong), tuple(wrong[:10]))


async def facts_against_producers(session: AsyncSession, logs: CatchingUp) -> Drift:
    """Compare own facts with the digests of the producers' logs; count the sides that differ."""
    producers = {producer.name: producer for producer in logs.producers}
    types = [t for t in logs.router.types_of("tasks") if _is_about_assignments(t, logs)]
    theirs = await producers["tasks"].heads(types)
    mine = Heads.model_validate((await session.execute(_OWN_HEADS)).one()._asdict())
    wrong = _difference("assignments", mine, theirs)
    buckets = await producers["surveys"].digest(
        [ResponseSubmitted.type], datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    )
    high = low = 0
    for bucket in buckets:
        high, low = high ^ bucket.high, low ^ bucket.low
    count = sum(bucket.count for bucket in buckets)
    mine = Heads.model_validate((await session.execute(_OWN_RESPONSES)).one()._asdict())
    wrong += _difference("responses", mine, Heads(count=count, high=high, low=low))
    return Drift("own facts against the producers' logs", len(wrong), tuple(wrong))


async def events_against_logs(logs: CatchingUp) -> Drift:
    """Count what took effect here and is in no producer's log: `discard-unknown` removes it."""
    found = Counter(event.type for event in await unknown.find(logs))
    told = tuple(f"{type_}: {count} in no log" for type_, count in sorted(found.items()))
    return Drift("events here against the producers' logs", found.total(), told)


def _is_about_assignments(type_: str, logs: CatchingUp) -> bool:
    handler = logs.router.routes[type_].handler
    return handler is logs.router.routes[AssignmentCreated.type].handler


def _difference(name: str, mine: Heads, theirs: Heads) -> list[str]:
    same = (mine.count, mine.high or 0, mine.low or 0) == (
        theirs.count, theirs.high or 0, theirs.low or 0,
    )  # fmt: skip
    return [] if same else [f"{name}: {mine.count} here, {theirs.count} at the producer"]


async def _completion_of_facts(session: AsyncSession) -> Mapping[Any, Any]:
    cells: dict[Any, Counts] = defaultdict(Counts)
    stream = await session.stream(
        select(AssignmentFact.state).where(AssignmentFact.state.is_not(None))
    )
    async for page in stream.scalars().partitions(1_000):
        states = [AssignmentState.model_validate(state) for state in page]
        links = await links_of(session, {state.task_id for state in states})
        for state in states:
            for scope in scopes(state, links.get(state.task_id, ())):
                for change in changes(None, state):
                    key = (state.plan_id, scope, change.due_on or NO_DAY)
                    cells[key] += change.counts
    return {key: counts for key, counts in cells.items() if counts != Counts()}


async def _completion_of_cells(session: AsyncSession) -> Mapping[Any, Any]:
    cells = {
        (row.plan_id, row.scope, row.due_on): Counts(*(getattr(row, name) for name in COUNTS))
        for row in await session.execute(select(*CompletionCell.__table__.columns))
    }
    return {key: counts for key, counts in cells.items() if counts != Counts()}


async def _answers_of_facts(session: AsyncSession) -> Mapping[Any, Any]:
    """Return n1..n5, and those shown, of each question of each cell that has any."""
    cells: dict[Any, list[int]] = defaultdict(lambda: [0] * (2 * LEVELS))
    for row in await session.execute(_ANSWERS_OF_FACTS):
        ten = cells[row.round_id, row.unit_id, row.lane, row.question]
        ten[row.answer - 1], ten[LEVELS + row.answer - 1] = row.n, row.shown
    return {key: ten for key, ten in cells.items() if any(ten)}


async def _answers_of_cells(session: AsyncSession) -> Mapping[Any, Any]:
    return {
        (row.round_id, row.unit_id, row.lane, place // LEVELS + 1): ten
        for row in await session.execute(_ANSWERS_OF_CELLS)
        for place in range(0, len(row.counts), LEVELS)
        if any(ten := row.counts[place : place + LEVELS] + row.released[place : place + LEVELS])
    }


async def _ballots(session: AsyncSession, query: Any) -> Mapping[Any, Any]:
    return {
        (row.round_id, row.unit_id, row.lane): row[3:]
        for row in await session.execute(query)
        if any(row[3:])
    }
