"""A plan ends: cancelled, it takes along what its units still owe; closed, that stays owed."""

from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import check_version
from contracts.tasks import AssignmentCancelled, AssignmentState, PlanChanged
from tasks.assignments.domain import LIVE, OPEN
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change_by, take
from tasks.assignments.requests import withdraw_contributions, withdraw_request
from tasks.calendar.moment import Moment
from tasks.plans import actions as plans
from tasks.plans import record
from tasks.plans.domain import check_status
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
    await withdraw_contributions(session, taken, at)
    steps = [_cancelled(*each, reason) for each in zip(taken, befores, strict=True)]
    await change_by(session, steps, at, actor)
    return plan


def _cancelled(assignment: Assignment, before: AssignmentState, reason: str) -> Step:
    assignment.status, assignment.paused_on = "cancelled", None
    return Step(assignment, "cancelled", AssignmentCancelled, {"reason": reason}, before)


async def close(
    session: AsyncSession, actor: Actor, plan: Plan, expected: int, reason: str, at: Moment
) -> Plan:
    """Close a plan in force: nothing more is reminded, what is open stays owed, figures stay.

    Raises StaleVersion, RuleBroken `plan_draft`, `plan_closed`, `plan_cancelled`.
    """
    check_version(plan.version, expected)
    check_status("close", plan.status)
    before = record.Before(plan)
    await end(session, plan, reason, at)
    event = PlanChanged(plan=plan.state())
    await record.leave(
        session, actor, plan, "closed", event, now=at.now, before=before, reason=reason
    )
    return plan


async def end(
    session: AsyncSession, plan: Plan, reason: str, at: Moment, *, carried: int = 0
) -> None:
    """Put a plan out of force with its state at the end. `carried`: taken over by another."""
    counts = {**await standing(session, plan.id, at), "carried": carried}
    plan.status, plan.closed_on, plan.closed_because = "closed", at.today, reason
    plan.closed_counts, plan.version = counts, plan.version + 1


async def standing(session: AsyncSession, plan_id: UUID, at: Moment) -> dict[str, int]:
    """Count a plan's assignments as they stand: those that were cancelled are none."""
    status, is_open = Assignment.status, Assignment.status.in_(sorted(OPEN))
    late = and_(status == "done", Assignment.submitted_on > Assignment.due_on)
    conditions = {
        "all": status != "cancelled",
        "done": status == "done",
        "late": late,
        "open": is_open,
        "overdue": and_(is_open, Assignment.due_on < at.today, Assignment.paused_on.is_(None)),
        "waiting": status == "submitted",
    }
    columns = [func.count().filter(test).label(name) for name, test in conditions.items()]
    row = await session.execute(select(*columns).where(Assignment.plan_id == plan_id))
    return dict(row.one()._asdict())
