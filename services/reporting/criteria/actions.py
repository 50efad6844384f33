"""Criteria sets as versioned data: made, changed while drafts, put in force for good."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from chassis.web import check_version
from contracts.reporting import CriteriaSetPublished
from reporting.completion.actions import relink
from reporting.criteria import checker, parts
from reporting.criteria.acts import check_draft
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.links import links_of, plans_linked_in
from reporting.criteria.models import StoredSet
from reporting.criteria.renaming import forget_links, rename_links
from reporting.criteria.sets import read_body, stored_set
from reporting.marks import ParOf, mark_acted


async def create(
    session: AsyncSession, actor: Actor, data: Mapping[str, Any], now: datetime
) -> StoredSet:
    """Store a new draft version of a set. Raises InputRefused naming every wrong place."""
    return await store(session, actor, checker.read(data), now)


async def store(session: AsyncSession, actor: Actor, body: CriteriaSet, now: datetime) -> StoredSet:
    """Store a set as the next version of its code, as a draft."""
    newest = await session.scalar(
        select(func.coalesce(func.max(StoredSet.set_version), 0)).where(StoredSet.code == body.code)
    )
    stored = StoredSet(
        id=new_id(), code=body.code, set_version=int(newest or 0) + 1, status="draft", version=1,
        created_at=now, **_facts(body),
    )  # fmt: skip
    session.add(stored)
    after = {"code": stored.code, "set_version": stored.set_version}
    await traces.leave(session, actor, "criteria_set.create", stored.id, now=now, after=after)
    return stored


async def change_part(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    code: str,
    fields: Mapping[str, Any],
    expected: int,
    now: datetime,
) -> StoredSet:
    """Change fields of one part of a draft; without a code, of the set itself.

    A draft may not add up meanwhile; it is not published so. Raises NotFound, StaleVersion,
    RuleBroken, InputRefused where a field cannot be read.
    """
    stored = await _draft(session, set_id, expected)
    whole = read_body(stored)
    body, before = parts.changed(stored.body, code, fields)
    _take(stored, body)
    await rename_links(session, set_id, parts.recoded(whole, body))
    await traces.leave(
        session, actor, "criteria_set.change", set_id, now=now,
        before={"code": code, **before}, after={"code": code, **fields},
    )  # fmt: skip
    return stored


async def revise(
    session: AsyncSession, actor: Actor, set_id: UUID, year: int | None, now: datetime
) -> StoredSet:
    """Begin the next version as it stands: a draft, for another year if one is named.

    Raises NotFound.
    """
    body = read_body(await stored_set(session, set_id))
    return await store(session, actor, body.model_copy(update={"year": year or body.year}), now)


async def add_part(
    session: AsyncSession,
    actor: Actor,
    set_id: UUID,
    parent: str,
    fields: Mapping[str, Any],
    expected: int,
    now: datetime,
) -> StoredSet:
    """Add a part below another, "" an area. Raises as `change_part`."""
    stored = await _draft(session, set_id, expected)
    _take(stored, parts.added(stored.body, parent, fields))
    after = {"parent": parent, **fields}
    await traces.leave(session, actor, "criteria_set.add_part", set_id, now=now, after=after)
    return stored


async def remove_part(
    session: AsyncSession, actor: Actor, set_id: UUID, code: str, expected: int, now: datetime
) -> StoredSet:
    """Take a part out of a draft, with its links there. Raises as `change_part`."""
    stored = await _draft(session, set_id, expected)
    body, part = parts.without(stored.body, code)
    gone = {sub.code for sub in read_body(stored).sub_criteria()} - body.by_code().keys()
    _take(stored, body)
    await forget_links(session, set_id, gone)
    await traces.leave(
        session, actor, "criteria_set.remove_part", set_id, now=now, before={"code": code, **part}
    )
    return stored


async def publish(session: AsyncSession, actor: Actor, set_id: UUID, now: datetime) -> StoredSet:
    """Put a draft in force for its year, for good: published versions never change.

    Raises NotFound, RuleBroken; InputRefused while it does not add up.
    """
    stored = await stored_set(session, set_id, lock=True)
    check_draft(stored.status)
    body = checker.read(stored.body)
    stored.status, stored.published_at = "published", now
    event = CriteriaSetPublished(
        criteria_set_id=set_id, set_version=stored.set_version, code=stored.code, year=stored.year,
        title=stored.title, composed=stored.composed, total_points=body.total_points,
    )  # fmt: skip
    await traces.leave(
        session, actor, "criteria_set.publish", set_id, event, now=now,
        before={"status": "draft"}, after={"status": "published"},
    )  # fmt: skip
    # What was linked to the draft counts from now on, what was to the version before no more.
    await session.flush()
    await relink(session, await plans_linked_in(session, stored.year), links_of)
    await mark_acted(session, [ParOf(stored.year)], now)
    return stored


async def _draft(session: AsyncSession, set_id: UUID, expected: int) -> StoredSet:
    stored = await stored_set(session, set_id, lock=True)
    check_draft(stored.status)
    check_version(stored.version, expected)
    return stored


def _take(stored: StoredSet, body: CriteriaSet) -> None:
    for name, value in _facts(body).items():
        setattr(stored, name, value)
    stored.version += 1


def _facts(body: CriteriaSet) -> dict[str, Any]:
    """Return what a stored set repeats of its body, to be looked for by it."""
    return {
        "year": body.year, "title": body.title, "composed": body.composed, "serves": body.serves,
        "body": body.as_json(),
    }  # fmt: skip
