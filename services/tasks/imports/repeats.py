"""Rows that an earlier appendix of the plan already brought: they are not made a second time."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.imports.domain import same_task
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.plans.models import Task


async def already_planned(
    session: AsyncSession, started: AppendixImport, rows: Sequence[AppendixRow]
) -> set[int]:
    """Return the numbers of the rows whose task the plan has from an import confirmed before."""
    earlier = (
        select(Task.content, Task.lead_text, Task.deadline_text)
        .join(AppendixImport, AppendixImport.id == Task.import_id)
        .where(Task.plan_id == started.plan_id)
        .where(AppendixImport.state == "confirmed")
    )
    if started.confirmed_at:
        earlier = earlier.where(AppendixImport.confirmed_at < started.confirmed_at)
    known = {same_task(*words) for words in await session.execute(earlier)}
    return {
        row.row_number
        for row in rows
        if same_task(row.content, row.lead_text, row.deadline_text) in known
    }
