"""Rows that say "như trên": their deadline is that of the row above, and follows it."""

from itertools import takewhile

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.deadlines import refers_to_above, words_above
from tasks.imports.models import AppendixRow


async def words_above_row(session: AsyncSession, row: AppendixRow) -> str | None:
    """Return the deadline's words of the nearest row above that has its own; None without one."""
    before = AppendixRow.position < row.position
    cells = [_words(one) for one in await _rows(session, row, before)]
    return words_above([*cells, row.deadline_text])[-1]


async def repeating(session: AsyncSession, row: AppendixRow) -> list[AppendixRow]:
    """Return the rows just below that say "như trên" and have made no task yet."""
    below = await _rows(session, row, AppendixRow.position > row.position)
    same = takewhile(lambda one: one.left_out_by or refers_to_above(one.deadline_text), below)
    return [one for one in same if not one.left_out_by and one.task_id is None]


def _words(row: AppendixRow) -> str | None:
    return None if row.left_out_by else row.deadline_text


async def _rows(
    session: AsyncSession, row: AppendixRow, where: ColumnElement[bool]
) -> list[AppendixRow]:
    chosen = select(AppendixRow).where(AppendixRow.import_id == row.import_id, where)
    with session.no_autoflush:
        return list(await session.scalars(chosen.order_by(AppendixRow.position)))
