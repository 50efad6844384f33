"""Which sub-criterion each task serves: what is confirmed, what is proposed."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.criteria.domain import CriteriaSet
from reporting.criteria.models import Link, StoredSet
from reporting.criteria.proposals import Proposal, Wording
from reporting.sources.models import Task

_LINKS = text("""
    SELECT task_id, sub_criterion FROM link
    WHERE task_id = ANY(CAST(:ids AS uuid[])) AND criteria_set_id IN (
      SELECT DISTINCT ON (year) id FROM criteria_set
      WHERE status = 'published' AND serves = 'par_index'
      ORDER BY year, code IN (
          SELECT criteria_set_code FROM block WHERE criteria_set_code IS NOT NULL
        ), published_at DESC, id DESC)
    ORDER BY task_id, sub_criterion
""")


async def links_of(session: AsyncSession, task_ids: set[UUID]) -> dict[UUID, list[str]]:
    """Return the sub-criteria that each task is linked to in the set in force of its year.

    Links to versions before or beside it are kept and count nowhere.
    """
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


async def plans_linked_in(session: AsyncSession, year: int) -> Sequence[UUID]:
    """Return the plans that have a task linked in any set of a year: another set moves them all."""
    sets = select(StoredSet.id).where(StoredSet.year == year)
    linked = select(Task.plan_id).join(Link, Link.task_id == Task.id)
    return (await session.scalars(linked.where(Link.criteria_set_id.in_(sets)).distinct())).all()


async def tasks_by_code(session: AsyncSession, set_id: UUID) -> dict[str, list[UUID]]:
    """Return the tasks linked to each sub-criterion of a set."""
    rows = await session.execute(
        select(Link.sub_criterion, Link.task_id).where(Link.criteria_set_id == set_id)
    )
    found: dict[str, list[UUID]] = defaultdict(list)
    for code, task_id in rows:
        found[code].append(task_id)
    return found


async def tasks_of(session: AsyncSession, year: int) -> Sequence[Any]:
    """Return every task of a year by its words."""
    rows = await session.execute(
        select(Task.id, Task.number, Task.subject_matter, Task.content)
        .where(Task.year == year)
        .order_by(Task.id)
    )
    return rows.all()


async def codes_by_task(session: AsyncSession, set_id: UUID) -> dict[UUID, list[str]]:
    """Return the sub-criteria of a set that each task is linked to."""
    rows = await session.execute(
        select(Link.task_id, Link.sub_criterion)
        .where(Link.criteria_set_id == set_id)
        .order_by(Link.task_id, Link.sub_criterion)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for task_id, code in rows:
        found[task_id].append(code)
    return found


def proposals(body: CriteriaSet, rows: Sequence[Any]) -> dict[UUID, list[Proposal]]:
    """Propose the likeliest sub-criteria for each task, best first. Never more than that."""
    wording = Wording(body)
    return {row.id: wording.propose(row.subject_matter, row.content) for row in rows}
