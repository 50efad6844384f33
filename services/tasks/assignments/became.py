"""What a measure or an instruction has become: all its assignments, wherever they went on."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus
from tasks.assignments.domain import LIVE, together
from tasks.assignments.models import Assignment


class BecameView(ResponseBody):
    """An assignment of several that one deadline in words became, in the plan it stands in now."""

    assignment_id: UUID
    number: str
    plan_id: UUID
    unit_id: UUID
    occurrence: str
    status: AssignmentStatus
    due_on: date | None


def followed(first: Select[UUID] | Select[UUID | None]) -> CTE:
    """Return `root_id`, `id`, `carried_to_id` of all that became of rows, left behind or not.

    `first`: ids of one assignment of each row, which `root_id` names.
    """
    root, each = aliased(Assignment), aliased(Assignment)
    start = (
        select(root.id.label("root_id"), each.id, each.carried_to_id)
        .join(each, each.task_id == root.task_id)
        .where(root.id.in_(first))
        .cte(recursive=True)
    )
    later = aliased(Assignment)
    onward = select(start.c.root_id, later.id, later.carried_to_id)
    return start.union(onward.join(later, later.id == start.c.carried_to_id))


def roots_of(rows: Select[UUID]) -> Select[UUID]:
    """Select the assignments of the rows that these began as, in whatever plan that was."""
    columns = (Assignment.id, Assignment.task_id, Assignment.carried_from_id)
    start = select(*columns).where(Assignment.id.in_(rows)).cte(recursive=True)
    earlier = aliased(Assignment)
    back = select(earlier.id, earlier.task_id, earlier.carried_from_id)
    climbed = start.union(back.join(start, start.c.carried_from_id == earlier.id))
    return select(Assignment.id).where(Assignment.task_id.in_(select(climbed.c.task_id)))


async def became_of(session: AsyncSession, first: Collection[UUID]) -> dict[UUID, list[BecameView]]:
    """Return by the first assignment of each row where all of them stand now, in their order."""
    if not first:
        return {}
    rows = followed(select(Assignment.id).where(Assignment.id.in_(first)))
    statement = (
        select(
            rows.c.root_id, Assignment.id.label("assignment_id"), Assignment.number,
            Assignment.plan_id, Assignment.unit_id, Assignment.occurrence, Assignment.status,
            Assignment.due_on,
        )
        .join(Assignment, Assignment.id == rows.c.id)
        .where(rows.c.carried_to_id.is_(None))
        .order_by(Assignment.due_on.asc().nulls_last(), Assignment.year, Assignment.sequence)
    )  # fmt: skip
    found: dict[UUID, list[BecameView]] = defaultdict(list)
    for row in await session.execute(statement):
        facts: dict[str, Any] = row._asdict()
        found[facts.pop("root_id")].append(BecameView(**facts))
    return found


def status_of(rows: Sequence[BecameView]) -> AssignmentStatus:
    """Return how they stand as one."""
    return together([each.status for each in rows])


def next_of(rows: Sequence[BecameView]) -> BecameView:
    """Return the one that is due next, else the last."""
    return next((each for each in rows if each.status in LIVE), rows[-1])
