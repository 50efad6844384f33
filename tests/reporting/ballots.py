"""Ballots by the dozen, the clock's look, and what a reader then sees."""

import random
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from tests.reporting.conftest import NOW, UNITS, envelope

from chassis.clock import database_now
from contracts.surveys import ResponseSubmitted
from reporting.indices import announcing
from reporting.proof.drift import figures_against_facts

CODES = ("F1.1", "F1.2", "F2.1", "F2.2")


def ballot(
    round_id: UUID, unit: int | None = 0, level: int | None = None, *, lane: str = "ticket",
    id: UUID | None = None, chance: random.Random | None = None,
) -> ResponseSubmitted:  # fmt: skip
    """Return a ballot: the same level for every question, else random ones."""
    chance = chance or random.Random()
    answers = {code: level or chance.randint(1, 5) for code in CODES}
    return ResponseSubmitted(
        response_id=id or uuid4(), round_id=round_id,
        unit_id=None if unit is None else UNITS[unit], channel="web", lane=lane, answers=answers,
        choices={},
    )  # fmt: skip


def sent(event: Any) -> Any:
    """Return an event about a ballot as the producer sends it: its time cut to the hour."""
    return envelope(event, id=uuid4(), time=NOW.replace(minute=0, second=0))


async def count(consumer, events: Iterable[Any]) -> None:
    """Let reporting take events about ballots, in one batch."""
    await consumer.apply([sent(event) for event in events])


async def look(database) -> None:
    """Let the clock look, as it does each second: whatever is due is released and announced."""
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE touched SET announced_at = '-infinity'"))
    for _ in range(2):  # a release marks the PAR figures
        async with database.sessions.begin() as session:
            await announcing.announce_due(session, await database_now(session))


async def drift(database) -> int:
    """Return how far the cells are from the facts."""
    async with database.sessions() as session:
        found = await figures_against_facts(session)
        assert found.count == 0, found.details
        return found.count
