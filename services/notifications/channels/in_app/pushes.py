"""What moves on the screens: new notifications and the number beside the bell."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import live
from notifications.calendar.moment import Moment, moment_of
from notifications.ledger.digests import outlines
from notifications.ledger.models import Notification
from notifications.ledger.views import NotificationText, worded

# An import may bring a person a hundred at once: the screen shows the newest and the count.
SHOWN_ONE_BY_ONE = 3
_COUNTED = """
    SELECT person_id, count(*) AS number FROM notification
    WHERE person_id = ANY(CAST(:people AS uuid[])) AND read_at IS NULL AND moot_at IS NULL
      AND digest_id IS NULL
    GROUP BY person_id
"""
_UNREAD = text(_COUNTED)
# With the moment beside it: one round trip for each batch.
_UNREAD_NOW = text(f"""
    SELECT now(), (SELECT CAST(jsonb_agg(days) AS text) FROM calendar_year),
      (SELECT jsonb_object_agg(person_id, number) FROM ({_COUNTED}) AS each)
""")  # noqa: S608 - our own words


def topic(person_id: UUID) -> str:
    """Return the live topic of a person, the only one they may follow."""
    return f"person:{person_id}"


async def unread(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, int]:
    """Return how many notifications each person has neither read nor been relieved of.

    A digest is one, whatever it holds.
    """
    found = await session.execute(_UNREAD, {"people": list(people)})
    return dict.fromkeys(people, 0) | {row[0]: row[1] for row in found}


async def push_new(
    session: AsyncSession, notifications: Sequence[Notification], relieved: Collection[UUID] = ()
) -> None:
    """Show each person the new notifications, of many at once only the newest, and the number.

    `relieved`: people whose number fell meanwhile.
    """
    by_person: dict[UUID, list[Notification]] = defaultdict(list)
    for notification in sorted(notifications, key=lambda each: each.id):
        by_person[notification.person_id].append(notification)
    people = sorted({*by_person, *relieved})
    if not people:
        return
    counts, at = await _unread_now(session, people)
    held = await outlines(session, notifications)
    pushes = []
    for person_id in people:
        texts = [
            worded(each, at, held=held.get(each.id, ()))
            for each in _shown(by_person.get(person_id, []))
        ]
        pushes += _pushes(person_id, counts.get(str(person_id), 0), texts)
    await live.push(session, *pushes)


async def _unread_now(
    session: AsyncSession, people: Collection[UUID]
) -> tuple[dict[str, int], Moment]:
    now, years, counts = (await session.execute(_UNREAD_NOW, {"people": list(people)})).one()
    return counts or {}, moment_of(now, years)


def _shown(new: Sequence[Notification]) -> Sequence[Notification]:
    return new if len(new) <= SHOWN_ONE_BY_ONE else new[-1:]


def _pushes(person_id: UUID, count: int, new: Sequence[NotificationText]) -> list[live.Push]:
    if not new:
        return [live.Push(topic(person_id), {"unread": count}, event="unread")]
    return [
        live.Push(topic(person_id), {"unread": count, "notification": each}, event="notification")
        for each in new
    ]


async def push_unread(session: AsyncSession, people: Collection[UUID]) -> None:
    """Correct the number beside the bell of some people."""
    await push_new(session, (), people)
