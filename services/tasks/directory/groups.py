"""Groups of units: what "Các sở, ban, ngành" means here is the administrator's to say."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem
from chassis.web import check_version
from chassis.words import N_, Sentence
from tasks.directory.models import Unit, UnitGroup
from tasks.directory.unit_book import names_of
from tasks.words import key

UNIT_UNKNOWN = Sentence(N_("Không có đơn vị này: hãy chọn một đơn vị trong danh bạ"))
TAKEN = N_("Đã có nhóm hoặc đơn vị mang tên {name}")
NAME_BLANK = Sentence(N_("Tên phải có chữ, để nhận ra trong phụ lục"))


async def find(session: AsyncSession, id_: UUID, *, lock: bool = False) -> UnitGroup:
    """Return a group. Raises NotFound."""
    found = await session.get(UnitGroup, id_, with_for_update=lock or None)
    if found is None:
        raise NotFound("Không có nhóm đơn vị này", code="unit_group_not_found")
    return found


async def create(session: AsyncSession, actor: Actor, facts: Mapping[str, Any]) -> UnitGroup:
    """Add a group. Raises Conflict `unit_group_taken`, InputRefused for an unknown unit."""
    await _check(session, facts, None)
    group = UnitGroup(id=new_id(), version=1, **facts)
    session.add(group)
    await _leave(session, actor, "unit_group.create", group, None)
    return group


async def change(
    session: AsyncSession, actor: Actor, group: UnitGroup, expected: int, facts: Mapping[str, Any]
) -> UnitGroup:
    """Change a group's facts. Raises StaleVersion, and as `create` does."""
    check_version(group.version, expected)
    await _check(session, facts, group.id)
    before = group.facts()
    for name, value in facts.items():
        setattr(group, name, value)
    if group.facts() != before:
        group.version += 1
        await _leave(session, actor, "unit_group.change", group, before)
    return group


async def _check(session: AsyncSession, facts: Mapping[str, Any], id_: UUID | None) -> None:
    """Two names that read the same would name neither."""
    if not key(facts.get("name", "unnamed")):
        raise InputRefused("unit_group_unnamed", NAME_BLANK, [Problem("/name", NAME_BLANK)])
    taken = await _taken(session, id_)
    for name in (facts.get("name", ""), *facts.get("aliases", ())):
        if key(name) in taken:
            raise Conflict(TAKEN, code="unit_group_taken", name=name)
    if "unit_ids" in facts:
        await _check_units(session, facts["unit_ids"])


async def _taken(session: AsyncSession, id_: UUID | None) -> set[str]:
    """Return the folded names of units, and of the groups but one."""
    others = await session.scalars(select(UnitGroup).where(UnitGroup.id.is_distinct_from(id_)))
    groups = {key(name) for other in others for name in (other.name, *other.aliases)}
    units = await session.scalars(select(Unit))
    return (groups - {""}).union(*(names_of(u.name, u.code, *u.aliases) for u in units))


async def _check_units(session: AsyncSession, ids: Sequence[UUID]) -> None:
    known = set(await session.scalars(select(Unit.id).where(Unit.id.in_(ids))))
    problems = [
        Problem(f"/unit_ids/{position}", UNIT_UNKNOWN)
        for position, id_ in enumerate(ids)
        if id_ not in known
    ]
    if problems:
        raise InputRefused("unit_unknown", UNIT_UNKNOWN, problems)


async def _leave(
    session: AsyncSession,
    actor: Actor,
    action: str,
    group: UnitGroup,
    before: Mapping[str, Any] | None,
) -> None:
    now, after = await database_now(session), group.facts()
    await traces.leave(session, actor, action, group.id, now=now, before=before, after=after)
