"""Ballots by the dozen, the clock's look, and what a reader then sees."""

import random
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from tests.reporting.conftest import NOW, UNITS, envelope

from chassis.clock import database_now
from contracts.surveys import (
    LaneCount,
    ResponseExcluded,
    ResponseRestored,
    ResponseSubmitted,
    RoundClosed,
    RoundOpened,
    RoundState,
    TicketCount,
)
from reporting.indices import announcing
from reporting.proof.drift import figures_against_facts
from reporting.proof.lacking import pieces
from reporting.proof.rebuild import rebuild as rebuild_piece
from reporting.releases import publications
from reporting.releases.views import Presenter, presenter_of
from reporting.sources.views import round_of

HOUR = NOW.replace(minute=0, second=0)
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


def excluded(
    of: ResponseSubmitted, revision: int = 2, hour: datetime | None = HOUR
) -> ResponseExcluded:
    """Return the event that a ballot counts no more."""
    return ResponseExcluded(**_about(of), revision=revision, hour=hour)


def restored(of: ResponseSubmitted, revision: int = 3) -> ResponseRestored:
    """Return the event that an excluded ballot counts again."""
    return ResponseRestored(**_about(of), revision=revision)


def _about(of: ResponseSubmitted) -> dict[str, Any]:
    return {name: getattr(of, name) for name in ("response_id", "round_id", "unit_id", "lane")}


def closed(
    round_: RoundState, excluded: int = 0, tickets: TicketCount | None = None, **counted: int
) -> RoundClosed:
    """Return the end of a round that holds so many ballots of each lane; excluded ticket ones."""
    lanes = {"ticket": 0, "supervised": 0, "open": 0, **counted}
    ended = round_.model_copy(update={"status": "closed", "version": round_.version + 1})
    return RoundClosed(
        round=ended,
        tickets=tickets,
        ballots=[
            LaneCount(lane=lane, counted=n, excluded=gone, revisions=n + 2 * gone)
            for lane, n in lanes.items()
            for gone in [excluded if lane == "ticket" else 0]
        ],
    )


async def begin(consumer, survey, **changes: Any) -> RoundState:
    """Open the survey's round, with changes; return it."""
    round_ = survey.round.model_copy(update=changes)
    form, _ = survey.events
    await consumer.apply([envelope(form), envelope(RoundOpened(round=round_))])
    return round_


def some(round_: RoundState, *per_unit: int, level: int | None = None) -> list[ResponseSubmitted]:
    """Return so many ballots of each unit, with tickets."""
    return [
        ballot(round_.round_id, unit, level) for unit, n in enumerate(per_unit) for _ in range(n)
    ]


def sent(event: Any) -> Any:
    """Return an event about a ballot as the producer sends it: its time cut to the hour."""
    return envelope(event, id=uuid4(), time=HOUR)


async def count(consumer, events: Iterable[Any]) -> None:
    """Let reporting take events about ballots, in one batch."""
    await consumer.apply([sent(event) for event in events])


_SOON = text("""
    UPDATE touched SET announced_at = '-infinity'
    WHERE (kind, scope) IN (SELECT kind, scope FROM touched ORDER BY kind, scope FOR UPDATE)
""")


async def look(database) -> None:
    """Let the clock look, as it does each second: whatever is due is released and announced."""
    async with database.sessions.begin() as session:
        await session.execute(_SOON)
    for _ in range(2):  # a release marks the PAR figures
        async with database.sessions.begin() as session:
            await announcing.announce_due(session, await database_now(session))


async def drift(database) -> int:
    """Return how far the cells are from the facts."""
    async with database.sessions() as session:
        found = await figures_against_facts(session)
        assert found.count == 0, found.details
        return found.count


async def rebuild(database, round_id) -> tuple[int, int]:
    """Mend a round's cells; return how many facts it has and how many cells were wrong."""
    async with database.sessions() as session:
        found = await pieces(session, round_id)
    facts = mended = 0
    for piece in found:
        async with database.sessions.begin() as session:
            more = await rebuild_piece(session, piece)
        facts, mended = facts + more[0], mended + more[1]
    return facts, mended


async def close(consumer, database, round_: RoundState, excluded: int = 0, **counted: int) -> None:
    """End a round that holds so many ballots, and let the clock look."""
    await consumer.apply([envelope(closed(round_, excluded, **counted))])
    await look(database)


async def seen(database, round_: RoundState) -> Presenter:
    """Return what everybody sees of a round."""
    async with database.sessions() as session:
        found = await presenter_of(session, await round_of(session, round_.round_id))
        assert found is not None
        return found


async def published(database, round_: RoundState) -> publications.Published | None:
    """Return what the round's newest release shows."""
    async with database.sessions() as session:
        return await publications.newest(session, round_.round_id)


async def by_place(database, ballots: Iterable[ResponseSubmitted], where: str) -> list[Any]:
    """Return the ballots whose fact fulfils a condition, in the order given."""
    found = {*await rows(database, f"SELECT response_id FROM response_fact WHERE {where}")}
    return [each for each in ballots if each.response_id in found]


async def rows(database, query: str, **given: Any) -> list[Any]:
    """Read the database; return the only column's values, or tuples."""
    async with database.sessions() as session:
        found = (await session.execute(text(query), given)).all()
    return [row[0] if len(row) == 1 else tuple(row) for row in found]
