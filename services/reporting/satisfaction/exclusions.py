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
    SELECT response_id, event_time, revision, excluded
    FROM unnest(CAST(:ballots AS uuid[]), CAST(:hours AS timestamptz[])) AS ballot(id, hour)
    JOIN response_fact ON (event_time, response_id) = (ballot.hour, ballot.id)
""")
_IN_UNITS = text("""
    SELECT response_id, event_time, revision, excluded FROM response_fact
    WHERE (round_id, unit_id) IN (
      SELECT * FROM unnest(CAST(:rounds AS uuid[]), CAST(:units AS uuid[])))
    AND response_id = ANY(CAST(:ballots AS uuid[]))
""")
_WRITTEN = text("""
    UPDATE response_fact SET revision = :revision, excluded = :excluded
    WHERE (event_time, response_id) = (:event_time, :response_id)
""")


async def apply(session: AsyncSession, events: Sequence[Change]) -> Moved | None:
    """Exclude and restore ballots; return what that may move, None when it was known.

    Raises Retry while a round or a ballot is unknown.
    """
    rounds = await rounds_asked(session, {event.round_id for event in events})
    changes = {_key(each): Cell.none(len(rounds[each.round_id].codes)) for each in events}
    await cells.locked(session, changes)
    known = await _known(session, events)
    newest = [each for each in _newest(events) if each.revision > known[each.response_id].revision]
    if not newest:
        return None
    for event in newest:
        was, now = known[event.response_id].excluded, _excludes(event)
        changes[_key(event)].n += was - now
    rows = [
        {
            "event_time": known[each.response_id].event_time,
            "response_id": each.response_id,
            "revision": each.revision,
            "excluded": _excludes(each),
        }
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


async def _known(session: AsyncSession, events: Sequence[Change]) -> dict[UUID, Any]:
    """Return ballots by id. Raises Retry while one is unknown, without its id: it is logged."""
    hours = {each.response_id: each.hour for each in events if each.hour}
    given = {"ballots": list(hours), "hours": list(hours.values())}
    found = {row.response_id: row for row in await session.execute(_BALLOTS, given)}
    if others := [each for each in events if each.response_id not in found]:
        found |= {row.response_id: row for row in await _in_units(session, others)}
    if unknown := {each.response_id for each in events} - found.keys():
        raise Retry(f"{len(unknown)} ballots are not known here yet", after=timedelta(seconds=2))
    return found


async def _in_units(session: AsyncSession, events: Sequence[Change]) -> Sequence[Any]:
    """Return ballots looked for among all of their unit: events of before do not say the hour."""
    given = {
        "ballots": [each.response_id for each in events],
        "rounds": [each.round_id for each in events],
        "units": [each.unit_id or NO_UNIT for each in events],
    }
    return (await session.execute(_IN_UNITS, given)).all()
