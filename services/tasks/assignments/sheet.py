"""A list of assignments as a file: exactly what is shown, in the same order."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.documents.sheet import MOST_ROWS, Column, Frame, Value, write_sheet
from chassis.errors import BadRequest
from chassis.i18n import Language, say
from chassis.words import N_
from tasks.assignments.columns import FOLLOW_UP, Reader, columns_of, selected, values
from tasks.assignments.filter_words import in_words
from tasks.assignments.filters import Filters, narrowed
from tasks.assignments.lists import PLANNED_EACH_TIME, count
from tasks.assignments.sorting import order_of
from tasks.calendar.moment import Moment
from tasks.directory.models import Unit
from tasks.ladder.domain import Lateness

BATCH = 1000  # rows that are in memory at once
TITLE = N_("DANH SÁCH NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH")
FOLLOW_UP_TITLE = N_("BẢNG THEO DÕI THỰC HIỆN NHIỆM VỤ")
_TOO_MANY = N_("Danh sách có {count} nhiệm vụ, một trang tính chứa nhiều nhất {most}: hãy lọc bớt")
SORTED_FOR_FOLLOWING = "due_on,content"


async def sheet_of(
    session: AsyncSession,
    actor: Actor,
    filters: Filters,
    *,
    sort: str,
    columns: str,
    at: Moment,
    language: Language,
) -> Path:
    """Write the list into a file; the caller removes it.

    Raises BadRequest `column_unknown`, `sort_unknown`, `list_too_long`.
    """
    taken, order = columns_of(columns), order_of(sort or _usual_order(columns))
    listed = (await count(session, actor, filters, at.today)).listed
    if listed > MOST_ROWS:
        raise BadRequest(_TOO_MANY, code="list_too_long", count=listed, most=MOST_ROWS)
    known = (await session.execute(select(Unit.id, Unit.name))).all()
    units = {unit.id: unit.name for unit in known}
    frame = Frame(
        title=say(FOLLOW_UP_TITLE if columns == FOLLOW_UP else TITLE, language),
        as_of=at.now,
        filter=await in_words(session, actor, filters, units, language),
        columns=[Column(say(one.heading, language), one.width, one.kind) for one in taken],
        language=language,
    )
    statement = order.joined(narrowed(selected(taken), actor, filters, at.today))
    line = values(taken, Reader(at.today, Lateness(at.today, at.calendar), language, units))
    await session.execute(PLANNED_EACH_TIME)
    rows = await session.stream(statement.order_by(*order.keys).execution_options(yield_per=BATCH))
    return await write_sheet(frame, _batches(rows, line))


def _usual_order(columns: str) -> str:
    return SORTED_FOR_FOLLOWING if columns == FOLLOW_UP else ""


async def _batches(rows: Any, line: Any) -> AsyncIterator[Sequence[Sequence[Value]]]:
    async for batch in rows.partitions():
        yield [line(row) for row in batch]
