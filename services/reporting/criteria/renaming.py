"""Links of a draft follow its codes: renamed with them, gone with what is taken out."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import case, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.criteria.models import DocumentLink, Link

_LINKS: tuple[type[Link] | type[DocumentLink], ...] = (Link, DocumentLink)


async def rename_links(session: AsyncSession, set_id: UUID, codes: Mapping[str, str]) -> None:
    """Let the links of a set follow codes that are new: none of these stood there before."""
    if not codes:
        return
    for kind in _LINKS:
        await session.execute(
            update(kind)
            .where(kind.criteria_set_id == set_id, kind.sub_criterion.in_(codes))
            .values(sub_criterion=case(codes, value=kind.sub_criterion))
            .execution_options(synchronize_session=False)
        )


async def forget_links(session: AsyncSession, set_id: UUID, codes: Collection[str]) -> None:
    """Take the links of sub-criteria away that a draft does not have any more."""
    for kind in _LINKS:
        gone = delete(kind).where(kind.criteria_set_id == set_id, kind.sub_criterion.in_(codes))
        await session.execute(gone.execution_options(synchronize_session=False))
