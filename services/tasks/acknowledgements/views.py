"""How far a plan has been taken note of: counts by unit, and who has not yet."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from tasks.acknowledgements.models import Acknowledgement
from tasks.directory.models import Person, Unit
from tasks.plans.models import Plan


class UnitCoverage(ResponseBody):
    """How many people of a unit were asked, and how many have taken note."""

    unit_id: UUID
    unit_name: str
    asked: int
    acknowledged: int


class NotYet(ResponseBody):
    """Somebody who was asked and has not taken note."""

    person_id: UUID
    name: str
    post: str
    unit_id: UUID


class Coverage(ResponseBody):
    """Counts of people at work now. `mine_at`: when the caller took note; `asks_me`: still to do.

    `not_yet`: all of them for the department's oversight, of their own unit for others.
    """

    asked: int
    acknowledged: int
    units: list[UnitCoverage]
    not_yet: list[NotYet] = Field(default_factory=list)
    mine_at: datetime | None
    asks_me: bool


async def coverage(session: AsyncSession, actor: Actor, plan: Plan) -> Coverage:
    """Count for one plan."""
    given = func.count(Acknowledgement.acknowledged_at)
    counts = (
        _asked(plan.id)
        .with_only_columns(Unit.id, Unit.name, func.count().label("asked"), given.label("given"))
        .group_by(Unit.id, Unit.name, Unit.sort_order)
        .order_by(Unit.sort_order, Unit.id)
    )
    units = [
        UnitCoverage(unit_id=row.id, unit_name=row.name, asked=row.asked, acknowledged=row.given)
        for row in (await session.execute(counts)).all()
    ]
    mine_at, asks_me = await _mine(session, actor, plan)
    return Coverage(
        asked=sum(each.asked for each in units),
        acknowledged=sum(each.acknowledged for each in units),
        units=units,
        not_yet=await _not_yet(session, actor, plan.id),
        mine_at=mine_at,
        asks_me=asks_me,
    )


def _asked(plan_id: UUID) -> Select[Acknowledgement]:
    """Select those asked who are at work still, with their unit of then."""
    return (
        select(Acknowledgement)
        .join(Person, Person.id == Acknowledgement.person_id)
        .join(Unit, Unit.id == Acknowledgement.unit_id)
        .where(Acknowledgement.plan_id == plan_id, Person.active)
    )


async def _mine(session: AsyncSession, actor: Actor, plan: Plan) -> tuple[datetime | None, bool]:
    mine = select(Acknowledgement).where(
        Acknowledgement.plan_id == plan.id, Acknowledgement.person_id == actor.person_id
    )
    found = await session.scalar(mine)
    addressed = found is not None or actor.unit_id in plan.recipient_unit_ids
    at = found.acknowledged_at if found else None
    return at, plan.status == "active" and addressed and at is None


async def _not_yet(session: AsyncSession, actor: Actor, plan_id: UUID) -> list[NotYet]:
    waiting = (
        _asked(plan_id)
        .with_only_columns(Person.id, Person.name, Person.post, Acknowledgement.unit_id)
        .where(Acknowledgement.acknowledged_at.is_(None))
        .order_by(Unit.sort_order, Unit.id, Person.sort_key, Person.id)
    )
    if not actor.is_department_wide:
        waiting = waiting.where(Acknowledgement.unit_id == actor.unit_id)
    return [
        NotYet(person_id=id_, name=name, post=post, unit_id=unit_id)
        for id_, name, post, unit_id in (await session.execute(waiting)).all()
    ]
