"""The event log as other services read it: by cursor, by minute, and as a digest to compare with.

Cursors are bounded by `pg_snapshot_xmin`, never by a sequence alone: a transaction that commits
later may hold a lower number, and a reader who went past it would never see it.
"""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_AFTER = text("""
    SELECT tx::text AS tx, seq, envelope FROM event_log
    WHERE (tx, seq) > (CAST(CAST(:tx AS text) AS xid8), :seq)
    AND tx < pg_snapshot_xmin(pg_current_snapshot())
    AND type = ANY(CAST(:types AS text[]))
    ORDER BY tx, seq LIMIT :limit
""")
# `recorded_at` is the event's own time; with `seq` it is the primary key, so a page costs a page.
_BETWEEN = text("""
    SELECT recorded_at, seq, envelope FROM event_log
    WHERE type = ANY(CAST(:types AS text[])) AND (recorded_at, seq) > (:since, :seq)
    AND recorded_at < :until
    ORDER BY recorded_at, seq LIMIT :limit
""")
# Two XORs of 64 bits each: one of 128 bits is not to be had without an extension.
XOR = """
    bit_xor(CAST(CAST('x' || substr(replace(CAST({id} AS text), '-', ''), 1, 16) AS bit(64))
      AS bigint)) AS high,
    bit_xor(CAST(CAST('x' || substr(replace(CAST({id} AS text), '-', ''), 17, 16) AS bit(64))
      AS bigint)) AS low
"""
_DIGEST = text(f"""
    SELECT type, date_trunc('minute', occurred_at) AS minute, count(*) AS count,
    {XOR.format(id="id")}
    FROM event_log
    WHERE type = ANY(CAST(:types AS text[])) AND occurred_at >= :since AND occurred_at < :until
    AND tx < pg_snapshot_xmin(pg_current_snapshot())
    GROUP BY 1, 2 ORDER BY 1, 2
""")  # noqa: S608 - no value from outside
_SUM = text(f"""
    WITH piece AS (
      SELECT id, recorded_at, seq FROM event_log
      WHERE type = ANY(CAST(:types AS text[])) AND (recorded_at, seq) > (:since, :seq)
      ORDER BY recorded_at, seq LIMIT :limit
    ), last AS (SELECT recorded_at, seq FROM piece ORDER BY recorded_at DESC, seq DESC LIMIT 1)
    SELECT sum.count, sum.high, sum.low, last.recorded_at AS since, last.seq
    FROM (SELECT count(*) AS count, {XOR.format(id="id")} FROM piece) AS sum CROSS JOIN last
""")  # noqa: S608 - no value from outside
_HEADS = text(f"""
    SELECT count(*) AS count, {XOR.format(id="md5(subject || ':' || version)")}
    FROM (SELECT DISTINCT ON (subject) subject, version FROM event_log
      WHERE type = ANY(CAST(:types AS text[])) ORDER BY subject, version DESC) AS head
""")  # noqa: S608 - no value from outside


class Bucket(BaseModel):
    """Count and XOR of the ids of one type's events in one minute of their `time`."""

    type: str
    minute: datetime
    count: int
    high: int
    low: int


class Heads(BaseModel):
    """Count and XOR over the newest version of each aggregate."""

    count: int
    high: int | None
    low: int | None


class Sum(Heads):
    """Count and XOR of the ids of a piece of the log, and behind what the next one begins."""

    since: datetime
    seq: int


class Slice(BaseModel):
    """Some events in log order, and where to go on. `complete`: nothing more for now."""

    events: list[dict[str, Any]]
    next: str
    complete: bool


class Page(BaseModel):
    """Some events of a span of time, and where the next page begins."""

    events: list[dict[str, Any]]
    since: datetime
    seq: int
    complete: bool


async def after(session: AsyncSession, cursor: str, types: list[str], limit: int) -> Slice:
    """Return events behind a cursor `tx.seq` ("0.0": from the beginning)."""
    tx, seq = cursor.split(".")
    rows = (
        await session.execute(
            _AFTER, {"tx": str(int(tx)), "seq": int(seq), "types": types, "limit": limit}
        )
    ).all()
    following = f"{rows[-1].tx}.{rows[-1].seq}" if rows else cursor
    return Slice(
        events=[json.loads(row.envelope) for row in rows],
        next=following,
        complete=len(rows) < limit,
    )


async def between(
    session: AsyncSession, types: list[str], since: datetime, seq: int, until: datetime, limit: int
) -> Page:
    """Return some events of some types behind (since, seq) whose time lies before `until`."""
    given = {"types": types, "since": since, "seq": seq, "until": until, "limit": limit}
    rows = (await session.execute(_BETWEEN, given)).all()
    return Page(
        events=[json.loads(row.envelope) for row in rows],
        since=rows[-1].recorded_at if rows else since,
        seq=rows[-1].seq if rows else seq,
        complete=len(rows) < limit,
    )


async def digest(
    session: AsyncSession, types: list[str], since: datetime, until: datetime
) -> list[Bucket]:
    """Return one bucket per type and minute in [since, until)."""
    rows = await session.execute(_DIGEST, {"types": types, "since": since, "until": until})
    return [Bucket.model_validate(row._asdict()) for row in rows]


async def sum_behind(
    session: AsyncSession, types: list[str], since: datetime, seq: int, limit: int
) -> Sum:
    """Return count and XOR of the next `limit` events behind (since, seq), by their own time."""
    given = {"types": types, "since": since, "seq": seq, "limit": limit}
    row = (await session.execute(_SUM, given)).first()
    if row is None:
        return Sum(count=0, high=None, low=None, since=since, seq=seq)
    return Sum.model_validate(row._asdict())


async def heads(session: AsyncSession, types: list[str]) -> Heads:
    """Return the digest of the newest versions of the aggregates these types speak of."""
    row = (await session.execute(_HEADS, {"types": types})).one()
    return Heads.model_validate(row._asdict())
