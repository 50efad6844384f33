"""Issuing a plan: what its draft kept to itself is announced, all of it at once."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import AssignmentCreated, PlanActivated
from tasks.acknowledgements.actions import follow_recipients
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.plans import record
from tasks.plans.actions import document
from tasks.plans.domain import check_complete, check_status
from tasks.plans.models import Plan


async def activate(
    session: AsyncSession, actor: Actor, plan: Plan, at: Moment, reason: str | None = None
) -> Plan:
    """Put a draft into force: its assignments count from now on. Raises RuleBroken `plan_active`.

    And InputRefused `plan_incomplete` for a document without number, day, signer or signed copy.
    Assignments are announced as they are now, in their present version, before the plan is. Its
    recipients are asked to take note. `reason`: what it was issued for, beside itself.
    """
    check_status("activate", plan.status)
    check_complete(document(plan), at.today)
    before = record.Before(plan)
    plan.status, plan.version = "active", plan.version + 1
    # Under lock: what changes one of them meanwhile is waited for, and what comes later sees the
    # plan in force, so that no version is told twice or by nobody.
    of_plan = select(Assignment).where(Assignment.plan_id == plan.id).order_by(Assignment.id)
    assignments = (await session.scalars(of_plan.with_for_update())).all()
    created = [AssignmentCreated(assignment=one.state()) for one in assignments]
    issued = PlanActivated(plan=plan.state())
    await record.leave(
        session, actor, plan, "issued", *created, issued, now=at.now, before=before, reason=reason
    )
    await follow_recipients(session, plan)
    return plan
