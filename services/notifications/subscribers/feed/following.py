"""What is new for subscriptions that are handed events, whatever their number.

A page is read once for all that go on within it, and a place is written with what is handed
over. A subscription that takes nothing of a page goes past it in memory, and is written with others
a little later: what a process forgets is looked at again, and nothing of it was taken.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from chassis.database import Database
from notifications.partners.domain import EventScope
from notifications.subscribers.subscriptions.matching import Filter, takes, units_of, within
from notifications.subscribers.subscriptions.positions import Position
from notifications.subscribers.subscriptions.scope import scope_filter
from notifications.subscribers.subscriptions.standing import filter_of

PAGE = 500  # events at once
WRITE_AFTER = 2.0  # seconds a place may be ahead of what is written
FRESH = timedelta(minutes=1)
"""What was kept before that finds its reader late in any case."""
_FILTERS = 4096  # that are kept ready

FOLLOWERS = """
    SELECT s.id, s.version, s.cursor_tx::text AS tx, s.cursor_seq AS seq, s.types, s.unit_ids,
      s.fields::text AS fields, s.partner_id, p.event_types, p.unit_ids AS scope_units,
      p.revoked_at IS NULL
        AND p.expires_on >= CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) AS counts {more}
    FROM subscription s JOIN partner p ON p.id = s.partner_id {joined}
    WHERE s.state = 'active' AND {those}
"""
"""For a `Following`: `more` columns of one's own, tables `joined` for them, and `those` meant."""
MOVED = """
    standing AS (
      SELECT s.id, given.to_tx, given.to_seq
      FROM unnest(CAST(:ids AS uuid[]), CAST(:txs AS text[]), CAST(:seqs AS bigint[]),
        CAST(:to_txs AS text[]), CAST(:to_seqs AS bigint[])) AS given (id, tx, seq, to_tx, to_seq)
      JOIN subscription s ON s.id = given.id
        AND (s.cursor_tx, s.cursor_seq) = (CAST(given.tx AS xid8), given.seq)
      ORDER BY s.id FOR NO KEY UPDATE OF s
    ), moved AS (
      UPDATE subscription s
      SET cursor_tx = CAST(standing.to_tx AS xid8), cursor_seq = standing.to_seq {also}
      FROM standing WHERE s.id = standing.id RETURNING s.id
    )
"""
"""Two steps of a statement; its parameters are those of `places`.

Only from where it was: whoever was put back meanwhile, or moved by another process, stays there.
"""
# The horizon is that of the statement's own snapshot: what comes later stands behind it. Both
# bounds are selected, so that the planner does not know them: of a transaction with many events,
# and of events younger than its statistics, it believed that hardly any are left, and read and
# sorted all of them for each page. Not knowing, it goes by the index.
_BEHIND = text("""
    SELECT page.*, (SELECT EXISTS (SELECT FROM public_event
      WHERE tx >= pg_snapshot_xmin(pg_current_snapshot()))) AS held
    FROM (SELECT 1) AS one LEFT JOIN (
      SELECT public_event.tx::text AS tx, seq, id, type, occurred_at, envelope,
        kept_at > now() - CAST(:fresh AS interval) AS fresh FROM public_event
      WHERE (public_event.tx, seq) > ((SELECT CAST(CAST(:tx AS text) AS xid8)), :seq)
      AND public_event.tx < (SELECT pg_snapshot_xmin(pg_current_snapshot()))
      AND envelope <> ''  -- withdrawn
      ORDER BY public_event.tx, seq LIMIT :limit
    ) AS page ON true
""")


class Event(NamedTuple):
    """One kept event: as it was written, and as it was read. `fresh`: it was kept just now."""

    position: Position
    id: UUID
    type: str
    occurred_at: datetime
    envelope: str
    fresh: bool
    read: Mapping[str, Any]
    units: frozenset[UUID]


class Page(NamedTuple):
    """Events behind a place. `held`: one was kept that may not be shown yet, for a moment."""

    events: list[Event]
    end: Position
    held: bool

    @property
    def is_full(self) -> bool:
        """Whether there is more to be read at once."""
        return len(self.events) == PAGE

    def taken_by(self, follower: "Follower") -> list[Event]:
        """Return what a follower takes of it, behind where it goes on."""
        wanted, start = follower.wanted, follower.start
        if wanted is None:
            return []
        behind = (each for each in self.events if each.position > start)
        return [each for each in behind if takes(wanted, each.read, each.units)]


class Follower(NamedTuple):
    """A subscription, the place that is written for it, and where it goes on.

    `wanted` None: its partner was revoked, has expired, or may get no events.
    """

    id: UUID
    version: int
    written: Position
    start: Position
    wanted: Filter | None
    row: Row[Any]


class Handed(NamedTuple):
    """What a follower was handed, and up to where it has come by that."""

    follower: Follower
    events: Sequence[Event]
    to: Position


