"""Issuing a plan: what its draft kept to itself is announced, all of it at once."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from contracts.tasks import AssignmentCreated, PlanActivated
from tasks.assignments.models import Assignment
from tasks.plans.domain import check_status
from tasks.plans.models import Plan


async def activate(session: AsyncSession, actor: Actor, plan: Plan) -> Plan:
    """Put a draft into force: its assignments count from now on. Raises RuleBroken `plan_active`.

    Assignments are announced as they are now, in their present version, before the plan is.
    """
    check_status("activate", plan.status)
    before = plan.state()
    plan.status, plan.version = "active", plan.version + 1
    # Under lock: what changes one of them meanwhile is waited for, and what comes later sees the
    # plan in force, so that no version is told twice or by nobody.
    of_plan = select(Assignment).where(Assignment.plan_id == plan.id).order_by(Assignment.id)
    assignments = (await session.scalars(of_plan.with_for_update())).all()
    created = [AssignmentCreated(assignment=one.state()) for one in assignments]
    after, now = plan.state(), await database_now(session)
    await traces.leave(
        session, actor, "plan.activate", plan.id, *created, PlanActivated(plan=after),
        now=now, before=before, after=after,
    )  # fmt: skip
    return plan
