"""How far the subjects have moved, who submitted what, and what became moot by it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.events import Received
from contracts.tasks import ResultSubmitted
from notifications.domain.model import Occasion
from notifications.domain.moot import Newest
from notifications.domain.rules import TABLE, dated
from notifications.models import Subject, Submission

# Locked in the order of ids, as people's own marking does: no deadlocks.
_MAKE_MOOT = text("""
    UPDATE notification SET moot_at = :now WHERE id IN (
      SELECT n.id FROM notification n JOIN subject s ON s.id = n.subject_id
      WHERE n.subject_id = ANY(:subjects) AND n.moot_at IS NULL AND n.subject_version < s.version
      AND ((n.event_type, n."case", s.status) IN (
             SELECT * FROM unnest(CAST(:types AS text[]), CAST(:cases AS text[]),
               CAST(:statuses AS text[])))
           OR (n.event_type = ANY(:dated) AND n.due_on IS DISTINCT FROM s.due_on))
      ORDER BY n.id FOR UPDATE OF n)
    RETURNING person_id, read_at
""")
_GIVEN = insert(Subject)
_REMEMBER = _GIVEN.on_conflict_do_update(
    index_elements=["id"],
    set_={name: _GIVEN.excluded[name] for name in ("version", "status", "due_on")},
    where=_GIVEN.excluded.version > Subject.version,
)
_MOOT = [(rule.event.type, rule.case, status) for rule in TABLE for status in rule.moot_at]


async def remember_subjects(
    session: AsyncSession, occasions: Sequence[Occasion]
) -> dict[UUID, Newest]:
    """Keep the newest state of each subject with a status; return the newest of all of them.

    Locks each subject until the commit, so that telling and overtaking it take turns.
    """
    rows: dict[UUID, dict[str, Any]] = {}
    for occasion in sorted((o for o in occasions if o.status), key=lambda o: o.version):
        rows[occasion.subject_id] = {
            "id": occasion.subject_id, "version": occasion.version, "status": occasion.status,
            "due_on": occasion.due_on,
        }  # fmt: skip
    if not rows:
        return {}
    await session.execute(_REMEMBER, [rows[id_] for id_ in sorted(rows)])
    found = await session.execute(
        select(Subject.id, Subject.version, Subject.status, Subject.due_on).where(
            Subject.id.in_(rows)
        )
    )
    return {row.id: Newest(row.version, row.status, row.due_on) for row in found}


async def make_moot(session: AsyncSession, subjects: Iterable[UUID], now: datetime) -> set[UUID]:
    """Mark what the newest states overtook; return the people whose unread count fell."""
    types, cases, statuses = zip(*_MOOT, strict=True)
    found = await session.execute(
        _MAKE_MOOT,
        {"now": now, "subjects": sorted(subjects), "types": list(types), "cases": list(cases),
         "statuses": list(statuses), "dated": dated()},
    )  # fmt: skip
    return {row.person_id for row in found if row.read_at is None}


async def remember_submitters(session: AsyncSession, events: Sequence[Received[Any]]) -> None:
    """Keep who submitted each result."""
    rows = [
        {"result_id": received.event.result_id, "person_id": received.actor_id}
        for received in events
        if isinstance(received.event, ResultSubmitted) and received.actor_id
    ]
    if rows:
        rows.sort(key=lambda row: str(row["result_id"]))
        await session.execute(insert(Submission).on_conflict_do_nothing(), rows)


async def submitters(session: AsyncSession, occasions: Iterable[Occasion]) -> dict[UUID, UUID]:
    """Return who submitted the results that the occasions are about."""
    ids = {occasion.result_id for occasion in occasions if occasion.result_id}
    if not ids:
        return {}
    found = await session.execute(
        select(Submission.result_id, Submission.person_id).where(Submission.result_id.in_(ids))
    )
    return {row.result_id: row.person_id for row in found}
