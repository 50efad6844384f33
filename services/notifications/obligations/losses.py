"""The directory moves: who may no longer open what, and which assignments lose their people."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.directory import person, unit
from chassis.messaging.events import Received
from contracts.tasks import AssignmentState, PersonChanged, UnitChanged
from notifications.ledger.digests import BURST, GATHERED, follow
from notifications.obligations.actions import Concerned, Notices, notices_of, tell
from notifications.obligations.models import Subject
from notifications.obligations.people import Known, known
from notifications.rules.occasions import WHY_LOST, occasion_of_loss
from notifications.rules.recipients import OVERSIGHT, STAFF, may_lead

E = TypeVar("E", PersonChanged, UnitChanged)

# What a person was told of and may no longer open, as `rules.recipients.may_open` has it; the
# losses of an assignment that has its person back; and those of units that are open again.
_SETTLED = f"""
    SELECT n.id, n.digest_id FROM notification n JOIN subject s ON s.id = n.subject_id
    JOIN person p ON p.id = n.person_id
    WHERE n.read_at IS NULL AND n.moot_at IS NULL AND s.state IS NOT NULL AND (
      n.person_id = ANY(CAST(:people AS uuid[])) AND NOT (p.active AND (
        p.role = ANY(:oversight) OR p.role = ANY(:staff) AND (
          s.state->>'unit_id' = p.unit_id::text
          OR s.state->'coordinating_unit_ids' @> to_jsonb(p.unit_id::text)
          OR s.state->'former_unit_ids' @> to_jsonb(p.unit_id::text))))
      OR n.event_type = '{PersonChanged.type}' AND n.subject_id = ANY(CAST(:found AS uuid[]))
      OR n.event_type = '{UnitChanged.type}' AND s.state->>'unit_id' = ANY(:reopened))
"""  # noqa: S608 - our own words
# Locked in the order of ids, their digests among them and what grows with it, as people's own
# marking does: no deadlocks.
_LOCK = text(f"""
    WITH settled AS ({_SETTLED})
    SELECT id FROM notification
    WHERE id IN (SELECT id FROM settled UNION SELECT digest_id FROM settled
      UNION SELECT id FROM notification WHERE {GATHERED.replace(":people", ":told")})
    ORDER BY id FOR UPDATE
""")  # noqa: S608 - our own words
_OVER = text(f"""
    WITH settled AS ({_SETTLED})
    UPDATE notification SET moot_at = :now WHERE id IN (SELECT id FROM settled)
    RETURNING person_id, digest_id
""")  # noqa: S608 - our own words


async def follow_people(
    session: AsyncSession, events: Sequence[Received[PersonChanged]], now: datetime
) -> None:
    """Tell the Office and the head what lost its accountable person; settle what stays shut now."""
    newest = await _newest(session, person, events)
    counted_on = await _open(session, Subject.accountable_person_id.in_(newest))
    directory = await known(session)
    lost, found = [], []
    for state in counted_on:
        received = newest[_accountable(state)]
        why = _why_lost(received.event, state, directory)
        if why:
            occasion = occasion_of_loss(received.event, state, directory.units, WHY_LOST[why])
            lost.append((received, occasion))
        else:
            found.append(state.assignment_id)
    notices = await notices_of(session, lost, directory)
    relieved = await _settle(session, notices, now, people=newest, found=found)
    await tell(session, notices, relieved, now)


async def follow_units(
    session: AsyncSession, events: Sequence[Received[UnitChanged]], now: datetime
) -> None:
    """Tell the Office and the head what a closed unit still leads; settle it once it is open."""
    newest = await _newest(session, unit, events)
    closed = {id_: each for id_, each in newest.items() if not each.event.unit.active}
    leads = Subject.state["unit_id"].astext.in_([str(id_) for id_ in closed])
    directory = await known(session)
    lost: list[Concerned] = []
    for state in await _open(session, leads) if closed else ():
        received = closed[state.unit_id]
        lost.append((received, occasion_of_loss(received.event, state, directory.units)))
    notices = await notices_of(session, lost, directory)
    reopened = newest.keys() - closed.keys()
    relieved = await _settle(session, notices, now, reopened=reopened)
    await tell(session, notices, relieved, now)


async def _newest(
    session: AsyncSession, table: Table, events: Sequence[Received[E]]
) -> dict[UUID, Received[E]]:
    """Return the events that the directory stands at, by subject: an older one says nothing."""
    subjects = {each.event.subject for each in events}
    query = select(table.c.id, table.c.version).where(table.c.id.in_(subjects))
    kept = {row.id: row.version for row in await session.execute(query)}
    return {
        each.event.subject: each
        for each in events
        if each.event.version == kept[each.event.subject]
    }


async def _open(session: AsyncSession, condition: Any) -> list[AssignmentState]:
    """Return the assignments in force that are not over and meet a condition, locked."""
    query = select(Subject.state).where(
        condition, Subject.state.is_not(None),
        Subject.status.not_in(["done", "cancelled", "carried"]),
    )  # fmt: skip
    rows = await session.scalars(query.order_by(Subject.id).with_for_update())
    return [AssignmentState.model_validate(state) for state in rows]


def _accountable(state: AssignmentState) -> UUID:
    assert state.accountable_person_id is not None  # noqa: S101 - asked for by that column
    return state.accountable_person_id


def _why_lost(event: PersonChanged, state: AssignmentState, directory: Known) -> str:
    """Return a key of WHY_LOST, or nothing when the person can still be counted on."""
    if not event.person.active:
        return "left"
    if event.person.unit_id != state.unit_id:
        return "moved"
    at_work = directory.active.find(event.person.person_id)
    return "" if at_work and may_lead(at_work[0], state.unit_id) else "role"


async def _settle(
    session: AsyncSession,
    notices: Notices,
    now: datetime,
    *,
    people: Iterable[UUID] = (),
    found: Iterable[UUID] = (),
    reopened: Iterable[UUID] = (),
) -> set[UUID]:
    facts = {"people": sorted(people), "found": sorted(found),
             "reopened": [str(id_) for id_ in reopened],
             "oversight": sorted(OVERSIGHT), "staff": sorted(STAFF)}  # fmt: skip
    grows = {"told": notices.gathered_for, "since": now - BURST}
    await session.execute(_LOCK, {**facts, **grows})
    rows = (await session.execute(_OVER, {**facts, "now": now})).all()
    await follow(session, [row.digest_id for row in rows if row.digest_id], now)
    return {row.person_id for row in rows}
