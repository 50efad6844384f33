"""A cancelled plan takes along what its units still owe."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import AssignmentCancelled, AssignmentState
from tasks.assignments.domain import LIVE
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change_by, take
from tasks.assignments.requests import withdraw_request
from tasks.calendar.moment import Moment
from tasks.plans import actions as plans
from tasks.plans.models import Plan


async def cancel(
    session: AsyncSession, actor: Actor, plan_id: UUID, reason: str, at: Moment
) -> Plan:
    """Cancel a plan and its live assignments; done ones keep their history and their state.

    Raises NotFound, RuleBroken `plan_cancelled`, `plan_closed`.
    """
    plan = await plans.find(session, plan_id, lock=True)
    await plans.cancel(session, actor, plan, reason)
    statement = (
        select(Assignment)
        .where(Assignment.plan_id == plan_id, Assignment.status.in_(sorted(LIVE)))
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    )
    taken = await take(session, statement)
    befores = [each.state() for each in taken]
    await withdraw_request(session, taken, at)
    steps = [_cancelled(*each, reason) for each in zip(taken, befores, strict=True)]
    await change_by(session, steps, at, actor)
    return plan


def _cancelled(assignment: Assignment, before: AssignmentState, reason: str) -> Step:
    assignment.status, assignment.paused_on = "cancelled", None
    return Step(assignment, "cancelled", AssignmentCancelled, {"reason": reason}, before)
