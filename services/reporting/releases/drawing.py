"""Releases: from counted ballots to what everybody may see of them. The only way there is.

A release writes its number on the ballots it takes, moves the cells' released part by them and
stores what it shows, in one transaction. Whoever computes figures of a round holds its lock
(`indices.announcing`), so that two releases of a round never meet.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import QuestionnaireState, RoundState
from reporting.disclosure.releases import drawn, due_units
from reporting.releases import publications
from reporting.releases.models import RoundSecret
from reporting.releases.publishing import Stamp, while_open
from reporting.satisfaction import cells
from reporting.satisfaction.ballots import NO_UNIT, lanes_while_open
from reporting.satisfaction.cells import Cell
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.tallies import released_tally

_ID = 16  # bytes
_PATIENTLY = text("SET LOCAL statement_timeout = '5min'")  # what gathered while it was down
_STANDS = text("""
    SELECT unit_id, sum(waiting) AS waiting, sum(released_n) AS released FROM answer_cell
    WHERE round_id = :round AND lane = ANY(CAST(:lanes AS text[])) GROUP BY unit_id
""")
_HOLD = text("""
    SELECT FROM answer_cell WHERE round_id = :round AND unit_id = ANY(CAST(:units AS uuid[]))
    ORDER BY round_id, unit_id, lane FOR UPDATE
""")
# Their ids in one piece, their places in another: the driver would make thousands of objects.
_WAITING = text("""
    SELECT string_agg(uuid_send(response_id), '') AS ids,
      string_agg(CAST(ctid AS text), ' ') AS places
    FROM response_fact
    WHERE round_id = :round AND unit_id = ANY(CAST(:units AS uuid[])) AND released_in IS NULL
    AND lane = ANY(CAST(:lanes AS text[])) GROUP BY unit_id
""")
# Found where they were read just now: nobody writes a ballot whose cell is held. By hour and id it
# would be thousands of searches, and as many values for the driver to look at.
_JOIN = text("""
    WITH joined AS (
      UPDATE response_fact SET released_in = :release
      WHERE ctid = ANY(CAST(string_to_array(:places, ' ') AS tid[]))
        AND round_id = :round AND released_in IS NULL
      RETURNING unit_id, lane, answers
    )
    SELECT unit_id, lane, count(*) AS ballots,
      string_agg(array_to_string(answers, '', '0'), '') AS levels
    FROM joined GROUP BY unit_id, lane
""")  # a digit a question: the driver takes 20 us for an array of 25


async def release_due(
    session: AsyncSession, round_: RoundState, questionnaire: QuestionnaireState, now: datetime
) -> bool:
    """Release a random half of the ticket ballots that wait in units that are due, once three are.

    Returns whether there was a release.
    """
    about: dict[str, Any] = {"round": round_.round_id, "lanes": lanes_while_open()}
    stands = (await session.execute(_STANDS, about)).all()
    released = {row.unit_id: int(row.released) for row in stands}
    due = due_units({row.unit_id: int(row.waiting) for row in stands}, released, NO_UNIT)
    if not due:
        return False
    questions = len(scaled(questionnaire))
    await session.execute(_PATIENTLY)
    await lock(session, round_.round_id, due)
    rows = await session.execute(_WAITING, {**about, "units": sorted(due)})
    waiting = [_places(row.ids, row.places) for row in rows]
    before = await publications.newest(session, round_.round_id)
    stamp = Stamp(before.release + 1 if before else 1, to_the_hour(now))
    changes = await _join(session, {**about, "release": stamp.release}, waiting, questions)
    await cells.release(session, changes)
    tally = await released_tally(session, round_, questionnaire)
    publications.store(session, while_open(tally, stamp, due, before))
    return True


def to_the_hour(now: datetime) -> datetime:
    """Return an instant cut to its hour, UTC: all that is told of when something was released."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def lock(session: AsyncSession, round_id: UUID, units: Collection[UUID]) -> None:
    """Hold the units' cells: what their ballots are is settled from here to the commit."""
    await session.execute(_HOLD, {"round": round_id, "units": sorted(units)})


async def _join(
    session: AsyncSession,
    about: Mapping[str, Any],
    waiting: Iterable[Mapping[bytes, str]],
    questions: int,
) -> dict[cells.Key, Cell]:
    """Release half of each unit's waiting ballots; return by how much the cells change.

    `waiting`: where each ballot is stored, by unit. Raises RuntimeError when one is there no more.
    """
    secret, release = await _secret(session, about["round"]), about["release"]
    taken = [unit[ballot] for unit in waiting for ballot in drawn(secret, release, unit)]
    changes: dict[cells.Key, Cell] = {}
    given = {"round": about["round"], "release": release, "places": " ".join(taken)}
    for row in await session.execute(_JOIN, given):
        change = changes[about["round"], row.unit_id, row.lane] = Cell.none(questions)
        change.waiting -= row.ballots
        change.release(row.ballots, row.levels)
    if sum(each.released_n for each in changes.values()) != len(taken):
        raise RuntimeError("ballots of held cells were written meanwhile")
    return changes


def _places(ids: bytes, places: str) -> dict[bytes, str]:
    """Return where each of a unit's ballots is stored, by its id."""
    each = (ids[at : at + _ID] for at in range(0, len(ids), _ID))
    return dict(zip(each, places.split(" "), strict=True))


async def _secret(session: AsyncSession, round_id: UUID) -> bytes:
    made = insert(RoundSecret).values(round_id=round_id, secret=token_bytes(32))
    await session.execute(made.on_conflict_do_nothing())
    return (
        await session.execute(select(RoundSecret.secret).where(RoundSecret.round_id == round_id))
    ).scalar_one()
