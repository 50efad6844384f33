"""What only time brings about: a contribution is due within a working day."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import ContributionDueSoon
from tasks.assignments.asked import OWED, Contribution
from tasks.assignments.domain import LIVE, working_days_left
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change, take
from tasks.calendar.moment import Moment, moment_at
from tasks.plans.models import Plan

MOST = 500  # per transaction; the rest follows at once in others
AHEAD = 1  # working days


async def announce_due(session: AsyncSession, now: datetime, *, limit: int = MOST) -> int:
    """Announce once per last allowed day what a unit owes with a working day left; return how many.

    Of several on one assignment one a run: each is a version of it.
    """
    at = await moment_at(session, now)
    found = {each.assignment_id: each.id for each in await _due(session, at, limit)}
    if not found:
        return 0
    locked = (
        select(Assignment)
        .where(Assignment.id.in_(found))
        .order_by(Assignment.id)
        .with_for_update(of=Assignment, skip_locked=True)
    )
    assignments = await take(session, locked)
    owed = await _still_owed(session, [found[each.id] for each in assignments])
    steps = []
    for assignment in assignments:
        due = owed.get(found[assignment.id])
        if due is None:
            continue
        due.reminded_for = due.due_on
        left = working_days_left(due.due_on, at.today, at.calendar)
        facts = {"contribution_id": due.id, "working_days_left": left, "changes": _of_unit(due)}
        steps.append(Step(assignment, "contribution_due_soon", ContributionDueSoon, facts))
    await change(session, steps, at)
    return len(steps)


async def _due(session: AsyncSession, at: Moment, limit: int) -> list[Contribution]:
    """Return one owed contribution of each assignment in force: the one that is due first.

    A working day is left at most: no more than one lies after today, up to the last allowed day.
    """
    horizon = at.calendar.add_working_days(at.today, AHEAD + 1)
    statement = (
        select(Contribution)
        .join(Assignment, Assignment.id == Contribution.assignment_id)
        .join(Plan, Plan.id == Assignment.plan_id)
        .where(
            Contribution.status.in_(OWED),
            Contribution.due_on >= at.today,
            Contribution.due_on < horizon,
            Contribution.reminded_for.is_distinct_from(Contribution.due_on),
            Plan.status == "active",
            Assignment.status.in_(sorted(LIVE)),
            Assignment.paused_on.is_(None),
            Assignment.carried_to_id.is_(None),
        )
        .ext(distinct_on(Contribution.assignment_id))
        .order_by(Contribution.assignment_id, Contribution.due_on, Contribution.id)
        .limit(limit)
    )
    return list(await session.scalars(statement))


async def _still_owed(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Contribution]:
    """Read them again under the locks: one may have been given since it was found."""
    statement = (
        select(Contribution)
        .where(Contribution.id.in_(ids), Contribution.status.in_(OWED))
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in await session.scalars(statement)}


def _of_unit(due: Contribution) -> list[dict[str, str | None]]:
    return [{"field": "contribution_unit_id", "before": None, "after": str(due.unit_id)}]
