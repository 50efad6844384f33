"""Plans: written as a draft, corrected while they run; `issuing` puts them into force."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.web import check_version
from contracts.tasks import PlanChanged
from tasks.directory.models import Unit
from tasks.plans import record
from tasks.plans.domain import OF_THE_DOCUMENT, check_change_in_force, check_status, check_year
from tasks.plans.models import Plan, Task
from tasks.plans.objectives import objectives_as, serving
from tasks.plans.references import check_facts, check_tasks
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
    """Write a draft; it belongs to the department's own unit. Nobody outside hears of drafts.

    Raises InputRefused for an authority, a file, a unit or another plan that cannot be.
    """
    now = await database_now(session)
    unit_id = await _department(session) or actor.unit_id
    plain = _plain(facts)
    plain["objectives"] = objectives_as(facts.get("objectives", []), [])
    plan = Plan(id=new_id(), version=1, unit_id=unit_id, status="draft", created_at=now)
    await check_facts(session, actor, plan, plain)
    for name, value in plain.items():
        setattr(plan, name, value)
    session.add(plan)
    await record.leave(session, actor, plan, "created", now=now)
    return plan


async def change(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    expected: int,
    facts: Mapping[str, Any],
    reason: str | None = None,
) -> Plan:
    """Correct a plan. Raises StaleVersion, RuleBroken `plan_closed`, InputRefused for its year.

    And as `create` does; of a plan in force without a reason, or for a fact that is emptied.
    """
    check_version(plan.version, expected)
    check_status("change", plan.status)
    if facts.get("year", plan.year) != plan.year:
        check_year(plan.status, await count_tasks(session, plan.id))
    plain = _plain(facts)
    if "objectives" in facts:
        plain["objectives"] = objectives_as(facts["objectives"], plan.objectives)
    changed = {n: v for n, v in plain.items() if getattr(plan, n) != v}
    if not changed:
        return plan
    await check_facts(session, actor, plan, changed)
    if plan.status == "active":
        check_change_in_force(document(plan), changed, reason)
    before = record.Before(plan)
    for name, value in changed.items():
        setattr(plan, name, value)
    await _changed(session, actor, plan, before, reason)
    return plan


async def cancel(session: AsyncSession, actor: Actor, plan: Plan, reason: str) -> Plan:
    """Give a plan up, for good; outsiders hear of it unless it was a draft.

    Raises RuleBroken `plan_cancelled`, `plan_closed`.
    """
    check_status("cancel", plan.status)
    before, known = record.Before(plan), plan.status == "active"
    plan.cancelled_draft = not known
    plan.status, plan.cancelled_because, plan.version = "cancelled", reason, plan.version + 1
    events = [PlanChanged(plan=plan.state())] if known else []
    now = await database_now(session)
    await record.leave(
        session, actor, plan, "cancelled", *events, now=now, before=before, reason=reason
    )
    return plan


async def set_serving(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    expected: int,
    objective_id: UUID,
    task_ids: Sequence[UUID],
) -> Plan:
    """Say which tasks serve an objective; each serves one, so another objective loses it.

    Raises StaleVersion, RuleBroken `plan_closed`, NotFound, InputRefused for an unknown task.
    """
    check_version(plan.version, expected)
    check_status("change", plan.status)
    await check_tasks(session, plan, task_ids)
    objectives = serving(plan.objectives, objective_id, task_ids)
    if objectives == plan.objectives:
        return plan
    before = record.Before(plan)
    plan.objectives = objectives
    await _changed(session, actor, plan, before, None)
    return plan


def document(plan: Plan) -> dict[str, Any]:
    """Return the facts that an issued document has."""
    return {name: getattr(plan, name) for name in OF_THE_DOCUMENT}


async def count_tasks(session: AsyncSession, plan_id: UUID) -> int:
    """Return how many tasks a plan has."""
    count = select(func.count()).select_from(Task).where(Task.plan_id == plan_id)
    return (await session.execute(count)).scalar_one()


async def _changed(
    session: AsyncSession, actor: Actor, plan: Plan, before: record.Before, reason: str | None
) -> None:
    plan.version += 1
    events = [PlanChanged(plan=plan.state())] if plan.status == "active" else []
    now = await database_now(session)
    await record.leave(
        session, actor, plan, "changed", *events, now=now, before=before, reason=reason
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
    return {name: _as_json(value) for name, value in facts.items() if name != "objectives"}


def _as_json(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [each if isinstance(each, UUID) else each.model_dump(mode="json") for each in value]
