"""What units that have ended wrote before their work went over: whoever took it over reads it."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.web import ResponseBody
from tasks.assignments.models import Assignment
from tasks.directory.models import Unit
from tasks.unit_reports.models import UnitReport


class EarlierReport(ResponseBody):
    """The report that a unit had begun under the same plan before it ended."""

    id: UUID
    unit_name: str


def taken_over_by(unit_id: UUID) -> ColumnElement[bool]:
    """Return the condition on `unit_report`: of a unit that ended, with work that this one has."""
    unit, row = aliased(Unit), aliased(Assignment)
    ended = select(unit.id).where(unit.id == UnitReport.unit_id, unit.active.is_(False))
    went = select(row.id).where(
        row.plan_id == UnitReport.plan_id,
        row.unit_id == unit_id,
        UnitReport.unit_id == any_(row.former_unit_ids),
    )
    return and_(UnitReport.status != "owed", ended.exists(), went.exists())


async def earlier_of(
    session: AsyncSession, actor: Actor, report: UnitReport
) -> list[EarlierReport]:
    """Return what the actor's unit may go on from in its own report; of others nothing."""
    if report.unit_id != actor.unit_id:
        return []
    found = await session.execute(
        select(UnitReport.id, Unit.name.label("unit_name"))
        .join(Unit, Unit.id == UnitReport.unit_id)
        .where(UnitReport.plan_id == report.plan_id, taken_over_by(actor.unit_id))
        .order_by(Unit.sort_order, Unit.id)
    )
    return [EarlierReport.model_validate(row) for row in found]
