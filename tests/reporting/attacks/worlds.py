"""Reporting with a reader in front of it, twice over: everything the same but the victim's answers.

A world takes ballots as events, lets the clock look after each, and answers what all see.
"""

import random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from tests.reporting.attacks.outputs import Page, Reader
from tests.reporting.ballots import ballot, count, look
from tests.reporting.conftest import envelope

from contracts.surveys import LaneCount, ResponseExcluded, ResponseRestored, RoundClosed
from contracts.surveys import ResponseSubmitted as Ballot
from reporting.disclosure import pool

_WIPE = text("""
    TRUNCATE response_fact, answer_cell, steering_pool, told_count, publication, round_secret,
      survey_round, index_state, index_point, touched, live_event, event_log, outbox
    RESTART IDENTITY
""")
_SECRET = text("INSERT INTO round_secret (round_id, secret) VALUES (:round, :secret)")


class World:
    """Today's rule on a real database. `begin` forgets everything but directory and criteria."""

    def __init__(self, office: Any, database: Any, consumer: Any, survey: Any) -> None:
        self.database, self.consumer, self.survey = database, consumer, survey
        self.round_id: UUID = survey.round.round_id
        self.reader = Reader(office, database, self.round_id)
        self.revisions: dict[UUID, int] = {}

    async def begin(self, secret: bytes = b"s" * 32, **changed: Any) -> None:
        """Open the round, changed in some things, with a known secret."""
        self.survey.round = self.survey.round.model_copy(update=changed)
        self.revisions = {}
        async with self.database.sessions.begin() as session:
            await session.execute(_WIPE)
            given = {"round": self.round_id, "secret": secret}
            await session.execute(_SECRET, given)
        asked, opened = self.survey.events
        opened = opened.model_copy(update={"round": self.survey.round})
        await self.consumer.apply([envelope(asked), envelope(opened)])
        await look(self.database)

    async def send(self, *ballots: Ballot) -> None:
        """Let ballots arrive together, then the clock look."""
        await count(self.consumer, ballots)
        await look(self.database)

    async def exclude(self, *ballots: Ballot) -> None:
        """Let the Office exclude ballots."""
        await self._change(ResponseExcluded, ballots)

    async def restore(self, *ballots: Ballot) -> None:
        """Let the Office take them back."""
        await self._change(ResponseRestored, ballots)

    async def close(self, **lanes: tuple[int, int]) -> None:
        """End the round; `lanes`: counted and excluded ballots by what the producer says."""
        said = [
            LaneCount(lane=lane, counted=n, excluded=x, revisions=n + 2 * x)
            for lane, (n, x) in lanes.items()
        ]
        ended = self.survey.round.model_copy(update={"status": "closed", "version": 3})
        await self.consumer.apply([envelope(RoundClosed(round=ended, ballots=said))])
        await self.settle()

    async def settle(self) -> None:
        """Let the clock look until nothing waits: a figure marked twice waits for its second."""
        marked = "SELECT kind FROM touched WHERE since IS NOT NULL"
        await look(self.database)
        while await self.rows(marked):
            await look(self.database)

    async def look(self) -> Page:
        """Return what a reader polls."""
        return await self.reader.look()

    async def rows(self, statement: str) -> list[Any]:
        """Return rows of the database, which no reader sees."""
        async with self.database.sessions() as session:
            return list((await session.execute(text(statement))).all())

    async def change(self, statement: str | None) -> None:
        """Spoil something behind the service's back."""
        if statement:
            async with self.database.sessions.begin() as session:
                await session.execute(text(statement))

    async def _change(self, event: Any, ballots: tuple[Ballot, ...]) -> None:
        events = []
        for each in ballots:
            revision = self.revisions[each.response_id] = (
                self.revisions.get(each.response_id, 1) + 1
            )
            events.append(event(
                response_id=each.response_id, round_id=each.round_id, unit_id=each.unit_id,
                lane=each.lane, revision=revision,
            ))  # fmt: skip
        await count(self.consumer, events)
        await look(self.database)


def citizens(round_id: UUID, n: int, unit: int | None, seed: int, **given: Any) -> list[Ballot]:
    """Return ballots of citizens, the same for the same seed."""
    chance = random.Random(f"{seed} {unit}")
    return [
        ballot(round_id, unit, id=UUID(int=chance.getrandbits(128)), chance=chance, **given)
        for _ in range(n)
    ]


def of(victim: Ballot, level: int) -> Ballot:
    """Return a ballot with the same level for every question."""
    return victim.model_copy(update={"answers": dict.fromkeys(victim.answers, level)})


def flipped(victim: Ballot, code: str) -> Ballot:
    """Return a ballot with one answer at the other end of the scale."""
    return victim.model_copy(update={"answers": {**victim.answers, code: 6 - victim.answers[code]}})


def pinned(monkeypatch: Any, seed: int) -> None:
    """Let the pool's lots be the same in both worlds."""
    monkeypatch.setattr(pool, "randbelow", random.Random(seed).randrange)


def keeps(arrivals: int, place: int) -> int:
    """Return a seed with which the pool still holds the ballot that came at a place."""
    for seed in range(10_000):
        chance, held = random.Random(seed), []
        for arriving in range(arrivals):
            if len(held) < pool.SIZE:
                held.append(arriving)
            elif (at := chance.randrange(pool.SIZE + 1)) < pool.SIZE:
                held[at] = arriving
        if place in held:
            return seed
    raise AssertionError
