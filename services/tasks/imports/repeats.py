"""Rows that another appendix of the plan already brought: they are not made a second time."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.imports.domain import same_task
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.plans.models import Task

Words = tuple[str, str, str]


async def already_planned(
    session: AsyncSession, started: AppendixImport, rows: Sequence[AppendixRow]
) -> set[int]:
    """Return the numbers of the rows whose task the plan has from another import.

    A row is known by the words of a task, and by those its file had before somebody corrected,
    split or merged them: the same file brings nothing twice.
    """
    known = {same_task(*words) for words in await _words(session, started)}
    return {
        row.row_number
        for row in rows
        if row.task_id is None and same_task(row.content, row.lead_text, row.deadline_text) in known
    }


async def _words(session: AsyncSession, started: AppendixImport) -> Iterable[Words]:
    elsewhere = (
        Task.plan_id == started.plan_id,
        AppendixImport.id != started.id,
        AppendixImport.state != "discarded",
    )
    tasks = (
        select(Task.content, Task.lead_text, Task.deadline_text)
        .join(AppendixImport, AppendixImport.id == Task.import_id)
        .where(*elsewhere)
    )
    sources = (
        select(AppendixRow.sources)
        .join(Task, Task.id == AppendixRow.task_id)
        .join(AppendixImport, AppendixImport.id == Task.import_id)
        .where(*elsewhere)
    )
    said = [source for found in await session.scalars(sources) for source in found]
    of_files = [(one["content"], one["lead_text"], one["deadline_text"]) for one in said]
    return [*(tuple(row) for row in await session.execute(tasks)), *of_files]
