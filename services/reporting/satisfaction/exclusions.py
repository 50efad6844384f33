"""Ballots that the Office excludes or restores: the count moves, no figure does while it is open.

Whoever could take other ballots out of a figure, and put his own in, would be left with one. So
what is excluded leaves when the round is closed. Source: composed, docs/indices.md 4.1.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.messaging.events import Retry
from contracts.surveys import ResponseExcluded, ResponseRestored
from reporting.marks import Moved, SatisfactionOf
from reporting.satisfaction import cells
from reporting.satisfaction.actions import rounds_asked
from reporting.satisfaction.ballots import NO_UNIT
from reporting.satisfaction.cells import Cell

Change = ResponseExcluded | ResponseRestored

_BALLOTS = text("""
    SELECT response_id, revision, excluded FROM response_fact
    WHERE response_id = ANY(CAST(:ballots AS uuid[]))
""")
_WRITTEN = text("""
    UPDATE response_fact SET revision = :revision, excluded = :excluded
    WHERE response_id = :response_id
""")


async def apply(session: AsyncSession, events: Sequence[Change]) -> Moved | None:
    """Exclude and restore ballots; return what that may move, None when it was known.

    Raises Retry while a round or a ballot is unknown.
    """
    rounds = await rounds_asked(session, {event.round_id for event in events})
    changes = {_key(each): Cell.none(len(rounds[each.round_id].codes)) for each in events}
    await cells.locked(session, changes)
    known = await _known(session, {event.response_id for event in events})
    newest = [each for each in _newest(events) if each.revision > known[each.response_id].revision]
    if not newest:
        return None
    for event in newest:
        was, now = known[event.response_id].excluded, _excludes(event)
        changes[_key(event)].n += was - now
    rows = [
        {"response_id": each.response_id, "revision": each.revision, "excluded": _excludes(each)}
        for each in newest
    ]
    await session.execute(_WRITTEN, rows)
    await cells.add(session, changes)
    return Moved({SatisfactionOf(each.round_id) for each in newest}, await database_now(session))


def _excludes(event: Change) -> bool:
    return isinstance(event, ResponseExcluded)


def _key(event: Change) -> cells.Key:
    return event.round_id, event.unit_id or NO_UNIT, event.lane


def _newest(events: Iterable[Change]) -> list[Change]:
    """Return the last change of each ballot, in the order of the ballots."""
    in_order = sorted(events, key=lambda event: (event.response_id, event.revision))
    return list({event.response_id: event for event in in_order}.values())


async def _known(session: AsyncSession, ids: set[UUID]) -> dict[UUID, Any]:
    """Return ballots by id. Raises Retry while one is unknown, without its id: it is logged."""
    rows = (await session.execute(_BALLOTS, {"ballots": sorted(ids)})).all()
    found = {row.response_id: row for row in rows}
    if unknown := ids - found.keys():
        raise Retry(f"{len(unknown)} ballots are not known here yet", after=timedelta(seconds=2))
    return found
