"""Who changed what, from what to what, and why: insert-only, and sealed so that tampering shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json, to_jsonable_python
from sqlalchemy import Row, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import audit_entry, audit_seal

FIRST = "0" * 64
INSERT = """
    INSERT INTO audit_entry (actor_id, action, subject_id, before, after, reason, recorded_at)
    VALUES (:audit_actor_id, :audit_action, :audit_subject_id, CAST(:audit_before AS jsonb),
      CAST(:audit_after AS jsonb), :audit_reason, :audit_at)
"""
"""For a statement that stores more than the entry; its parameters are those of `entry`."""
RECORD = text(INSERT)
_OF_ENTRY = ("actor_id", "action", "subject_id", "before", "after", "reason", "at")
_RECORD_ALL = text("""
    INSERT INTO audit_entry (actor_id, action, subject_id, before, after, reason, recorded_at)
    SELECT actor_id, action, subject_id, before::jsonb, after::jsonb, reason, at
    FROM unnest(CAST(:actor_id AS uuid[]), CAST(:action AS text[]), CAST(:subject_id AS uuid[]),
      CAST(:before AS text[]), CAST(:after AS text[]), CAST(:reason AS text[]),
      CAST(:at AS timestamptz[]))
      WITH ORDINALITY AS given(actor_id, action, subject_id, before, after, reason, at, n)
    ORDER BY n
""")
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('chassis.audit.seal'))")


def entry(
    *,
    actor_id: UUID | None,
    action: str,
    subject_id: UUID,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str | None,
    now: datetime,
) -> dict[str, Any]:
    """Return what `INSERT` takes. Ids and figures only, no citizen's data."""
    return {
        "audit_actor_id": actor_id,
        "audit_action": action,
        "audit_subject_id": subject_id,
        "audit_before": to_json(before).decode(),
        "audit_after": to_json(after).decode(),
        "audit_reason": reason,
        "audit_at": now,
    }


async def record(session: AsyncSession, **facts: Any) -> None:
    """Write one entry, made of the facts that `entry` takes, in the caller's transaction."""
    await session.execute(RECORD, entry(**facts))


async def record_all(session: AsyncSession, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write entries as `entry` makes them, in their order, by one statement."""
    if entries:
        columns = {name: [each[f"audit_{name}"] for each in entries] for name in _OF_ENTRY}
        await session.execute(_RECORD_ALL, columns)


async def seal(session: AsyncSession, now: datetime) -> int:
    """Seal what was written by transactions that are over; return how many entries. For the clock.

    The seal's hash covers the entries and the seal before it: removing, changing or reordering
    anything sealed breaks the chain from there on.
    """
    await session.execute(_LOCK)
    last = (await session.execute(_seals().order_by(audit_seal.c.id.desc()).limit(1))).first()
    from_tx, previous = (last.until_tx, last.hash) if last else (0, FIRST)
    until_tx: int = (await session.execute(_HORIZON)).scalar_one()
    rows = await _between(session, from_tx, until_tx)
    if rows:
        await session.execute(
            insert(audit_seal).values(
                from_tx=from_tx,
                until_tx=until_tx,
                entries=len(rows),
                previous=previous,
                hash=_hash(previous, rows),
                sealed_at=now,
            )
        )
    return len(rows)


async def first_broken_seal(session: AsyncSession) -> int | None:
    """Recompute every seal; return the id of the first that does not fit, None when all do."""
    previous, from_tx = FIRST, 0
    for stored in (await session.execute(_seals().order_by(audit_seal.c.id))).all():
        rows = await _between(session, from_tx, stored.until_tx)
        fits = stored.previous == previous and stored.from_tx == from_tx
        if not fits or len(rows) != stored.entries or _hash(previous, rows) != stored.hash:
            return int(stored.id)
        previous, from_tx = stored.hash, stored.until_tx
    return None


def _seals() -> Any:
    return select(audit_seal)


async def _between(session: AsyncSession, from_tx: int, until_tx: int) -> Sequence[Row[Any]]:
    entry = audit_entry.c
    found = await session.execute(
        select(audit_entry)
        .where(entry.tx >= from_tx, entry.tx < until_tx)
        .order_by(entry.tx, entry.id)
    )
    return found.all()


def _hash(previous: str, rows: Sequence[Row[Any]]) -> str:
    digest = hashlib.sha256(previous.encode())
    for row in rows:
        document = to_jsonable_python(dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's public name
        digest.update(json.dumps(document, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()
