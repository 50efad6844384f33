"""Plans: written as a draft, corrected while they run; `issuing` puts them into force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.web import check_version
from contracts.tasks import PlanChanged, PlanState
from tasks.directory.models import Unit
from tasks.plans.domain import check_status, check_year
from tasks.plans.models import Plan, Task
from tasks.plans.scope import visible


async def find(session: AsyncSession, id_: UUID, *, lock: bool = False) -> Plan:
    """Return a plan. Raises NotFound."""
    plan = await session.get(Plan, id_, with_for_update=lock or None)
    if plan is None:
        raise _unknown()
    return plan


async def find_visible(session: AsyncSession, actor: Actor, id_: UUID) -> Plan:
    """Return a plan the actor may see. Raises NotFound for any other."""
    plan: Plan | None = await session.scalar(select(Plan).where(Plan.id == id_, visible(actor)))
    if plan is None:
        raise _unknown()
    return plan


def _unknown() -> NotFound:
    return NotFound("Không tìm thấy kế hoạch này", code="plan_not_found")


async def create(session: AsyncSession, actor: Actor, facts: Mapping[str, Any]) -> Plan:
    """Write a draft; it belongs to the department's own unit. Nobody outside hears of drafts."""
    now = await database_now(session)
    unit_id = await _department(session) or actor.unit_id
    plan = Plan(
        id=new_id(), version=1, unit_id=unit_id, status="draft", created_at=now, **_plain(facts)
    )
    session.add(plan)
    await traces.leave(session, actor, "plan.create", plan.id, now=now, after=plan.state())
    return plan


async def change(
    session: AsyncSession, actor: Actor, plan: Plan, expected: int, facts: Mapping[str, Any]
) -> Plan:
    """Correct a plan. Raises StaleVersion, RuleBroken `plan_closed`, InputRefused for its year."""
    check_version(plan.version, expected)
    check_status("change", plan.status)
    if facts.get("year", plan.year) != plan.year:
        check_year(plan.status, await count_tasks(session, plan.id))
    before = plan.state()
    changed = {n: v for n, v in _plain(facts).items() if getattr(plan, n) != v}
    for name, value in changed.items():
        setattr(plan, name, value)
    if changed:
        plan.version += 1
        await _store(session, actor, plan, before, await database_now(session))
    return plan


async def cancel(session: AsyncSession, actor: Actor, plan: Plan, reason: str) -> Plan:
    """Give a plan up, for good; outsiders hear of it unless it was a draft.

    Raises RuleBroken `plan_cancelled`, `plan_closed`.
    """
    check_status("cancel", plan.status)
    before, known = plan.state(), plan.status == "active"
    plan.cancelled_draft = not known
    plan.status, plan.cancelled_because, plan.version = "cancelled", reason, plan.version + 1
    after, now = plan.state(), await database_now(session)
    events = [PlanChanged(plan=after)] if known else []
    await traces.leave(
        session, actor, "plan.cancel", plan.id, *events,
        now=now, before=before, after=after, reason=reason,
    )  # fmt: skip
    return plan


async def count_tasks(session: AsyncSession, plan_id: UUID) -> int:
    """Return how many tasks a plan has."""
    count = select(func.count()).select_from(Task).where(Task.plan_id == plan_id)
    return (await session.execute(count)).scalar_one()


async def _store(
    session: AsyncSession, actor: Actor, plan: Plan, before: PlanState, now: datetime
) -> None:
    after = plan.state()
    events = [PlanChanged(plan=after)] if plan.status == "active" else []
    await traces.leave(
        session, actor, "plan.change", plan.id, *events, now=now, before=before, after=after
    )


async def _department(session: AsyncSession) -> UUID | None:
    """Return the unit that is the department itself; else the highest one without a parent."""
    statement = (
        select(Unit.id)
        .where(Unit.active, Unit.parent_id.is_(None))
        .order_by(case((Unit.kind == "department", 0), else_=1), Unit.sort_order, Unit.id)
        .limit(1)
    )
    return await session.scalar(statement)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts with lists of bodies as JSON."""
    return {
        name: [item.model_dump(mode="json") for item in value] if isinstance(value, list) else value
        for name, value in facts.items()
    }
