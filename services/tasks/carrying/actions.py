"""Replacing a plan in mid-year, or rolling it over: both plans and every row, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.rules import InputRefused, Problem
from chassis.web import check_version
from chassis.words import N_, Sentence
from contracts.tasks import PlanChanged, PlanReplaced
from tasks.assignments.models import Assignment
from tasks.assignments.record import change_by, create, take
from tasks.assignments.requests import withdraw_contributions, withdraw_request
from tasks.calendar.moment import Moment
from tasks.carrying import matching
from tasks.carrying.contributions import owed_along
from tasks.carrying.domain import How, check_successor, outdated, why_not
from tasks.carrying.rows import Carried, left_behind, made_there
from tasks.consequences.actions import end
from tasks.deadlines.days import of_no_year
from tasks.issuing.actions import activate
from tasks.plans import actions as plans
from tasks.plans import record
from tasks.plans.domain import check_complete, check_goes_on, check_status
from tasks.plans.models import Plan, PlanEntryKind

ROW_UNKNOWN = Sentence(N_("Kế hoạch không có nhiệm vụ này"))
SUCCESSOR_UNKNOWN = Sentence(N_("Không tìm thấy kế hoạch này"))


@dataclass(frozen=True)
class Order:
    """What the Office has decided. `rows`: what is carried, with a new last allowed day or None."""

    how: How
    successor_id: UUID
    rows: Mapping[UUID, date | None]
    reason: str


async def carry(
    session: AsyncSession, actor: Actor, plan: Plan, expected: int, order: Order, at: Moment
) -> int:
    """Carry rows to another plan, issue it unless it is in force, and end this one.

    Return how many were carried. What is not stays as it is, and owed. Raises StaleVersion,
    RuleBroken `plan_draft`, `plan_closed`, `plan_cancelled`, `plan_carried`, `carry_outdated`
    naming rows that are open no more; InputRefused `successor_refused`, for a row the plan does
    not have, and `plan_incomplete` when the other plan cannot be issued yet.
    """
    successor = await _successor(session, order)
    check_version(plan.version, expected)
    check_status(order.how, plan.status)
    check_goes_on(carried=bool(plan.successor_id or plan.rolled_into_id))
    _check(plan, successor, order, at)
    before = record.Before(plan)
    carried = await _carry(session, actor, plan, successor, order, at)
    await _end(session, actor, plan, order, at, before, len(carried))
    if successor.status == "draft":
        await activate(session, actor, successor, at, order.reason)
    return len(carried)


async def find_two(session: AsyncSession, plan_id: UUID, successor_id: UUID) -> Plan:
    """Return the plan, both locked in one order: two who carry take turns. Raises NotFound."""
    both = select(Plan).where(Plan.id.in_([plan_id, successor_id])).order_by(Plan.id)
    await session.execute(both.with_for_update())
    return await plans.find(session, plan_id)


async def _successor(session: AsyncSession, order: Order) -> Plan:
    found = await session.get(Plan, order.successor_id)
    if found is None:
        problem = Problem("/successor_id", SUCCESSOR_UNKNOWN)
        raise InputRefused("successor_refused", SUCCESSOR_UNKNOWN, [problem])
    return found


def _check(plan: Plan, successor: Plan, order: Order, at: Moment) -> None:
    check_successor(
        order.how, same=successor.id == plan.id, status=successor.status, year=successor.year,
        old_year=plan.year,
    )  # fmt: skip
    if successor.status == "draft":
        check_complete(plans.document(successor), at.today)


async def _carry(
    session: AsyncSession, actor: Actor, plan: Plan, successor: Plan, order: Order, at: Moment
) -> list[Carried]:
    """Make what is carried in the other plan first, then say on the old rows where it went.

    Of those nothing is asked for any more: an open request for a later deadline is withdrawn, and
    what coordinating units owe goes along.
    """
    old = await _rows(session, plan, order)
    there = await matching.of_plan(session, successor.id, lock=True)
    for each in there:
        session.expunge(each)  # the record writes them
    found = matching.matched(old, there)
    carried = await made_there(session, successor, order, old, found, at)
    asked = await owed_along(session, carried, at)
    await create(session, [each.step for each in carried if each.is_new], at, actor)
    await change_by(session, [each.step for each in carried if not each.is_new], at, actor)
    session.add_all(asked)
    left = [left_behind(each, order.how, order.reason) for each in carried]
    await withdraw_request(session, [each.old for each in carried], at)
    await withdraw_contributions(session, [each.old for each in carried], at)
    await change_by(session, left, at, actor)
    return carried


async def _rows(session: AsyncSession, plan: Plan, order: Order) -> Sequence[Assignment]:
    statement = (
        select(Assignment)
        .where(Assignment.plan_id == plan.id, Assignment.id.in_(list(order.rows)))
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    )
    found = await take(session, statement)
    known = {each.id for each in found}
    problems = [
        Problem(f"/rows/{place}/assignment_id", ROW_UNKNOWN)
        for place, id_ in enumerate(order.rows)
        if id_ not in known
    ]
    for place, day in enumerate(order.rows.values()):
        problems += of_no_year(f"/rows/{place}/due_on", day) if day else ()
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)
    gone = [e.number for e in found if e.status in {"done", "cancelled"} or _stays(e)]
    if gone:
        raise outdated(gone)
    return sorted(found, key=lambda each: each.sequence)


def _stays(assignment: Assignment) -> bool:
    return why_not(assignment.status, carried=assignment.carried_to_id is not None) is not None


async def _end(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    order: Order,
    at: Moment,
    before: record.Before,
    carried: int,
) -> None:
    """End the old plan. One that was closed before keeps the day, the reason and the counts."""
    if plan.status == "closed":
        plan.version += 1
    else:
        await end(session, plan, order.reason, at, carried=carried)
    if order.how == "replace":
        plan.successor_id = order.successor_id
        event: PlanReplaced | PlanChanged = PlanReplaced(plan=plan.state(), carried=carried)
    else:
        plan.rolled_into_id = order.successor_id
        event = PlanChanged(plan=plan.state())
    kind: PlanEntryKind = "replaced" if order.how == "replace" else "rolled_over"
    await record.leave(
        session, actor, plan, kind, event, now=at.now, before=before, reason=order.reason
    )
