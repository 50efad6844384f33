"""Criteria sets as versioned data, and the links from tasks that a person confirms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.access import Actor
from chassis.errors import Conflict, FieldError, InvalidInput, NotFound
from chassis.ids import new_id
from chassis.messaging import outbox
from contracts.reporting import CriteriaSetPublished
from reporting.completion import actions as completion
from reporting.criteria import checker as criteria_problems
from reporting.criteria.checker import CriteriaSetInvalid
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.proposals import Proposal, Wording
from reporting.indices import announcing
from reporting.models import criteria_set, link, task


async def create(
    session: AsyncSession, actor: Actor, data: Mapping[str, Any], now: datetime
) -> UUID:
    """Store a new draft version of a set. Raises InvalidInput naming every wrong place."""
    body = read(data)
    same_code = select(func.coalesce(func.max(criteria_set.c.set_version), 0)).where(
        criteria_set.c.code == body.code
    )
    version = int((await session.execute(same_code)).scalar_one()) + 1
    set_id = new_id()
    await session.execute(
        insert(criteria_set).values(
            id=set_id, code=body.code, set_version=version, year=body.year, title=body.title,
            composed=body.composed, body=body.as_json(), created_at=now,
        )
    )  # fmt: skip
    await audit.record(
        session, actor_id=actor.person_id, action="criteria_set.create", subject_id=set_id,
        before=None, after={"code": body.code, "set_version": version}, reason=None, now=now,
    )  # fmt: skip
    return set_id


def read(data: Mapping[str, Any]) -> CriteriaSet:
    """Return the set. Raises InvalidInput with one sentence per wrong place."""
    try:
        return criteria_problems.read(data)
    except CriteriaSetInvalid as invalid:
        errors: Sequence[FieldError] = [
            {"pointer": at.pointer, "message": at.said.template, "facts": at.said.facts}
            for at in invalid.problems
        ]
        raise InvalidInput("Bộ tiêu chí chưa đúng, hãy sửa các chỗ nêu dưới đây",
                           code="criteria_set_invalid", errors=errors) from invalid  # fmt: skip


async def publish(session: AsyncSession, actor: Actor, set_id: UUID, now: datetime) -> None:
    """Put a draft in force for its year, for good: published versions never change."""
    row = await one(session, set_id, lock=True)
    if row.status == "published":
        raise Conflict("Bộ tiêu chí này đã được ban hành", code="criteria_set_published")
    await session.execute(
        update(criteria_set)
        .where(criteria_set.c.id == set_id)
        .values(status="published", published_at=now)
    )
    event = CriteriaSetPublished(
        criteria_set_id=set_id, set_version=row.set_version, code=row.code, year=row.year,
        title=row.title, composed=row.composed, total_points=read(row.body).total_points,
    )  # fmt: skip
    await outbox.add(session, event, now=now, actor_id=actor.person_id)
    await audit.record(
        session, actor_id=actor.person_id, action="criteria_set.publish", subject_id=set_id,
        before={"status": "draft"}, after={"status": "published"}, reason=None, now=now,
    )  # fmt: skip
    await announcing.touch(session, [("par", str(row.year))], now)


async def one(session: AsyncSession, set_id: UUID, *, lock: bool = False) -> Any:
    """Return a set's row. Raises NotFound."""
    query = select(criteria_set).where(criteria_set.c.id == set_id)
    row = (await session.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound("Không có bộ tiêu chí này")
    return row


async def link_tasks(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    links: Mapping[UUID, str | None],
    now: datetime,
) -> None:
    """Confirm which sub-criterion each task serves; None takes a link back. All or nothing."""
    row = await one(session, set_id, lock=True)
    known = read(row.body).by_code()
    plans = await _plans_of(session, row.year, links)
    errors: list[FieldError] = [
        {
            "pointer": f"/links/{i}/sub_criterion",
            "message": "Không có tiêu chí {missing} trong bộ này",
            "facts": {"missing": code},
        }
        for i, code in enumerate(links.values())
        if code is not None and code not in known
    ]
    errors += [
        {
            "pointer": f"/links/{i}/task_id",
            "message": "Không có nhiệm vụ này trong năm {year}",
            "facts": {"year": row.year},
        }
        for i, task_id in enumerate(links)
        if task_id not in plans
    ]
    if errors:
        raise InvalidInput("Liên kết chưa đúng", code="link_invalid", errors=errors)
    await session.execute(
        delete(link).where(link.c.criteria_set_id == set_id, link.c.task_id.in_(links))
    )
    rows = [
        {"task_id": task_id, "criteria_set_id": set_id, "sub_criterion": code,
         "confirmed_by": actor.person_id, "confirmed_at": now}
        for task_id, code in links.items()
        if code is not None
    ]  # fmt: skip
    if rows:
        await session.execute(insert(link), rows)
    await audit.record(
        session, actor_id=actor.person_id, action="link.confirm", subject_id=set_id, before=None,
        after={str(task_id): code for task_id, code in links.items()}, reason=None, now=now,
    )  # fmt: skip
    await completion.relink(session, set(plans.values()))
    await announcing.touch(session, [("par", str(row.year))], now)


async def _plans_of(
    session: AsyncSession, year: int, task_ids: Mapping[UUID, Any]
) -> dict[UUID, UUID]:
    rows = await session.execute(
        select(task.c.id, task.c.plan_id).where(task.c.year == year, task.c.id.in_(task_ids))
    )
    return {row.id: row.plan_id for row in rows}


async def tasks_with_links(session: AsyncSession, set_id: UUID, year: int) -> Sequence[Any]:
    """Return every task of the year with the sub-criterion it is linked to, or None."""
    joined = task.outerjoin(
        link, (link.c.task_id == task.c.id) & (link.c.criteria_set_id == set_id)
    )
    columns = (task.c.id, task.c.number, task.c.subject_matter, task.c.content)
    rows = await session.execute(
        select(*columns, link.c.sub_criterion)
        .select_from(joined)
        .where(task.c.year == year)
        .order_by(task.c.id)
    )
    return rows.all()


def proposals(body: CriteriaSet, rows: Sequence[Any]) -> dict[UUID, Proposal]:
    """Propose the likeliest sub-criterion for each task, by its wording. Never more than that."""
    wording = Wording(body)
    found = {row.id: wording.propose(row.subject_matter, row.content, most=1) for row in rows}
    return {task_id: best[0] for task_id, best in found.items() if best}
