"""The kept events, read behind a position, in the order in which they were kept.

Bounded by `pg_snapshot_xmin`, never by a sequence alone: a transaction that commits later may hold
a lower number, and a reader who went past it would never see it.
"""

import json
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from notifications.subscribers.subscriptions.matching import Filter, takes
from notifications.subscribers.subscriptions.positions import Position
from notifications.subscribers.subscriptions.tail import TAIL

_FITS = """
    (CAST(:types AS text[]) IS NULL OR type = ANY(CAST(:types AS text[])))
    AND (CAST(:units AS uuid[]) IS NULL OR unit_ids && CAST(:units AS uuid[]))
"""
NEWEST = f"""
    SELECT (SELECT tx::text || '.' || seq FROM ({TAIL}) AS tail) AS position,
      EXISTS (SELECT FROM public_event WHERE tx >= pg_snapshot_xmin(pg_current_snapshot())) AS more
"""  # noqa: S608 - ours
"""What those who wait for an event are woken by."""
# One statement, one snapshot: what `tail` names is what the page was read up to.
_AFTER = text(f"""
    WITH tail AS ({TAIL}), page AS (
      SELECT tx, seq, envelope FROM public_event
      WHERE (tx, seq) > (CAST(CAST(:tx AS text) AS xid8), :seq)
      AND tx < pg_snapshot_xmin(pg_current_snapshot()) AND {_FITS}
      ORDER BY tx, seq LIMIT :limit
    )
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, tail.tx::text AS tail_tx,
      tail.seq AS tail_seq, page.tx::text AS tx, page.seq, envelope
    FROM (SELECT) AS always LEFT JOIN tail ON true LEFT JOIN page ON true
    ORDER BY page.tx, page.seq
""")  # noqa: S608 - ours
_NEWEST = text(f"""
    SELECT DISTINCT ON (subject) subject, envelope FROM public_event
    WHERE (tx, seq) <= (CAST(CAST(:tx AS text) AS xid8), :seq) AND subject > :subject AND {_FITS}
    ORDER BY subject, version DESC LIMIT :limit
""")  # noqa: S608 - ours


_AHEAD = Sentence(
    N_(
        "Con trỏ này mới hơn dữ liệu hiện có, vì hệ thống đã được khôi phục từ bản sao lưu: hãy "
        "đọc lại từ GET /v1/events?snapshots=true"
    )
)
FIRST = UUID(int=0)
"""Before every subject."""


class Slice(NamedTuple):
    """Some events as they were written, and the position behind them. `complete`: no more yet."""

    envelopes: list[str]
    next: Position
    complete: bool


async def behind(session: AsyncSession, position: Position, wanted: Filter, limit: int) -> Slice:
    """Return up to `limit` wanted events behind a position.

    `next` is behind everything that was looked at, wanted or not: nothing is looked at twice. With
    a filter of fields a slice may hold fewer than `limit`, even none, and not be complete. Raises
    RuleBroken for a position that nobody can have reached: the database was put back since.
    """
    given = {"tx": str(position.tx), "seq": position.seq, "limit": limit, **_chosen(wanted)}
    rows = (await session.execute(_AFTER, given)).all()
    if position.tx >= int(rows[0].horizon):
        raise RuleBroken("cursor_ahead", _AHEAD)
    found = [row for row in rows if row.tx is not None]
    envelopes = [row.envelope for row in found if _fits(wanted, row.envelope)]
    if len(found) == limit:
        return Slice(envelopes, Position(int(found[-1].tx), found[-1].seq), complete=False)
    newest = Position(int(rows[0].tail_tx), rows[0].tail_seq) if rows[0].tail_tx else position
    return Slice(envelopes, max(position, newest), complete=True)


class Newest(NamedTuple):
    """The newest events of some subjects, and behind which one to go on; None: that was all."""

    envelopes: list[str]
    subject: UUID | None


async def newest(
    session: AsyncSession, until: Position, subject: UUID, wanted: Filter, limit: int
) -> Newest:
    """Return each one's newest wanted event of up to `limit` subjects, as of `until`."""
    given = {"tx": str(until.tx), "seq": until.seq, "subject": subject, "limit": limit}
    rows = (await session.execute(_NEWEST, {**given, **_chosen(wanted)})).all()
    envelopes = [row.envelope for row in rows if _fits(wanted, row.envelope)]
    return Newest(envelopes, rows[-1].subject if len(rows) == limit else None)


def _chosen(wanted: Filter) -> dict[str, Any]:
    return {"types": _listed(wanted.types), "units": _listed(wanted.unit_ids)}


def _listed(chosen: Collection[Any] | None) -> list[Any] | None:
    return None if chosen is None else list(chosen)


def _fits(wanted: Filter, envelope: str) -> bool:
    """Types and units are the statement's; it knows no fields."""
    return not wanted.fields or takes(wanted, json.loads(envelope))
