"""How much of a plan an act would touch."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from tasks.assignments.domain import LIVE, OPEN
from tasks.assignments.models import Assignment
from tasks.directory.models import Person

TOLD = ("director", "office", "unit_head")
"""Whose bell says that a plan takes effect, changes or is cancelled: docs/notifications.md."""


class Consequences(ResponseBody):
    """What issuing or cancelling a plan touches.

    `assignments`: all it has. `live`: not done, so that cancelling ends them. `overdue`: past their
    day, so that their units are reminded at once. `units`: that lead one. `people`: who is told.
    """

    assignments: int
    live: int
    overdue: int
    units: int
    people: int


async def consequences(
    session: AsyncSession, actor: Actor, plan_id: UUID, today: date
) -> Consequences:
    """Count for one plan."""
    is_open, is_live = Assignment.status.in_(sorted(OPEN)), Assignment.status.in_(sorted(LIVE))
    counts = select(
        func.count().label("assignments"),
        func.count().filter(is_live).label("live"),
        func.count()
        .filter(is_open, Assignment.due_on < today, Assignment.paused_on.is_(None))
        .label("overdue"),
        func.count(Assignment.unit_id.distinct()).label("units"),
    ).where(Assignment.plan_id == plan_id)
    told = select(func.count()).where(
        Person.active, Person.role.in_(TOLD), Person.id != actor.person_id
    )
    row = (await session.execute(counts)).one()
    return Consequences(**row._asdict(), people=(await session.execute(told)).scalar_one())
