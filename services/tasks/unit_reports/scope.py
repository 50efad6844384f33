"""Which reports an actor may read: one's own unit's, and what was handed in to the Office."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from tasks.access import RIGHTS
from tasks.directory.models import Person
from tasks.plans.models import Plan
from tasks.plans.scope import ISSUED
from tasks.unit_reports.earlier import taken_over_by
from tasks.unit_reports.models import UnitReport


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `unit_report`: a unit's own words stay with it until handed in.

    Where it has ended, with whoever goes on with its work.
    """
    seen: ColumnElement[bool] = false()
    if RIGHTS.may(actor, "unit_report.read"):
        seen = or_(seen, UnitReport.approved_at.is_not(None))
    if writes(actor):
        seen = or_(seen, UnitReport.unit_id == actor.unit_id, taken_over_by(actor.unit_id))
    return and_(seen, UnitReport.plan_id.in_(ISSUED))


def writes(actor: Actor) -> bool:
    """Tell whether the actor writes the report of the own unit."""
    return RIGHTS.may(actor, "unit_report.create", actor.unit_id)


async def as_head(session: AsyncSession, actor: Actor, today: date) -> Actor:
    """Return the actor as head of the own unit, where they stand in for its head who is away.

    So a report can be handed in on its last day. Of anybody else: the actor as they are.
    """
    if actor.role != "unit_officer":
        return actor
    away = exists().where(
        Person.unit_id == actor.unit_id, Person.role == "unit_head", Person.active,
        Person.substitute_id == actor.person_id,
        Person.absent_from <= today, Person.absent_until >= today,
    )  # fmt: skip
    return replace(actor, role="unit_head") if await session.scalar(select(away)) else actor


def unknown() -> NotFound:
    """Return the refusal of a report that is not there, or not for the actor."""
    return NotFound("Không tìm thấy báo cáo này", code="unit_report_not_found")


async def find(session: AsyncSession, actor: Actor, id_: UUID) -> tuple[UnitReport, Plan]:
    """Return a report the actor may read, with its plan. Raises NotFound for any other."""
    statement = (
        select(UnitReport, Plan)
        .join(Plan, Plan.id == UnitReport.plan_id)
        .where(UnitReport.id == id_, visible(actor))
    )
    row = (await session.execute(statement)).first()
    if row is None:
        raise unknown()
    return row[0], row[1]
