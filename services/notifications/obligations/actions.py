"""From events to what people are told: remember, find who is concerned, store, push, mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from chassis.messaging.events import Received, Retry
from notifications.channels.in_app.pushes import push_new
from notifications.ledger.actions import store
from notifications.ledger.digests import gather
from notifications.ledger.models import Notification
from notifications.obligations.models import Beginning
from notifications.obligations.people import Known, known
from notifications.obligations.subjects import (
    make_moot,
    remember_subjects,
    remember_submitters,
    submitters,
)
from notifications.rules.model import Occasion, Rule
from notifications.rules.moot import is_moot
from notifications.rules.occasions import occasion_of
from notifications.rules.recipients import Recipient, recipients_of
from notifications.rules.table import RULES

# The directory's event is on its way by the broker, or comes with the next catching up (60 s).
DIRECTORY_LATE = timedelta(seconds=10)

Concerned = tuple[Received[Any], Occasion]


@dataclass(frozen=True)
class Notices:
    """What people are to be told, not stored yet. `by_mail`: ids of what also goes by mail."""

    told: Sequence[Notification]
    by_mail: Collection[UUID]

    @property
    def gathered_for(self) -> list[UUID]:
        """Return the people whose digests this may grow: see `ledger.digests`."""
        return sorted({each.person_id for each in self.told if each.subject_type == "assignment"})


async def open_obligations(session: AsyncSession, events: Sequence[Received[Any]]) -> None:
    """Store who is told of some events, each person once per obligation; push it to the screens.

    Raises Retry when an event names a unit or person that the directory does not hold yet.
    """
    directory = await known(session)
    concerned = [(received, occasion_of(received.event, directory.units)) for received in events]
    await remember_submitters(session, events)
    newest = await remember_subjects(session, [occasion for _, occasion in concerned])
    current = [
        (received, occasion)
        for received, occasion in concerned
        if not is_moot(_rule(occasion), occasion, newest.get(occasion.subject_id))
    ]
    notices = await notices_of(session, current, directory)
    relieved = await make_moot(session, newest, directory.now, notices.gathered_for)
    await tell(session, notices, relieved, directory.now)


async def tell(
    session: AsyncSession, notices: Notices, relieved: Collection[UUID], now: datetime
) -> list[Notification]:
    """Store who is told of what, a burst as a digest, and push it; return what was not there yet.

    `relieved`: see `push_new`. What `gather` moves is locked by the caller, together with what it
    settles: locked one after the other, two who do so could wait for each other.
    """
    fresh = await store(session, notices.told, notices.by_mail) if notices.told else []
    gathered = await gather(session, fresh, now)
    alone = [each for each in fresh if each.id not in gathered.taken]
    await push_new(session, [*alone, *gathered.digests], relieved)
    return fresh


async def _beginning(session: AsyncSession, events: Sequence[Received[Any]]) -> datetime | None:
    """Return when this service began to listen; only a first fill brings what is older."""
    if not any(received.replay for received in events):
        return None
    beginning: datetime | None = await session.scalar(select(Beginning.at))
    return beginning


def _rule(occasion: Occasion) -> Rule:
    return RULES[occasion.event_type, occasion.case]


async def notices_of(
    session: AsyncSession, concerned: Sequence[Concerned], directory: Known
) -> Notices:
    """Return what people are to be told; nothing of what happened before this service listened.

    Raises Retry when an event names a unit or person that the directory does not hold yet.
    """
    beginning = await _beginning(session, [received for received, _ in concerned])
    submitted_by = await submitters(session, [occasion for _, occasion in concerned])
    notifications, by_mail = [], set()
    for received, occasion in concerned:
        if received.replay and beginning and received.time < beginning:
            continue
        _check_known(occasion, directory)
        submitter = submitted_by.get(occasion.submission_id) if occasion.submission_id else None
        recipients = recipients_of(
            _rule(occasion),
            occasion,
            directory.active,
            actor_id=received.actor_id,
            submitter_id=submitter,
        )
        for each in recipients:
            notification = notification_of(received.id, occasion, each, directory.now)
            notifications.append(notification)
            if each.email:
                by_mail.add(notification.id)
    return Notices(notifications, by_mail)


def _check_known(occasion: Occasion, directory: Known) -> None:
    units = {occasion.lead_unit_id, *occasion.coordinating_unit_ids} - {None}
    people = {occasion.accountable_id, *occasion.team_ids} - {None}
    if not units <= directory.units.keys() or people - directory.people:
        raise Retry("the directory does not know everybody named yet", after=DIRECTORY_LATE)


def notification_of(
    event_id: UUID, occasion: Occasion, recipient: Recipient, now: datetime
) -> Notification:
    """Return what one person is told of an occasion. `event_id`: what it comes from."""
    rule = _rule(occasion)
    return Notification(
        id=new_id(),
        person_id=recipient.person_id,
        event_id=event_id,
        event_type=occasion.event_type,
        case=occasion.case,
        subject_type=occasion.subject_type,
        subject_id=occasion.subject_id,
        subject_version=occasion.version,
        step=occasion.step,
        due_on=occasion.due_on,
        category=rule.category,
        severity=rule.severity,
        asks=rule.asks,
        must_acknowledge=rule.must_acknowledge,
        reason=recipient.reason.value,
        title=rule.title,
        body=rule.body,
        facts=dict(occasion.facts),
        created_at=now,
    )
