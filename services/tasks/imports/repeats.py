"""Rows that another appendix of the plan already brought: they are not made a second time."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.imports.domain import same_task
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.plans.models import Task


async def already_planned(
    session: AsyncSession, started: AppendixImport, rows: Sequence[AppendixRow]
) -> set[int]:
    """Return the numbers of the rows whose task the plan has from another import.

    A row is known by the words of a task, by those its file had before somebody corrected, split or
    merged them, and by the units that lead, however they are written: the same file, and the file
    as it was corrected, bring nothing twice.
    """
    known = {*await _tasks(session, started), *await _confirmed(session, started)}
    return {
        row.row_number for row in rows if row.task_id is None and not known.isdisjoint(_keys(row))
    }


async def _tasks(session: AsyncSession, started: AppendixImport) -> Iterable[tuple[str, ...]]:
    tasks = (
        select(Task.content, Task.lead_text, Task.deadline_text)
        .join(AppendixImport, AppendixImport.id == Task.import_id)
        .where(*_elsewhere(started))
    )
    return [same_task(*words) for words in await session.execute(tasks)]


async def _confirmed(session: AsyncSession, started: AppendixImport) -> Iterable[tuple[str, ...]]:
    confirmed = (
        select(AppendixRow)
        .join(Task, Task.id == AppendixRow.task_id)
        .join(AppendixImport, AppendixImport.id == Task.import_id)
        .where(*_elsewhere(started))
    )
    rows = (await session.scalars(confirmed)).all()
    said = [source for row in rows for source in row.sources]
    of_files = [same_task(one["content"], one["lead_text"], one["deadline_text"]) for one in said]
    return [*(key for row in rows for key in _keys(row)), *of_files]


def _elsewhere(started: AppendixImport) -> tuple[ColumnElement[bool], ...]:
    return (
        Task.plan_id == started.plan_id,
        AppendixImport.id != started.id,
        AppendixImport.state != "discarded",
    )


def _keys(row: AppendixRow) -> Iterator[tuple[str, ...]]:
    yield same_task(row.content, row.lead_text, row.deadline_text)
    if row.lead_unit_ids:
        leads = " ".join(sorted(str(id_) for id_ in row.lead_unit_ids))
        yield ("units", *same_task(row.content, leads, row.deadline_text))
