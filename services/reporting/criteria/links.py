"""Which sub-criterion each task serves: what is confirmed, what is proposed."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.criteria.domain import CriteriaSet
from reporting.criteria.models import Link
from reporting.criteria.proposals import Proposal, Wording
from reporting.sources.models import Task

_LINKS = text("""
    SELECT task_id, sub_criterion FROM link
    JOIN criteria_set ON criteria_set.id = criteria_set_id AND criteria_set.status = 'published'
    WHERE task_id = ANY(CAST(:ids AS uuid[]))
""")


async def links_of(session: AsyncSession, task_ids: set[UUID]) -> dict[UUID, list[str]]:
    """Return the sub-criteria of published sets that each task is linked to."""
    rows = await session.execute(_LINKS, {"ids": list(task_ids)})
    found: dict[UUID, list[str]] = defaultdict(list)
    for task_id, code in rows:
        found[task_id].append(code)
    return found


async def linked_tasks(session: AsyncSession, set_id: UUID) -> dict[str, int]:
    """Return how many tasks are linked to each sub-criterion of a set."""
    rows = await session.execute(
        select(Link.sub_criterion, func.count())
        .where(Link.criteria_set_id == set_id)
        .group_by(Link.sub_criterion)
    )
    return {code: n for code, n in rows}  # noqa: C416 - a Row is no pair to mypy


async def plans_of_tasks(
    session: AsyncSession, year: int, task_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Return the plan of each of the tasks that the year has."""
    rows = await session.execute(
        select(Task.id, Task.plan_id).where(Task.year == year, Task.id.in_(task_ids))
    )
    return {row.id: row.plan_id for row in rows}


async def plans_linked_to(session: AsyncSession, set_id: UUID) -> Sequence[UUID]:
    """Return the plans that have a task linked to a sub-criterion of the set."""
    linked = select(Task.plan_id).join(Link, Link.task_id == Task.id)
    statement = linked.where(Link.criteria_set_id == set_id).distinct()
    return (await session.scalars(statement)).all()


async def tasks_with_links(session: AsyncSession, set_id: UUID, year: int) -> Sequence[Any]:
    """Return every task of the year with the sub-criterion it is linked to, or None."""
    rows = await session.execute(
        select(Task.id, Task.number, Task.subject_matter, Task.content, Link.sub_criterion)
        .outerjoin(Link, and_(Link.task_id == Task.id, Link.criteria_set_id == set_id))
        .where(Task.year == year)
        .order_by(Task.id)
    )
    return rows.all()


def proposals(body: CriteriaSet, rows: Sequence[Any]) -> dict[UUID, Proposal]:
    """Propose the likeliest sub-criterion for each task, by its wording. Never more than that."""
    wording = Wording(body)
    found = {row.id: wording.propose(row.subject_matter, row.content, most=1) for row in rows}
    return {task_id: best[0] for task_id, best in found.items() if best}
