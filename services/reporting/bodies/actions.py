"""Blocks and bodies as administrators and the Office keep them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.directory import person, unit
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.web import check_version
from reporting.bodies import domain
from reporting.bodies.models import OWN_BODY, Block, Body

Kept = TypeVar("Kept", Block, Body)
_NO_SUCH = {Block: "Không có khối này", Body: "Không có cơ quan, đơn vị này"}


async def found(session: AsyncSession, kind: type[Kept], id_: UUID, *, lock: bool = False) -> Kept:
    """Return a block or a body. Raises NotFound."""
    one = await session.get(kind, id_, with_for_update=lock, populate_existing=lock)
    if one is None:
        raise NotFound(_NO_SUCH[kind])
    return one


async def create_block(
    session: AsyncSession, actor: Actor, values: Mapping[str, Any], now: datetime
) -> Block:
    """Make a block. Raises RuleBroken, InputRefused."""
    await _check_block(session, values)
    return await _made(session, actor, Block(id=new_id(), **values), values, now)


async def create_body(
    session: AsyncSession, actor: Actor, values: Mapping[str, Any], now: datetime, *, own: bool
) -> Body:
    """Make a body; `own`: it is our own department. Raises RuleBroken, InputRefused."""
    await _check_body(session, values)
    domain.check_ineligible(values["ineligible_reason"], values["ineligible_year"])
    if own and (known := await session.get(Body, OWN_BODY)):
        domain.check_unit(known.name)
    made = Body(id=OWN_BODY if own else new_id(), **values)
    return await _made(session, actor, made, values, now)


async def change_block(
    session: AsyncSession,
    actor: Actor,
    id_: UUID,
    values: Mapping[str, Any],
    expected: int,
    now: datetime,
) -> Block:
    """Change facts of a block. Raises NotFound, StaleVersion, RuleBroken, InputRefused."""
    block = await found(session, Block, id_, lock=True)
    check_version(block.version, expected)
    await _check_block(session, values, id_)
    return await _changed(session, actor, block, values, now)


async def change_body(
    session: AsyncSession,
    actor: Actor,
    id_: UUID,
    values: Mapping[str, Any],
    expected: int,
    now: datetime,
) -> Body:
    """Change facts of a body; why it is ineligible goes with the year it was said of.

    Raises NotFound, StaleVersion, RuleBroken, InputRefused.
    """
    body = await found(session, Body, id_, lock=True)
    check_version(body.version, expected)
    await _check_body(session, values, id_)
    reason = values.get("ineligible_reason", body.ineligible_reason)
    if reason is None:
        values = {"ineligible_year": None, **values}
    domain.check_ineligible(reason, values.get("ineligible_year"))
    return await _changed(session, actor, body, values, now)


async def _made(
    session: AsyncSession, actor: Actor, one: Kept, values: Mapping[str, Any], now: datetime
) -> Kept:
    session.add(one)
    noun = one.__tablename__
    after = to_jsonable_python(values)
    await traces.leave(session, actor, f"{noun}.create", one.id, now=now, after=after)
    await session.refresh(one)
    return one


async def _changed(
    session: AsyncSession, actor: Actor, one: Kept, values: Mapping[str, Any], now: datetime
) -> Kept:
    before = to_jsonable_python({name: getattr(one, name) for name in values})
    for name, value in values.items():
        setattr(one, name, value)
    one.version += 1
    await traces.leave(
        session, actor, f"{one.__tablename__}.change", one.id, now=now,
        before=before, after=to_jsonable_python(values),
    )  # fmt: skip
    return one


async def _check_block(
    session: AsyncSession, values: Mapping[str, Any], id_: UUID | None = None
) -> None:
    await _check_code(session, Block, values, id_)
    appraisers = values.get("appraisers", ())
    roles = await _roles_of(session, appraisers)
    domain.check_people("appraisers", appraisers, roles)
    domain.check_appraisers([roles[each] for each in appraisers])


async def _check_body(
    session: AsyncSession, values: Mapping[str, Any], id_: UUID | None = None
) -> None:
    await _check_code(session, Body, values, id_)
    people = values.get("people", ())
    domain.check_people("people", people, await _roles_of(session, people))
    if block_id := values.get("block_id"):
        domain.check_known("/block_id", known=await session.get(Block, block_id) is not None)
    if unit_id := values.get("unit_id"):
        known = await session.scalar(select(unit.c.id).where(unit.c.id == unit_id))
        domain.check_known("/unit_id", known=known is not None)
        same = select(Body.name).where(Body.unit_id == unit_id, Body.id.is_distinct_from(id_))
        domain.check_unit(await session.scalar(same))


async def _check_code(
    session: AsyncSession, kind: type[Kept], values: Mapping[str, Any], id_: UUID | None
) -> None:
    code = values.get("code")
    same = await session.scalar(select(kind.id).where(kind.code == code))
    noun: Literal["block", "body"] = "block" if kind is Block else "body"
    domain.check_code(noun, str(code), taken=code is not None and same not in (None, id_))


async def _roles_of(session: AsyncSession, people: Sequence[UUID]) -> dict[UUID, str]:
    rows = await session.execute(
        select(person.c.id, person.c.role).where(person.c.id.in_(people), person.c.active)
    )
    return {row.id: row.role for row in rows}
