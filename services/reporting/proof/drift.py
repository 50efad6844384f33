"""Proof that the figures are right: cells against own facts, own facts against the producers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.messaging import unknown
from chassis.messaging.catching_up import CatchingUp, Producer
from chassis.messaging.feed import XOR, Heads
from contracts.surveys import ResponseSubmitted
from contracts.tasks import AssignmentCreated, AssignmentState
from reporting.completion.actions import NO_DAY, counted
from reporting.completion.domain import Counts
from reporting.completion.models import COUNTS, AssignmentFact, CompletionCell
from reporting.criteria.links import links_of
from reporting.proof.lacking import Lacks, Piece, lacking, pieces

_OWN_HEADS = text(f"""
    SELECT count(*) AS count, {XOR.format(id="md5(assignment_id || ':' || version)")}
    FROM assignment_fact WHERE version > 0
""")  # noqa: S608 - no value from outside
_OWN_RESPONSES = text(f"""
    SELECT count(*) AS count, {XOR.format(id="event_id")} FROM response_fact
    WHERE round_id = CAST(:round AS uuid) AND unit_id = CAST(:unit AS uuid)
""")  # noqa: S608 - no value from outside


Told = Callable[[str, int, int], None]
"""Takes how far a step is: its name, what is done, what there is."""
_NAMED = 10  # places that a drift names


def _nobody(step: str, done: int, of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Drift:
    """How far apart two sides are; both 0 when all is well. `details` name the first few places."""

    name: str
    count: int
    details: tuple[str, ...] = ()


async def figures_against_facts(session: AsyncSession, told: Told = _nobody) -> Drift:
    """Recompute every cell from the facts and count the numbers that differ."""
    facts, cells = await _completion_of_facts(session), await _completion_of_cells(session)
    wrong = [
        f"{key}: facts {facts.get(key)}, cell {cells.get(key)}"
        for key in sorted(set(facts) | set(cells), key=str)
        if facts.get(key) != cells.get(key)
    ]
    count, every = len(wrong), await pieces(session)
    for done, piece in enumerate(every, start=1):
        missing = await lacking(session, piece)
        count += len(missing)
        wrong += [_cell_lacks(piece, each) for each in missing[: _NAMED - len(wrong)]]
        told("figures", done, len(every))
    return Drift("figures against own facts", count, tuple(wrong[:_NAMED]))


def _cell_lacks(piece: Piece, lacks: Lacks) -> str:
    place = f"[{lacks.place}]" if lacks.place else ""
    return (
        f"round {piece.round_id}, unit {piece.unit_id}, {lacks.lane}: "
        f"{lacks.name}{place} lacks {lacks.n}"
    )


async def facts_against_producers(
    database: Database, logs: CatchingUp, told: Told = _nobody
) -> Drift:
    """Compare own facts with the digests of the producers' logs; count the sides that differ."""
    producers = {producer.name: producer for producer in logs.producers}
    types = [t for t in logs.router.types_of("tasks") if _is_about_assignments(t, logs)]
    async with database.sessions() as session:
        mine = Heads.model_validate((await session.execute(_OWN_HEADS)).one()._asdict())
    wrong = _difference("assignments", mine, await producers["tasks"].heads(types))
    mine = await _own_responses(database, told)
    theirs = await _their_responses(producers["surveys"], mine.count, told)
    wrong += _difference("responses", mine, theirs)
    return Drift("own facts against the producers' logs", len(wrong), tuple(wrong))


async def _own_responses(database: Database, told: Told) -> Heads:
    total = Heads(count=0, high=0, low=0)
    async with database.sessions() as session:
        every = await pieces(session)
        for done, piece in enumerate(every, start=1):
            row = (await session.execute(_OWN_RESPONSES, piece.given)).one()
            total = _and(total, Heads.model_validate(row._asdict()))
            told("own ballots", done, len(every))
    return total


async def _their_responses(surveys: Producer, expected: int, told: Told) -> Heads:
    total = Heads(count=0, high=0, low=0)
    async for piece in surveys.sums([ResponseSubmitted.type]):
        total = _and(total, piece)
        told("the producer's ballots", total.count, max(expected, total.count))
    return total


def _and(one: Heads, other: Heads) -> Heads:
    return Heads(
        count=one.count + other.count,
        high=(one.high or 0) ^ (other.high or 0),
        low=(one.low or 0) ^ (other.low or 0),
    )


async def events_against_logs(logs: CatchingUp, facts: Drift) -> Drift:
    """Count what took effect here and is in no producer's log: `discard-unknown` removes it.

    `facts`: how far they are from the logs. Where they agree, there is no ballot that a log lacks.
    """
    agree = frozenset() if facts.count else frozenset({ResponseSubmitted.type})
    found = Counter(event.type for event in await unknown.find(logs, but=agree))
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
            for scope, change in counted(state, links.get(state.task_id, ())):
                cells[state.plan_id, scope, change.due_on or NO_DAY] += change.counts
    return {key: counts for key, counts in cells.items() if counts != Counts()}


async def _completion_of_cells(session: AsyncSession) -> Mapping[Any, Any]:
    cells = {
        (row.plan_id, row.scope, row.due_on): Counts(*(getattr(row, name) for name in COUNTS))
        for row in await session.execute(select(*CompletionCell.__table__.columns))
    }
    return {key: counts for key, counts in cells.items() if counts != Counts()}
