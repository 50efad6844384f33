"""The kept events, read behind a position, in the order in which they were kept.

Bounded by `pg_snapshot_xmin`, never by a sequence alone: a transaction that commits later may hold
a lower number, and a reader who went past it would never see it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.subscribers.feed.views import Events
from notifications.subscribers.subscriptions.matching import Filter, takes
from notifications.subscribers.subscriptions.positions import Position
from notifications.subscribers.subscriptions.tail import TAIL, check_below, tail

_TYPES = "type = ANY(CAST(:types AS text[]))"
_UNITS = "unit_ids && CAST(:units AS uuid[])"
_HORIZON = "pg_snapshot_xmin(pg_current_snapshot())"
NEWEST = f"""
    SELECT (SELECT tx::text || '.' || seq FROM ({TAIL.format(below=_HORIZON)}) AS tail) AS position,
      EXISTS (SELECT FROM public_event WHERE tx >= {_HORIZON}) AS more
"""  # noqa: S608 - ours
"""What those who wait for an event are woken by."""
_JOINED = "string_agg(envelope, ',') AS envelopes"
_EACH = "array_agg(envelope) AS envelopes, array_agg(tx::text) AS txs, array_agg(seq) AS seqs"
LOOK = 1000
"""Events that are looked at for one answer by a filter of fields, which the statement leaves to us.

However few are asked for: an event at a time, a reader would hold up others for all of its wait.
"""
# The horizon is that of the page's own snapshot: what comes later stands behind it. One row, and
# one text unless some may be left out: a thousand cost more to bring here.
_AFTER = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
      {envelopes}, count(*) AS looked_at,
      (array_agg(tx))[count(*)]::text AS tx, (array_agg(seq))[count(*)] AS seq
    FROM (
      SELECT tx, seq, envelope FROM public_event
      WHERE (tx, seq) > (CAST(CAST(:tx AS text) AS xid8), :seq)
      AND tx < pg_snapshot_xmin(pg_current_snapshot()) AND {fits}
      ORDER BY tx, seq LIMIT :limit
    ) AS page
"""
# Of a transaction with many events, and of events younger than its statistics, the planner believes
# that hardly any are left: it sorted all of them, whole, on disk, for each page.
_BY_THE_INDEX = text("SET LOCAL enable_sort TO off")
_NEWEST = """
    SELECT DISTINCT ON (subject) subject, envelope FROM public_event
    WHERE (tx, seq) <= (CAST(CAST(:tx AS text) AS xid8), :seq) AND subject > :subject AND {fits}
    ORDER BY subject, version DESC LIMIT :limit
"""
FIRST = UUID(int=0)
"""Before every subject."""


class Slice(NamedTuple):
    """Some events, and the position behind them. `complete`: no more yet."""

    events: Events
    next: Position
    complete: bool


async def behind(session: AsyncSession, position: Position, wanted: Filter, limit: int) -> Slice:
    """Return up to `limit` wanted events behind a position.

    `next` is behind everything that was looked at, wanted or not: nothing is looked at twice. With
    a filter of fields a slice may hold fewer than `limit`, even none, and not be complete. Raises
    RuleBroken for a position that nobody can have reached: the database was put back since.
    """
    most = max(limit, LOOK) if wanted.fields else limit
    given = {"tx": str(position.tx), "seq": position.seq, "limit": most}
    query = _AFTER.replace("{envelopes}", _EACH if wanted.fields else _JOINED)
    await session.execute(_BY_THE_INDEX)
    [page] = await _found(session, query, given, wanted)
    horizon = int(page.horizon)
    check_below(position, horizon)
    if wanted.fields:
        events, seen = _first(wanted, page.envelopes or [], limit)
        if seen < page.looked_at:
            at = Position(int(page.txs[seen - 1]), page.seqs[seen - 1])
            return Slice(events, at, complete=False)
    else:
        events = Events(page.envelopes or "", page.looked_at)
    if page.looked_at == most:
        return Slice(events, Position(int(page.tx), page.seq), complete=False)
    newest = await tail(session, below=horizon)
    return Slice(events, max(position, newest), complete=True)


class Newest(NamedTuple):
    """The newest events of some subjects, and behind which one to go on; None: that was all."""

    events: Events
    subject: UUID | None


async def newest(
    session: AsyncSession, until: Position, subject: UUID, wanted: Filter, limit: int
) -> Newest:
    """Return each one's newest wanted event of up to `limit` subjects, as of `until`."""
    given = {"tx": str(until.tx), "seq": until.seq, "subject": subject, "limit": limit}
    rows = await _found(session, _NEWEST, given, wanted)
    events = Events.of(_fitting(wanted, [row.envelope for row in rows]))
    return Newest(events, rows[-1].subject if len(rows) == limit else None)


async def _found(
    session: AsyncSession, query: str, given: Mapping[str, Any], wanted: Filter
) -> Sequence[Row[Any]]:
    """Run a query with only the conditions that narrow it: the planner knows what they cost."""
    conditions, chosen = ["true"], dict(given)
    if wanted.types is not None:
        conditions.append(_TYPES)
        chosen["types"] = sorted(wanted.types)
    if wanted.unit_ids is not None:
        conditions.append(_UNITS)
        chosen["units"] = sorted(wanted.unit_ids)
    statement = text(query.format(fits=" AND ".join(conditions)))
    return (await session.execute(statement, chosen)).all()


def _first(wanted: Filter, envelopes: list[str], limit: int) -> tuple[Events, int]:
    """Return the first that fit, up to `limit`, and how many were looked at for them."""
    fit = []
    for seen, each in enumerate(envelopes, start=1):
        if takes(wanted, json.loads(each)):
            fit.append(each)
        if len(fit) == limit:
            return Events.of(fit), seen
    return Events.of(fit), len(envelopes)


def _fitting(wanted: Filter, envelopes: list[str]) -> list[str]:
    """Types and units are the statement's; it knows no fields."""
    if not wanted.fields:
        return envelopes
    return [each for each in envelopes if takes(wanted, json.loads(each))]
