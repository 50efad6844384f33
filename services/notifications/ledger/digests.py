"""Digests: many things that come for one person at once are one line, which holds them all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from notifications.ledger.models import DIGEST, OPEN_DIGEST, Notification
from notifications.rules.digest import BODY

FEW = 4  # as many of assignments within BURST are told one by one
BURST = timedelta(minutes=2)  # longer than the clock's minute: issuing a plan and what it announces

# Locked in the order of ids, open digests among them, as people's own marking does: no deadlocks.
_LOCK = text(f"""
    SELECT person_id, asks, id, event_type, created_at > :since AS lately FROM notification
    WHERE person_id = ANY(CAST(:people AS uuid[])) AND read_at IS NULL AND moot_at IS NULL
      AND (event_type = '{DIGEST}'
        OR subject_type = 'assignment' AND digest_id IS NULL AND created_at > :since)
    ORDER BY id FOR UPDATE
""")  # noqa: S608 - our own word
_OPEN = text(f"""
    INSERT INTO notification (id, person_id, event_id, event_type, "case", subject_type, subject_id,
      subject_version, step, category, severity, reason, title, body, facts, created_at, held)
    SELECT id, person_id, id, '{DIGEST}', '', 'digest', id, 1, '', 'digest', 'info', '', '', :body,
      '{{}}', :now, held
    FROM unnest(CAST(:ids AS uuid[]), CAST(:people AS uuid[]), CAST(:held AS integer[]))
      AS given(id, person_id, held)
    ORDER BY person_id
    ON CONFLICT (person_id) WHERE {OPEN_DIGEST}
    DO UPDATE SET created_at = excluded.created_at, held = notification.held + excluded.held
    RETURNING person_id, id
""")  # noqa: S608 - our own word
_JOIN = text("""
    UPDATE notification n SET digest_id = given.digest_id
    FROM unnest(CAST(:ids AS uuid[]), CAST(:digests AS uuid[])) AS given(id, digest_id)
    WHERE n.id = given.id
""")
# What it holds decides how urgent it is, whether it asks, and when nothing in it waits any more.
_FOLLOW = text("""
    UPDATE notification d SET
      asks = held.asks,
      severity = CASE held.rank WHEN 2 THEN 'critical' WHEN 1 THEN 'warning' ELSE 'info' END,
      read_at = CASE WHEN held.waiting OR NOT held.read THEN d.read_at
        ELSE coalesce(d.read_at, :now) END,
      moot_at = CASE WHEN held.waiting OR held.read THEN NULL
        ELSE coalesce(d.moot_at, :now) END
    FROM (
      SELECT digest_id, bool_or(waits) AS waiting, bool_or(read_at IS NOT NULL) AS read,
        coalesce(bool_or(asks) FILTER (WHERE waits), false) AS asks,
        coalesce(max(CASE severity WHEN 'critical' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END)
          FILTER (WHERE waits), 0) AS rank
      FROM (SELECT *, read_at IS NULL AND moot_at IS NULL AS waits FROM notification
        WHERE digest_id = ANY(CAST(:digests AS uuid[]))) each GROUP BY digest_id
    ) held WHERE d.id = held.digest_id
""")


_OUTLINES = text("""
    SELECT digest_id, event_type, category, due_on, read_at, moot_at FROM notification
    WHERE digest_id = ANY(CAST(:digests AS uuid[]))
""")


async def gather(session: AsyncSession, fresh: Sequence[Notification], now: datetime) -> set[UUID]:
    """Put what comes in a burst into each person's digest; return the digests that grew.

    `fresh`: stored in this transaction. Of assignments only: of other things there are never many.
    What asks for an act is counted by itself: a few of it stand alone, whatever else comes.
    """
    people = sorted({each.person_id for each in fresh if each.subject_type == "assignment"})
    if not people:
        return set()
    running: set[tuple[UUID, bool]] = set()
    lately: dict[tuple[UUID, bool], list[UUID]] = defaultdict(list)
    for row in await session.execute(_LOCK, {"people": people, "since": now - BURST}):
        if row.event_type != DIGEST:
            lately[row.person_id, row.asks].append(row.id)
        elif row.lately:
            running |= {(row.person_id, False), (row.person_id, row.asks)}
    many: dict[UUID, list[UUID]] = defaultdict(list)
    for key, ids in sorted(lately.items()):
        if key in running or len(ids) > FEW:
            many[key[0]] += ids
    return await _join(session, many, now)


async def _join(
    session: AsyncSession, by_person: dict[UUID, list[UUID]], now: datetime
) -> set[UUID]:
    if not by_person:
        return set()
    people = list(by_person)
    facts = {
        "ids": [new_id() for _ in people], "people": people, "body": BODY, "now": now,
        "held": [len(ids) for ids in by_person.values()],
    }  # fmt: skip
    digests = {row.person_id: row.id for row in await session.execute(_OPEN, facts)}
    pairs = [(id_, digests[person]) for person, ids in by_person.items() for id_ in ids]
    ids, of = zip(*pairs, strict=True)
    await session.execute(_JOIN, {"ids": list(ids), "digests": list(of)})
    await follow(session, digests.values(), now)
    return set(digests.values())


async def follow(session: AsyncSession, digests: Iterable[UUID], now: datetime) -> None:
    """Let digests follow what they hold: settled once nothing in them waits any more."""
    if ids := sorted(set(digests)):
        await session.execute(_FOLLOW, {"digests": ids, "now": now})


async def held_in(
    session: AsyncSession, notifications: Collection[Notification]
) -> dict[UUID, list[Notification]]:
    """Return what the digests among some notifications hold, what waits and asks first."""
    ids = [each.id for each in notifications if each.event_type == DIGEST]
    held: dict[UUID, list[Notification]] = {id_: [] for id_ in ids}
    if not ids:
        return held
    query = select(Notification).where(Notification.digest_id.in_(ids))
    for each in await session.scalars(query.order_by(Notification.created_at, Notification.id)):
        if each.digest_id is not None:
            held[each.digest_id].append(each)
    return {id_: sorted(found, key=_standing) for id_, found in held.items()}


async def outlines(
    session: AsyncSession, notifications: Collection[Notification]
) -> dict[UUID, list[Any]]:
    """Return what the digests among some notifications hold, as much as is needed to count it."""
    held: dict[UUID, list[Any]] = defaultdict(list)
    if ids := [each.id for each in notifications if each.event_type == DIGEST]:
        for row in await session.execute(_OUTLINES, {"digests": ids}):
            held[row.digest_id].append(row)
    return held


def _standing(notification: Notification) -> tuple[bool, bool]:
    settled = notification.read_at is not None or notification.moot_at is not None
    return settled, not notification.asks
