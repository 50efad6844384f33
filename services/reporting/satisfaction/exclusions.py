"""Ballots that the Office excludes or restores: what changes at once, and what waits.

A waiting ballot is out or in at once. One that is in a shown figure, or in steering's, stays there
until enough leave together (`releases`) or the round is closed: or else whoever excludes one would
see its answer. Source: composed, docs/indices.md 4.1.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.messaging.events import Retry
from contracts.surveys import ResponseExcluded, ResponseRestored
from reporting.marks import Moved, SatisfactionOf
from reporting.satisfaction import cells, steering
from reporting.satisfaction.actions import rounds_asked
from reporting.satisfaction.ballots import NO_UNIT
from reporting.satisfaction.cells import Cell

Change = ResponseExcluded | ResponseRestored

_FACTS = text("""
    SELECT response_id, answers, revision, excluded, standing, released_in, left_in
    FROM response_fact WHERE response_id = ANY(CAST(:ballots AS uuid[]))
""")
_WRITTEN = text("""
    UPDATE response_fact SET revision = :revision, excluded = :excluded, standing = :standing,
      released_in = :released_in, left_in = :left_in
    WHERE response_id = :response_id
""")


@dataclass
class Ballot:
    """A ballot's place in the figures, as its fact has it."""

    answers: Sequence[int | None]
    revision: int
    excluded: bool
    standing: bool
    released_in: int | None
    left_in: int | None

    def exclude(self, cell: Cell, *, unseen: bool) -> None:
        """Take it out of its cell, where that shows nothing.

        `unseen`: it is in no figure of steering's: in the pool, or outside of the index.
        """
        self.excluded = True
        cell.n -= 1
        cell.waiting -= self.released_in is None
        if self.standing and unseen:
            self.standing = False
            cell.stand(self.answers, -1)

    def restore(self, cell: Cell) -> None:
        """Let it count in its cell again. What had left the shown figures waits anew."""
        self.excluded = False
        if self.left_in is not None:
            self.released_in = self.left_in = None
        cell.n += 1
        cell.waiting += self.released_in is None
        if not self.standing:
            self.standing = True
            cell.stand(self.answers)


async def apply(session: AsyncSession, events: Sequence[Change]) -> Moved | None:
    """Exclude and restore ballots; return what that may move, None when it was known.

    Raises Retry while a round or a ballot is unknown.
    """
    rounds = await rounds_asked(session, {event.round_id for event in events})
    changes = {_key(each): Cell.none(len(rounds[each.round_id].codes)) for each in events}
    await cells.locked(session, changes)
    ballots = await _ballots(session, [event.response_id for event in events])
    newer = [
        each for each in _in_order(events) if each.revision > ballots[each.response_id].revision
    ]
    if not newer:
        return None
    inside = [each for each in newer if rounds[each.round_id].takes(each)]
    pooled = await _out_of_pools(session, inside)
    standing = {id_ for id_, ballot in ballots.items() if ballot.standing}
    for event in newer:
        seen = event in inside and event.response_id not in pooled
        _apply(event, ballots[event.response_id], changes[_key(event)], unseen=not seen)
    await _store(session, {event.response_id: ballots[event.response_id] for event in newer})
    await cells.add(session, changes)
    await steering.enter(session, _back(inside, ballots, standing - pooled))
    return Moved({SatisfactionOf(each.round_id) for each in newer}, await database_now(session))


def _apply(event: Change, ballot: Ballot, cell: Cell, *, unseen: bool) -> None:
    ballot.revision = event.revision
    if isinstance(event, ResponseExcluded):
        ballot.exclude(cell, unseen=unseen)
    else:
        ballot.restore(cell)


def _key(event: Change) -> cells.Key:
    return event.round_id, event.unit_id or NO_UNIT, event.lane


def _in_order(events: Sequence[Change]) -> list[Change]:
    return sorted(events, key=lambda event: (event.response_id, event.revision))


def _back(
    inside: Sequence[Change], ballots: Mapping[UUID, Ballot], standing: Collection[UUID]
) -> dict[UUID, list[UUID]]:
    """Return, by round, the ballots that count for steering again: they go through the pool."""
    back: dict[UUID, list[UUID]] = {}
    for id_, round_id in sorted({(event.response_id, event.round_id) for event in inside}):
        if ballots[id_].standing and id_ not in standing:
            back.setdefault(round_id, []).append(id_)
    return back


async def _ballots(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Ballot]:
    """Return ballots by id. Raises Retry while one is unknown."""
    rows = (await session.execute(_FACTS, {"ballots": sorted(ids)})).all()
    found = {row.response_id: Ballot(*row[1:]) for row in rows}
    if unknown := set(ids) - found.keys():
        raise Retry(f"ballot {min(unknown)} is not known here yet", after=timedelta(seconds=2))
    return found


async def _out_of_pools(session: AsyncSession, events: Sequence[Change]) -> set[UUID]:
    """Take what is excluded out of the pools; return what was in one."""
    excluded: dict[UUID, list[UUID]] = {}
    for event in events:
        if isinstance(event, ResponseExcluded):
            excluded.setdefault(event.round_id, []).append(event.response_id)
    found = [
        await steering.take_out(session, round_id, excluded[round_id])
        for round_id in sorted(excluded)
    ]
    return set().union(*found)


async def _store(session: AsyncSession, ballots: Mapping[UUID, Ballot]) -> None:
    rows = [{**vars(ballot), "response_id": id_} for id_, ballot in sorted(ballots.items())]
    await session.execute(_WRITTEN, rows)
