"""How far the subjects have moved, who submitted what, and what became moot by it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import Received
from contracts.tasks import ExtensionRequested, PersonChanged, ResultSubmitted
from notifications.ledger.digests import BURST, GATHERED, follow
from notifications.obligations.models import Submission
from notifications.rules.model import Occasion, submission_of
from notifications.rules.moot import Newest
from notifications.rules.table import TABLE, asking, contributing, dated

# Locked in the order of ids, their digests among them and what grows with it, as people's own
# marking does: no deadlocks.
_LOCK = text(f"""
    SELECT id FROM notification WHERE id IN (
      SELECT id FROM notification WHERE subject_id = ANY(:subjects) AND moot_at IS NULL
      UNION SELECT digest_id FROM notification
        WHERE subject_id = ANY(:subjects) AND moot_at IS NULL
      UNION SELECT id FROM notification WHERE {GATHERED})
    ORDER BY id FOR UPDATE
""")  # noqa: S608 - our own words
_MAKE_MOOT = text(f"""
    UPDATE notification SET moot_at = :now WHERE id IN (
      SELECT n.id FROM notification n JOIN subject s ON s.id = n.subject_id
      WHERE n.subject_id = ANY(:subjects) AND n.moot_at IS NULL
      AND (n.subject_version < s.version AND (n.event_type, n."case", s.status) IN (
             SELECT * FROM unnest(CAST(:types AS text[]), CAST(:cases AS text[]),
               CAST(:statuses AS text[])))
           OR n.subject_version < s.version AND n.event_type = ANY(:dated)
             AND n.due_on IS DISTINCT FROM s.due_on
           OR n.subject_version < s.version AND n.reason IN (
             'accountable', 'head_of_unit', 'unit_without_head')
             AND s.state->>'unit_id' <> (
               SELECT p.unit_id::text FROM person p WHERE p.id = n.person_id)
           OR n.subject_version < s.version AND n.event_type = ANY(:asking)
             AND s.state->>'requested_due_on' IS NULL
           OR n.subject_version < s.version AND n.event_type = ANY(:contributing)
             AND NOT EXISTS (
               SELECT 1 FROM jsonb_array_elements(s.state->'contributions') AS c
               WHERE c->>'contribution_id' = split_part(n.step, ' ', 2)
               AND (n.event_type, c->>'status') IN (
                 SELECT * FROM unnest(CAST(:contributed AS text[]), CAST(:standing AS text[]))))
           OR n.event_type = '{PersonChanged.type}'
             AND split_part(n.step, ' ', 1) IS DISTINCT FROM s.accountable_person_id::text))
    RETURNING person_id, read_at, digest_id
""")  # noqa: S608 - our own word
# An older state changes nothing but is answered with the newest, under the row's lock.
_REMEMBER = text("""
    INSERT INTO subject AS s
      (id, version, status, due_on, accountable_person_id, state)
    SELECT id, version, status, due_on, accountable_person_id, state
    FROM jsonb_populate_recordset(NULL::subject, CAST(:rows AS jsonb)) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
      version = greatest(s.version, excluded.version),
      status = CASE WHEN excluded.version > s.version THEN excluded.status ELSE s.status END,
      due_on = CASE WHEN excluded.version > s.version THEN excluded.due_on ELSE s.due_on END,
      accountable_person_id = CASE WHEN excluded.version >= s.version
        THEN excluded.accountable_person_id ELSE s.accountable_person_id END,
      state = CASE WHEN excluded.version >= s.version THEN excluded.state ELSE s.state END
    RETURNING id, version, status, due_on, s.state->>'requested_due_on' IS NOT NULL AS asked,
      s.state->'contributions' AS contributions
""")
_SUBMITTERS = text("""
    SELECT result_id, person_id FROM submission WHERE result_id = ANY(CAST(:ids AS uuid[]))
""")
_MOOT = [(rule.event.type, rule.case, status) for rule in TABLE for status in rule.moot_at]
_RULES = {
    "types": [type_ for type_, _, _ in _MOOT],
    "cases": [case for _, case, _ in _MOOT],
    "statuses": [status for _, _, status in _MOOT],
    "dated": dated(),
    "asking": asking(),
    "contributing": sorted({type_ for type_, _ in contributing()}),
    "contributed": [type_ for type_, _ in contributing()],
    "standing": [status for _, status in contributing()],
}


async def remember_subjects(
    session: AsyncSession, occasions: Sequence[Occasion]
) -> dict[UUID, Newest]:
    """Keep the newest state of each subject with a status; return the newest of all of them.

    Locks each subject until the commit, so that storing and overtaking it take turns.
    """
    newest: dict[UUID, Occasion] = {}
    for occasion in sorted((o for o in occasions if o.status), key=lambda o: o.version):
        newest[occasion.subject_id] = occasion
    if not newest:
        return {}
    rows = [_row(occasion) for occasion in newest.values()]
    found = await session.execute(_REMEMBER, {"rows": to_json(rows).decode()})
    return {
        row.id: Newest(row.version, row.status, row.due_on, row.asked, _statuses(row.contributions))
        for row in found
    }


def _statuses(contributions: Sequence[Mapping[str, str]] | None) -> dict[UUID, str]:
    return {UUID(each["contribution_id"]): each["status"] for each in contributions or ()}


def _row(occasion: Occasion) -> dict[str, Any]:
    return {
        "id": occasion.subject_id,
        "version": occasion.version,
        "status": occasion.status,
        "due_on": occasion.due_on,
        "accountable_person_id": occasion.accountable_id,
        "state": occasion.state,
    }


async def make_moot(
    session: AsyncSession, subjects: Iterable[UUID], now: datetime, people: Sequence[UUID]
) -> set[UUID]:
    """Mark what the newest states overtook; return the people whose unread count fell.

    `people`: who is told next; what `gather` then moves is locked here.
    """
    ids = sorted(subjects)
    if ids or people:
        locked = {"subjects": ids, "people": people, "since": now - BURST}
        await session.execute(_LOCK, locked)
    if not ids:
        return set()
    found = (await session.execute(_MAKE_MOOT, {"now": now, "subjects": ids, **_RULES})).all()
    await follow(session, [row.digest_id for row in found if row.digest_id], now)
    return {row.person_id for row in found if row.read_at is None}


async def remember_submitters(session: AsyncSession, events: Sequence[Received[Any]]) -> None:
    """Keep who submitted each result, and each request for a later deadline."""
    rows = [
        {"result_id": submission_of(received.event), "person_id": received.actor_id}
        for received in events
        if isinstance(received.event, ResultSubmitted | ExtensionRequested) and received.actor_id
    ]
    if rows:
        rows.sort(key=lambda row: str(row["result_id"]))
        await session.execute(insert(Submission).on_conflict_do_nothing(), rows)


async def submitters(session: AsyncSession, occasions: Iterable[Occasion]) -> dict[UUID, UUID]:
    """Return who submitted what the occasions are about."""
    ids = {occasion.submission_id for occasion in occasions if occasion.submission_id}
    if not ids:
        return {}
    found = await session.execute(_SUBMITTERS, {"ids": list(ids)})
    return {row.result_id: row.person_id for row in found}
