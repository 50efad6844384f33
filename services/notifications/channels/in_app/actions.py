"""One's own notifications: which they are, how many wait, marking them as read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.notifications import NoticeSeen, ObligationAcknowledged
from notifications.channels.in_app.pushes import push_unread, unread
from notifications.ledger.digests import follow
from notifications.ledger.models import Notification
from notifications.ledger.receipts import URGING, announce

NOT_ASKED = Sentence(N_("Thông báo này không cần xác nhận"))


def scope(query: Select[Any], actor: Actor) -> Select[Any]:
    """Narrow a query of notifications to the actor's own, whatever the role."""
    return query.where(Notification.person_id == actor.person_id)


async def unread_count(session: AsyncSession, actor: Actor) -> int:
    """Return how many the actor has not read."""
    return (await unread(session, [actor.person_id]))[actor.person_id]


async def mark_read(
    session: AsyncSession, notification_id: UUID, actor: Actor, now: datetime
) -> Notification:
    """Mark one of the actor's notifications as read, and what it holds.

    Raises NotFound for anybody else's.
    """
    held_by = select(Notification.digest_id).where(Notification.id == notification_id)
    this = or_(Notification.id == notification_id, Notification.digest_id == notification_id)
    query = scope(select(Notification).where(or_(this, Notification.id.in_(held_by))), actor)
    found: dict[UUID, Notification] = {
        each.id: each for each in await session.scalars(_locked(query))
    }
    notification = found.get(notification_id)
    if notification is None:
        raise NotFound("Không có thông báo này", code="notification_not_found")
    theirs = [each for each in found.values() if notification_id in {each.id, each.digest_id}]
    unread = [each for each in theirs if each.read_at is None]
    for each in unread:
        each.read_at = now
    if unread:
        await announce(session, NoticeSeen, unread, now, actor.person_id)
        await session.flush()
        await follow(session, [each.digest_id for each in unread if each.digest_id], now)
        await push_unread(session, [actor.person_id])
    return notification


async def mark_all_read(session: AsyncSession, actor: Actor, now: datetime) -> int:
    """Mark all of the actor's notifications as read; return how many were not."""
    mine = scope(select(Notification.id).where(Notification.read_at.is_(None)), actor)
    ids = (await session.scalars(_locked(mine))).all()
    if ids:
        await session.execute(
            update(Notification).where(Notification.id.in_(ids)).values(read_at=now)
        )
        receipted = select(Notification).where(
            Notification.id.in_(ids), Notification.subject_type == URGING
        )
        seen = await session.scalars(receipted.execution_options(populate_existing=True))
        await announce(session, NoticeSeen, seen.all(), now, actor.person_id)
        await push_unread(session, [actor.person_id])
    return len(ids)


async def acknowledge(
    session: AsyncSession, notification_id: UUID, actor: Actor, now: datetime
) -> Notification:
    """Say that one of the actor's notices is known, once; whoever says so has read it.

    Raises NotFound for anybody else's, RuleBroken for one that asks for no acknowledgement.
    """
    notice = await mark_read(session, notification_id, actor, now)
    if not notice.must_acknowledge:
        raise RuleBroken("notification_needs_no_acknowledgement", NOT_ASKED)
    if notice.acknowledged_at is None:
        notice.acknowledged_at = now
        await session.flush()
        await announce(session, ObligationAcknowledged, [notice], now, actor.person_id)
    return notice


async def mark_settled(
    session: AsyncSession, event_type: str, pairs: Sequence[tuple[UUID, UUID]], now: datetime
) -> None:
    """Mark as read what asked each person about each subject, because they have done it."""
    asked = tuple_(Notification.person_id, Notification.subject_id).in_(pairs)
    query = select(Notification).where(
        asked, Notification.event_type == event_type, Notification.read_at.is_(None)
    )
    found = (await session.scalars(_locked(query))).all()
    for each in found:
        each.read_at = now
    if found:
        await session.flush()
        await follow(session, [each.digest_id for each in found if each.digest_id], now)
        await push_unread(session, {each.person_id for each in found})


def _locked(query: Select[Any]) -> Select[Any]:
    """Lock in the order of ids, digests among them, as overtaking does: no deadlocks."""
    return query.order_by(Notification.id).with_for_update()