@dataclass(frozen=True)
class _Ahead:
    """A place further than the written one, behind nothing that was taken."""

    version: int
    written: Position
    to: Position
    since: float


class Following:
    """The subscriptions of one transport. `query`: made of FOLLOWERS.

    `anybody`: whether there was one at the last look. Without one no event need wake whoever looks.
    """

    def __init__(self, query: TextClause) -> None:
        self._query = query
        self.anybody = True
        self._ahead: dict[UUID, _Ahead] = {}

    async def pages(
        self, database: Database, **given: object
    ) -> AsyncIterator[tuple[Page, list[Follower]]]:
        """Read what is new, a page for all who go on within it: few, wherever they stand."""
        left = sorted(await self._there(database, given), key=lambda each: each.start)
        while left:
            page = await read_behind(database, left[0].start)
            together = [each for each in left if each.start <= page.end]
            left = left[len(together) :]
            yield page, together

    async def _there(self, database: Database, given: Mapping[str, object]) -> list[Follower]:
        async with database.at_once.connect() as connection:
            rows = (await connection.execute(self._query, given)).all()
        self.anybody = bool(rows)
        there = {row.id for row in rows}
        self._ahead = {id_: each for id_, each in self._ahead.items() if id_ in there}
        return [self._follower(row) for row in rows]

    def due(self, handed: Iterable[Handed]) -> list[Handed]:
        """Return those whose place must be written; the others are only taken past in memory."""
        due = []
        for each in handed:
            if self._is_due(each):
                due.append(each)
            elif each.to != each.follower.written:
                self._pass_over(each.follower, each.to)
        return due

    def _is_due(self, handed: Handed) -> bool:
        """Tell whether something was taken, or the written place lags for long enough."""
        ahead = self._ahead.get(handed.follower.id)
        if handed.events or ahead is None or handed.to == handed.follower.written:
            return bool(handed.events)
        return ahead.version != handed.follower.version or monotonic() - ahead.since > WRITE_AFTER

    def _pass_over(self, follower: Follower, to: Position) -> None:
        known = self._ahead.get(follower.id)
        same = known is not None and known.written == follower.written
        since = known.since if known and same else monotonic()
        self._ahead[follower.id] = _Ahead(follower.version, follower.written, to, since)

    def _follower(self, row: Row[Any]) -> Follower:
        written = Position(int(row.tx), row.seq)
        start = self._start(row, written)
        return Follower(row.id, row.version, written, start, _wanted_of(row), row)

    def _start(self, row: Row[Any], written: Position) -> Position:
        """Return where one goes on. What it was changed by once does not bring back what it passed.

        Changed more than once it may have another filter and have been put back with it.
        """
        ahead = self._ahead.get(row.id)
        if ahead is None or ahead.written != written or row.version > ahead.version + 1:
            return written
        return ahead.to


async def read_behind(database: Database, start: Position) -> Page:
    """Return up to PAGE events behind a place, whatever they are."""
    given = {"tx": str(start.tx), "seq": start.seq, "limit": PAGE, "fresh": FRESH}
    async with database.at_once.connect() as connection:
        rows = (await connection.execute(_BEHIND, given)).all()
    found = [_event(row) for row in rows if row.tx is not None]
    events = sorted(found, key=lambda event: event.position)
    return Page(events, events[-1].position if events else start, rows[0].held)


def places(handed: Sequence[Handed]) -> dict[str, Any]:
    """Return the parameters of MOVED."""
    return {
        "ids": [each.follower.id for each in handed],
        "txs": [str(each.follower.written.tx) for each in handed],
        "seqs": [each.follower.written.seq for each in handed],
        "to_txs": [str(each.to.tx) for each in handed],
        "to_seqs": [each.to.seq for each in handed],
    }


def _event(row: Row[Any]) -> Event:
    read = json.loads(row.envelope)
    return Event(
        Position(int(row.tx), row.seq), row.id, row.type, row.occurred_at, row.envelope, row.fresh,
        read, units_of(read["data"]),
    )  # fmt: skip


def _wanted_of(row: Row[Any]) -> Filter | None:
    if not row.counts or not row.event_types:
        return None
    units, scoped = row.unit_ids, row.scope_units
    return _wanted(
        row.partner_id, tuple(row.types), None if units is None else frozenset(units), row.fields,
        tuple(row.event_types), None if scoped is None else frozenset(scoped),
    )  # fmt: skip


@lru_cache(maxsize=_FILTERS)
def _wanted(
    partner_id: UUID,
    types: tuple[str, ...],
    units: frozenset[UUID] | None,
    fields: str,
    scope_types: tuple[str, ...],
    scope_units: frozenset[UUID] | None,
) -> Filter:
    scope = scope_filter(EventScope(partner_id, scope_types, scope_units))
    return within(filter_of(types, units, json.loads(fields)), scope)
