"""Saved views: made, changed and thrown away by their owner alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, NotAllowed, NotFound
from chassis.ids import new_id
from chassis.web import check_version
from chassis.words import N_
from tasks.saved_views.models import SavedView
from tasks.saved_views.scope import visible

MOST = 50  # of one person
_TAKEN = N_("Bạn đã có cách xem tên «{name}»: hãy đặt tên khác")
_FULL = N_("Mỗi người lưu nhiều nhất {most} cách xem: hãy xóa bớt cách xem không dùng nữa")
_NOT_YOURS = N_("Chỉ người đã lưu mới được sửa hoặc xóa cách xem này; bạn có thể lưu một bản riêng")


async def find(session: AsyncSession, actor: Actor, id_: UUID, *, lock: bool = False) -> SavedView:
    """Return a view the actor may see. Raises NotFound."""
    statement = select(SavedView).where(SavedView.id == id_, visible(actor))
    found: SavedView | None = await session.scalar(
        statement.with_for_update() if lock else statement
    )
    if found is None:
        raise NotFound("Không tìm thấy cách xem này", code="saved_view_not_found")
    return found


async def find_own(session: AsyncSession, actor: Actor, id_: UUID) -> SavedView:
    """Return one's own view, locked. Raises NotFound, NotAllowed for one that is only shared."""
    found = await find(session, actor, id_, lock=True)
    if found.owner_id != actor.person_id:
        raise NotAllowed(_NOT_YOURS)
    return found


async def create(session: AsyncSession, actor: Actor, facts: Mapping[str, Any]) -> SavedView:
    """Save a view. Raises Conflict `saved_view_name_taken`, `saved_views_full`."""
    await _check_name(session, actor, facts["name"], None)
    own = select(func.count()).where(SavedView.owner_id == actor.person_id)
    if (await session.scalar(own) or 0) >= MOST:
        raise Conflict(_FULL, code="saved_views_full", most=MOST)
    now = await database_now(session)
    view = SavedView(
        id=new_id(), version=1, owner_id=actor.person_id, unit_id=actor.unit_id, created_at=now,
        **facts,
    )  # fmt: skip
    session.add(view)
    await traces.leave(
        session, actor, "saved_view.create", view.id, now=now, after=view.facts()
    )  # fmt: skip
    return view


async def change(
    session: AsyncSession, actor: Actor, view: SavedView, expected: int, facts: Mapping[str, Any]
) -> SavedView:
    """Change a view. Raises StaleVersion, Conflict `saved_view_name_taken`."""
    check_version(view.version, expected)
    await _check_name(session, actor, facts.get("name", view.name), view.id)
    before = view.facts()
    for name, value in facts.items():
        setattr(view, name, value)
    view.unit_id = actor.unit_id  # "my unit" is the one they work in when they say so
    if view.facts() != before:
        view.version += 1
        now = await database_now(session)
        await traces.leave(
            session, actor, "saved_view.change", view.id,
            now=now, before=before, after=view.facts(),
        )  # fmt: skip
    return view


async def delete(session: AsyncSession, actor: Actor, view: SavedView) -> None:
    """Throw a view away."""
    now, before = await database_now(session), view.facts()
    await session.delete(view)
    await traces.leave(session, actor, "saved_view.delete", view.id, now=now, before=before)


async def _check_name(session: AsyncSession, actor: Actor, name: str, id_: UUID | None) -> None:
    same = select(SavedView.id).where(
        SavedView.owner_id == actor.person_id,
        SavedView.name == name,
        SavedView.id.is_distinct_from(id_),
    )
    if await session.scalar(same):
        raise Conflict(_TAKEN, code="saved_view_name_taken", name=name)
