"""What moves on the screens: new notifications and the number beside the bell."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import live
from notifications.models import Notification
from notifications.views import shown

# An import may bring a person a hundred at once: the screen shows the newest and the count.
SHOWN_ONE_BY_ONE = 3


async def unread(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, int]:
    """Return how many notifications each person has neither read nor been relieved of."""
    found = await session.execute(
        select(Notification.person_id, func.count())
        .where(Notification.person_id.in_(people))
        .where(Notification.read_at.is_(None), Notification.moot_at.is_(None))
        .group_by(Notification.person_id)
    )
    return dict.fromkeys(people, 0) | {row[0]: row[1] for row in found}


async def push_new(session: AsyncSession, notifications: Sequence[Notification]) -> None:
    """Show each person the new notifications; of many at once only the newest."""
    by_person: dict[UUID, list[Notification]] = defaultdict(list)
    for notification in notifications:
        by_person[notification.person_id].append(notification)
    counts = await unread(session, by_person.keys())
    for person_id, theirs in sorted(by_person.items()):
        several = sorted(theirs, key=lambda each: each.id)
        for notification in several if len(several) <= SHOWN_ONE_BY_ONE else several[-1:]:
            payload = {"unread": counts[person_id], "notification": shown(notification)}
            await live.push(session, f"person:{person_id}", payload, event="notification")


async def push_unread(session: AsyncSession, people: Iterable[UUID]) -> None:
    """Correct the number beside the bell of some people."""
    concerned = sorted(people)
    if not concerned:
        return
    for person_id, count in (await unread(session, concerned)).items():
        await live.push(session, f"person:{person_id}", {"unread": count}, event="unread")
