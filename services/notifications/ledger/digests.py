"""Digests: many things that come for one person at once are one line, which holds them all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from notifications.ledger.models import DIGEST, OPEN_DIGEST, UNREAD, Notification
from notifications.rules.digest import BODY
from notifications.rules.table import dated

FEW = 4  # as many of assignments within BURST are told one by one
BURST = timedelta(minutes=2)  # longer than the clock's minute: issuing a plan and what it announces

GATHERED = f"""
    person_id = ANY(CAST(:people AS uuid[])) AND {UNREAD} AND digest_id IS NULL
    AND (event_type = '{DIGEST}' OR subject_type = 'assignment' AND created_at > :since)
"""
"""What `gather` looks at, and may move, of some people: callers lock it before, in their order."""
_LATELY = text(f"""
    SELECT person_id, asks, id, event_type, created_at > :since AS lately FROM notification
    WHERE {GATHERED} ORDER BY id
""")  # noqa: S608 - our own words
# A digest for each person is opened, or grows, and takes the things that are given.
_JOIN = text(f"""
    WITH given AS (
      SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:people AS uuid[])) AS given(id, person_id)
    ), opened AS (
      INSERT INTO notification (id, person_id, event_id, event_type, "case", subject_type,
        subject_id, subject_version, step, category, severity, reason, title, body, facts,
        created_at, held)
      SELECT new.id, owner, new.id, '{DIGEST}', '', 'digest', new.id, 1, '', 'digest', 'info',
        '', '', :body, '{{}}', :now, (SELECT count(*) FROM given WHERE given.person_id = owner)
      FROM unnest(CAST(:digests AS uuid[]), CAST(:owners AS uuid[])) AS new(id, owner)
      ORDER BY owner
      ON CONFLICT (person_id) WHERE {OPEN_DIGEST}
      DO UPDATE SET created_at = excluded.created_at, held = notification.held + excluded.held
      RETURNING person_id, id
    )
    UPDATE notification AS taken SET digest_id = opened.id
    FROM given JOIN opened USING (person_id) WHERE taken.id = given.id
    RETURNING taken.id, taken.digest_id
""")  # noqa: S608 - our own words
# What it holds decides how urgent it is, whether it asks, and when nothing in it waits any more.
_FOLLOW = """
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
"""
_FOLLOWED = text(_FOLLOW)
_GROWN = (
    select(Notification)
    .from_statement(text(f"{_FOLLOW} RETURNING d.*"))
    .execution_options(populate_existing=True)
)
_OUTLINES = text(f"""
    SELECT digest_id, event_type, category,
      CASE WHEN event_type = ANY(CAST(:dated AS text[])) THEN due_on END AS due_on,
      read_at, moot_at, count(*) AS number
    FROM notification WHERE digest_id = ANY(CAST(:digests AS uuid[])) AND {UNREAD}
    GROUP BY 1, 2, 3, 4, 5, 6
""")  # noqa: S608 - our own words

_DATED = dated()


@dataclass(frozen=True)
class Gathered:
    """The digests that grew, as they are now, and the ids of what they took."""

    digests: Sequence[Notification] = ()
    taken: Collection[UUID] = ()


async def gather(session: AsyncSession, fresh: Sequence[Notification], now: datetime) -> Gathered:
    """Put what comes in a burst into each person's digest; return which grew, and with what.

    `fresh`: stored in this transaction. Of assignments only: of other things there are never many.
    What asks for an act is counted by itself: a few of it stand alone, whatever else comes.
    """
    people = sorted({each.person_id for each in fresh if each.subject_type == "assignment"})
    if not people:
        return Gathered()
    running: set[tuple[UUID, bool]] = set()
    lately: dict[tuple[UUID, bool], list[UUID]] = defaultdict(list)
    for row in await session.execute(_LATELY, {"people": people, "since": now - BURST}):
        if row.event_type != DIGEST:
            lately[row.person_id, row.asks].append(row.id)
        elif row.lately:
            running |= {(row.person_id, False), (row.person_id, row.asks)}
    many = [
        (id_, key[0])
        for key, ids in sorted(lately.items())
        if key in running or len(ids) > FEW
        for id_ in ids
    ]
    return await _join(session, many, now) if many else Gathered()


async def _join(
    session: AsyncSession, many: Sequence[tuple[UUID, UUID]], now: datetime
) -> Gathered:
    """Put things into the digests of their people: pairs of both ids."""
    ids, people = zip(*many, strict=True)
    owners = sorted(set(people))
    facts = {
        "ids": list(ids), "people": list(people), "owners": owners,
        "digests": [new_id() for _ in owners], "body": BODY, "now": now,
    }  # fmt: skip
    taken = {row.id: row.digest_id for row in await session.execute(_JOIN, facts)}
    grown = {"digests": sorted(set(taken.values())), "now": now}
    return Gathered((await session.scalars(_GROWN, grown)).all(), taken)


async def follow(session: AsyncSession, digests: Iterable[UUID], now: datetime) -> None:
    """Let digests follow what they hold: settled once nothing in them waits any more."""
    if ids := sorted(set(digests)):
        await session.execute(_FOLLOWED, {"digests": ids, "now": now})


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
    """Return what waits in the digests among some notifications, enough to count it."""
    held: dict[UUID, list[Any]] = defaultdict(list)
    if ids := [each.id for each in notifications if each.event_type == DIGEST]:
        for row in await session.execute(_OUTLINES, {"digests": ids, "dated": _DATED}):
            held[row.digest_id] += [row] * row.number
    return held


def _standing(notification: Notification) -> tuple[bool, bool]:
    settled = notification.read_at is not None or notification.moot_at is not None
    return settled, not notification.asks
