"""From events to what people are told: remember, find who is concerned, store, push, mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.directory import person, unit
from chassis.events import Received, Retry
from chassis.ids import new_id
from notifications.actions.mailing import gather_mail
from notifications.actions.pushing import push_new, push_unread
from notifications.actions.remembering import (
    make_moot,
    remember_subjects,
    remember_submitters,
    submitters,
)
from notifications.domain.model import Occasion, Rule
from notifications.domain.moot import is_moot
from notifications.domain.occasions import occasion_of
from notifications.domain.recipients import Directory, Person, Told, people_told
from notifications.domain.rules import RULES
from notifications.models import Beginning, Notification

# The directory's event is on its way by the broker, or comes with the next catching up (60 s).
DIRECTORY_LATE = timedelta(seconds=10)

Concerned = tuple[Received[Any], Occasion]


async def tell(session: AsyncSession, events: Sequence[Received[Any]], now: datetime) -> None:
    """Tell the people concerned by some events, each person once per obligation.

    Raises Retry when an event names a unit or person that the directory does not hold yet.
    """
    names = {row.id: row.name for row in await session.execute(select(unit.c.id, unit.c.name))}
    concerned = [(received, occasion_of(received.event, names)) for received in events]
    occasions = [occasion for _, occasion in concerned]
    await remember_submitters(session, events)
    newest = await remember_subjects(session, occasions)
    relieved = await make_moot(session, newest, now)
    beginning = await session.scalar(select(Beginning.at))
    current = [
        (received, occasion)
        for received, occasion in concerned
        if not (received.replay and beginning and received.time < beginning)
        and not is_moot(_rule(occasion), occasion, newest.get(occasion.subject_id))
    ]
    await _store(session, await _rows(session, current, set(names), now), now)
    await push_unread(session, relieved)


def _rule(occasion: Occasion) -> Rule:
    return RULES[occasion.event_type, occasion.case]


async def _rows(
    session: AsyncSession, concerned: Sequence[Concerned], units: set[UUID], now: datetime
) -> list[tuple[dict[str, Any], bool]]:
    """Return the notifications to store, each with whether it also goes by mail."""
    if not concerned:
        return []
    people = (await session.execute(select(person))).all()
    known = {row.id for row in people}
    directory = Directory(
        Person(row.id, row.unit_id, row.role, bool(row.email)) for row in people if row.active
    )
    submitted_by = await submitters(session, [occasion for _, occasion in concerned])
    rows = []
    for received, occasion in concerned:
        _check_known(occasion, known, units)
        submitter = submitted_by.get(occasion.result_id) if occasion.result_id else None
        told = people_told(
            _rule(occasion),
            occasion,
            directory,
            actor_id=received.actor_id,
            submitter_id=submitter,
        )
        rows += [(_row(received, occasion, each, now), each.email) for each in told]
    return rows


def _check_known(occasion: Occasion, people: set[UUID], units: set[UUID]) -> None:
    named = {occasion.lead_unit_id, *occasion.coordinating_unit_ids} - {None}
    if not named <= units or {occasion.accountable_id} - {None} - people:
        raise Retry("the directory does not know everybody named yet", after=DIRECTORY_LATE)


def _row(received: Received[Any], occasion: Occasion, told: Told, now: datetime) -> dict[str, Any]:
    rule = _rule(occasion)
    return {
        "id": new_id(),
        "person_id": told.person_id,
        "event_id": received.id,
        "event_type": occasion.event_type,
        "case": occasion.case,
        "subject_type": occasion.subject_type,
        "subject_id": occasion.subject_id,
        "subject_version": occasion.version,
        "step": occasion.step,
        "due_on": occasion.due_on,
        "category": rule.category,
        "severity": rule.severity,
        "reason": told.reason.value,
        "title": rule.title,
        "body": rule.body,
        "facts": dict(occasion.facts),
        "created_at": now,
    }


async def _store(
    session: AsyncSession, rows: Sequence[tuple[dict[str, Any], bool]], now: datetime
) -> None:
    """Insert what is not there yet; push and mail only that."""
    if not rows:
        return
    by_mail = {row["id"] for row, email in rows if email}
    given = sorted((row for row, _ in rows), key=_key)
    statement = insert(Notification).on_conflict_do_nothing().returning(Notification)
    fresh = (await session.scalars(statement, given)).all()
    await push_new(session, fresh)
    await gather_mail(session, [each for each in fresh if each.id in by_mail], now)


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the unique key: sorted inserts do not deadlock."""
    return tuple(str(row[name]) for name in ("subject_id", "event_type", "step", "person_id"))
