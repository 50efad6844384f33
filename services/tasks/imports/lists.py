"""The imports of a plan, to find again those that wait."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import stored_file
from chassis.web import Paging, paginate
from tasks.imports.models import AppendixImport


async def imports_of(
    session: AsyncSession, plan_id: UUID, paging: Paging
) -> tuple[Sequence[AppendixImport], str | None]:
    """Return a page of a plan's imports, the newest first."""
    statement = select(AppendixImport).where(AppendixImport.plan_id == plan_id)
    return await paginate(
        session, statement, paging, AppendixImport.created_at.desc(), AppendixImport.id.desc()
    )


async def file_names(
    session: AsyncSession, imports: Sequence[AppendixImport]
) -> Mapping[UUID, str]:
    """Return the names of the imports' files, by the file's id."""
    columns = (stored_file.c.id, stored_file.c.name)
    named = select(*columns).where(stored_file.c.id.in_([one.file_id for one in imports]))
    return {one.id: one.name for one in await session.execute(named)}
