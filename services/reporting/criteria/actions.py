"""Criteria sets as versioned data, and the links from tasks that a person confirms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from contracts.reporting import CriteriaSetPublished
from reporting.completion.actions import relink
from reporting.criteria import checker
from reporting.criteria.domain import check_draft, check_links
from reporting.criteria.links import links_of, plans_linked_to, plans_of_tasks
from reporting.criteria.models import Link, StoredSet
from reporting.criteria.sets import stored_set
from reporting.marks import ParOf, mark_acted


async def create(
    session: AsyncSession, actor: Actor, data: Mapping[str, Any], now: datetime
) -> StoredSet:
    """Store a new draft version of a set. Raises InputRefused naming every wrong place."""
    body = checker.read(data)
    newest = await session.scalar(
        select(func.coalesce(func.max(StoredSet.set_version), 0)).where(StoredSet.code == body.code)
    )
    stored = StoredSet(
        id=new_id(), code=body.code, set_version=int(newest or 0) + 1, year=body.year,
        title=body.title, composed=body.composed, status="draft", body=body.as_json(),
        created_at=now,
    )  # fmt: skip
    session.add(stored)
    after = {"code": stored.code, "set_version": stored.set_version}
    await traces.leave(session, actor, "criteria_set.create", stored.id, now=now, after=after)
    return stored


async def publish(session: AsyncSession, actor: Actor, set_id: UUID, now: datetime) -> StoredSet:
    """Put a draft in force for its year, for good: published versions never change.

    Raises NotFound, RuleBroken.
    """
    stored = await stored_set(session, set_id, lock=True)
    check_draft(stored.status)
    stored.status, stored.published_at = "published", now
    event = CriteriaSetPublished(
        criteria_set_id=set_id, set_version=stored.set_version, code=stored.code, year=stored.year,
        title=stored.title, composed=stored.composed,
        total_points=checker.read(stored.body).total_points,
    )  # fmt: skip
    await traces.leave(
        session, actor, "criteria_set.publish", set_id, event, now=now,
        before={"status": "draft"}, after={"status": "published"},
    )  # fmt: skip
    # What was linked to the draft counts from now on.
    await relink(session, await plans_linked_to(session, set_id), links_of)
    await mark_acted(session, [ParOf(stored.year)], now)
    return stored


async def link_tasks(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    links: Mapping[UUID, str | None],
    now: datetime,
) -> None:
    """Confirm which sub-criterion each task serves; None takes a link back. All or nothing.

    Raises NotFound, InputRefused.
    """
    stored = await stored_set(session, set_id, lock=True)
    plans = await plans_of_tasks(session, stored.year, list(links))
    check_links(links, checker.read(stored.body), plans)
    await session.execute(
        delete(Link).where(Link.criteria_set_id == set_id, Link.task_id.in_(links))
    )
    rows = [
        {"task_id": task_id, "criteria_set_id": set_id, "sub_criterion": code,
         "confirmed_by": actor.person_id, "confirmed_at": now}
        for task_id, code in links.items()
        if code is not None
    ]  # fmt: skip
    if rows:
        await session.execute(insert(Link), rows)
    after = {str(task_id): code for task_id, code in links.items()}
    await traces.leave(session, actor, "criteria_set.link", set_id, now=now, after=after)
    await relink(session, plans.values(), links_of)
    await mark_acted(session, [ParOf(stored.year)], now)
