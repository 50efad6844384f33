"""The rows somebody picks and the people at work, loaded to be matched; what was urged lately."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.words import Sentence
from tasks.assignments.models import Assignment
from tasks.assignments.scope import scope
from tasks.assignments.urged import Urging, UrgingRow
from tasks.calendar.moment import Moment
from tasks.directory.models import Person, Unit
from tasks.ladder.domain import Lateness
from tasks.plans.models import Plan, Task
from tasks.urging.domain import (
    NOT_FOUND,
    Chosen,
    LeftOut,
    People,
    Reason,
    Row,
    Worker,
    choose,
)

_ROWS = (
    select(
        Assignment.id, Assignment.number, Task.content, Assignment.unit_id,
        Assignment.coordinating_unit_ids, Assignment.former_unit_ids,
        Assignment.accountable_person_id, Assignment.status, Assignment.due_on,
        Assignment.paused_on, Assignment.carried_to_id, Plan.status.label("plan_status"),
        Plan.cancelled_draft,
    )
    .join(Plan, Plan.id == Assignment.plan_id)
    .join(Task, Task.id == Assignment.task_id)
)  # fmt: skip


async def match(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], reason: Reason, at: Moment
) -> Chosen:
    """Return who would be urged about which of the picked rows, and what is left out and why."""
    found = await rows_of(session, actor, ids, at)
    known = [found[id_] for id_ in ids if id_ in found]
    chosen = choose(known, reason, await people_at_work(session, at.today), actor.person_id)
    gone = [
        LeftOut(id_, "assignment_not_found", Sentence(NOT_FOUND)) for id_ in ids if id_ not in found
    ]
    return Chosen(chosen.recipients, chosen.rows, [*chosen.left_out, *gone])


async def rows_of(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], at: Moment
) -> dict[UUID, Row]:
    """Return the rows the actor may see, by id, in one statement."""
    late = Lateness(at.today, at.calendar)
    found = {}
    for each in await session.execute(scope(_ROWS.where(Assignment.id.in_(ids)), actor)):
        found[each.id] = Row(
            id=each.id, number=each.number, content=each.content, unit_id=each.unit_id,
            coordinating_unit_ids=tuple(each.coordinating_unit_ids),
            former_unit_ids=tuple(each.former_unit_ids),
            accountable_id=each.accountable_person_id, status=each.status, due_on=each.due_on,
            days_late=late.of(each.due_on),
            overdue=each.due_on is not None and each.due_on < at.today,
            paused=each.paused_on is not None,
            carried=each.carried_to_id is not None,
            in_draft=each.plan_status == "draft" or each.cancelled_draft,
        )  # fmt: skip
    return found


async def people_at_work(session: AsyncSession, today: date) -> People:
    """Return everybody who is at work, and who stands in for them today."""
    rows = await session.execute(
        select(
            Person.id, Person.name, Person.post, Person.unit_id, Person.role,
            Person.substitute_id, Person.absent_from, Person.absent_until,
        ).where(Person.active)
    )  # fmt: skip
    return People(
        Worker(
            row.id, row.name, row.post, row.unit_id, row.role,
            row.substitute_id if _away(row.absent_from, row.absent_until, today) else None,
        )
        for row in rows
    )  # fmt: skip


def _away(since: date | None, until: date | None, today: date) -> bool:
    return since is not None and until is not None and since <= today <= until


async def names_of_units(session: AsyncSession) -> dict[UUID, str]:
    """Return what every unit is called."""
    return {row.id: row.name for row in await session.execute(select(Unit.id, Unit.name))}


async def urged_lately(
    session: AsyncSession, ids: Sequence[UUID], reason: Reason, now: datetime, hours: int
) -> dict[UUID, datetime]:
    """Return which rows somebody urged for this reason within so many hours, and when at last.

    `any` is every reason: who was urged for any was urged for each.
    """
    same = [] if reason == "any" else [UrgingRow.told.overlap([reason, "any"])]
    statement = (
        select(UrgingRow.assignment_id, func.max(Urging.made_at).label("at"))
        .join(Urging, Urging.id == UrgingRow.urging_id)
        .where(UrgingRow.assignment_id.in_(ids), Urging.origin == "office", *same)
        .where(Urging.made_at > now - timedelta(hours=hours))
        .group_by(UrgingRow.assignment_id)
    )
    return {row.assignment_id: row.at for row in await session.execute(statement)}
