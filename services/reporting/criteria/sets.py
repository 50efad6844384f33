"""Stored criteria sets, and the one in force in a year."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from reporting.bodies.models import Block
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.models import StoredSet

_published_bodies: dict[UUID, CriteriaSet] = {}


@dataclass(frozen=True)
class PublishedSet:
    """The criteria set in force in a year."""

    id: UUID
    set_version: int
    body: CriteriaSet


async def stored_set(session: AsyncSession, set_id: UUID, *, lock: bool = False) -> StoredSet:
    """Return a set. Raises NotFound."""
    found = await session.get(StoredSet, set_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFound("Không có bộ tiêu chí này")
    return found


def read_body(stored: StoredSet) -> CriteriaSet:
    """Return what a version holds; a draft need not add up."""
    return CriteriaSet.model_validate(stored.body)


async def replaced_by(session: AsyncSession, stored: StoredSet) -> StoredSet | None:
    """Return the set that is in force where this one would be: same year, same purpose."""
    which = StoredSet.serves == "par_index"
    if stored.serves != "par_index":
        which = StoredSet.code == stored.code
    return await session.scalar(
        select(StoredSet)
        .where(StoredSet.year == stored.year, StoredSet.status == "published", which)
        .where(StoredSet.id != stored.id)
        .order_by(StoredSet.published_at.desc(), StoredSet.id.desc())
        .limit(1)
    )


async def published_set(
    session: AsyncSession, year: int, code: str | None = None
) -> PublishedSet | None:
    """Return the newest published set of a year: `code`: of this one, for a block.

    Sets that blocks name are theirs: the department's serves the PAR index, and is one that none
    names, where there is one.
    """
    named = select(Block.criteria_set_code).where(Block.criteria_set_code.is_not(None))
    which = StoredSet.serves == "par_index" if code is None else StoredSet.code == code
    order = StoredSet.code.in_(named), StoredSet.published_at.desc(), StoredSet.id.desc()
    newest = (
        select(StoredSet.id, StoredSet.set_version)
        .where(StoredSet.year == year, StoredSet.status == "published", which)
        .order_by(*order)
        .limit(1)
    )
    row = (await session.execute(newest)).first()
    return row and PublishedSet(row.id, row.set_version, await body_of(session, row.id))


async def set_in_force(session: AsyncSession, year: int, code: str | None = None) -> PublishedSet:
    """Return the newest published set of a year, as `published_set`. Raises NotFound."""
    found = await published_set(session, year, code)
    if found is None:
        raise NotFound("Năm này chưa có bộ tiêu chí nào được ban hành")
    return found


async def body_of(session: AsyncSession, set_id: UUID) -> CriteriaSet:
    """Return a published set, read once per process: it never changes, and reading takes 0.1 s."""
    if set_id not in _published_bodies:
        body = await session.scalar(select(StoredSet.body).where(StoredSet.id == set_id))
        _published_bodies[set_id] = CriteriaSet.model_validate(body or {})
    return _published_bodies[set_id]
