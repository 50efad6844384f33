"""Rows that the file does not have as such: added, split from one, merged into the one before."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.rules import RuleBroken
from chassis.web import check_version
from chassis.words import N_, Sentence
from tasks.imports.amendment import UNITS, amend, facts, follow, open_import, open_row
from tasks.imports.domain import MOST_TEXT
from tasks.imports.models import MOST_ROWS, AppendixRow
from tasks.imports.rows import WORDS, stored_remark
from tasks.imports.state import row_of
from tasks.remarks import Remark

FULL = N_("Phụ lục đã có {count} dòng, không thêm được nữa: tối đa {most} dòng")
NOTHING_ABOVE = Sentence(N_("Phía trên không có dòng nào chưa xác nhận để gộp vào"))
TOO_LONG = N_("Gộp lại thì một ô dài {count} ký tự, tối đa {most}: hãy rút ngắn một dòng trước")
MERGED = N_("đã gộp vào STT {stt}")
_JOINTS = {"subject_matter": " ", "content": " ", "product": " ", "lead_text": "\n",
           "coordinating_text": "\n", "deadline_text": "; "}  # fmt: skip


async def add(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    after: int | None,
    given: Mapping[str, Any],
) -> AppendixRow:
    """Add a row that the file lacks, after another one or at the end.

    Raises as `amend` does, NotFound for an unknown row, RuleBroken `import_full`.
    """
    started = await open_import(session, import_id)
    number = await _room_for(session, import_id, 1) + 1
    if after is None:
        place = await _lowest_place(session, import_id)
    else:
        place = await _place_after(session, await row_of(session, import_id, after), 1)
    row = _blank(import_id, number, place)
    session.add(row)
    await amend(session, started, row, {**given, "stt": given.get("stt") or str(number)})
    row.version = 1
    await follow(session, started, row)
    await _leave(session, actor, import_id, "import.add_row", [row])
    return row


async def split(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    row_number: int,
    expected: int,
    parts: Sequence[Mapping[str, Any]],
) -> list[AppendixRow]:
    """Make several rows of one; a part keeps of the row what it does not name.

    Raises as `correct` does, RuleBroken `import_full`.
    """
    started = await open_import(session, import_id)
    row = await open_row(session, import_id, row_number)
    check_version(row.version, expected)
    more = len(parts) - 1
    number = await _room_for(session, import_id, more) + 1
    place = await _place_after(session, row, more)
    copies = [_copy(row, number + n, place + n) for n in range(more)]
    session.add_all(copies)
    await session.flush()
    for each, given in zip([row, *copies], parts, strict=True):
        await amend(session, started, each, given)
        each.edited, each.version = True, row.version
    row.version = expected + 1
    await follow(session, started, copies[-1])
    await _leave(session, actor, import_id, "import.split_row", [row, *copies])
    return [row, *copies]


async def merge(
    session: AsyncSession, actor: Actor, import_id: UUID, row_number: int, expected: int
) -> AppendixRow:
    """Add a row to the one above, as where a page break cut it; it stays, left out, and says so.

    Returns the row above. Raises as `correct` does, RuleBroken `import_nothing_above`,
    `import_cell_too_long`.
    """
    started = await open_import(session, import_id)
    row = await open_row(session, import_id, row_number)
    check_version(row.version, expected)
    above = await _above(session, row)
    _join(above, row)
    versions = above.version + 1, row.version + 1
    await amend(session, started, above, {})
    merged = Remark("row_merged", Sentence(MERGED, {"stt": above.stt}))
    row.left_out_by, row.left_out_reason = "person", stored_remark(merged)
    above.edited = row.edited = True
    above.checked = False
    above.version, row.version = versions
    await follow(session, started, above)
    await _leave(session, actor, import_id, "import.merge_row", [above, row])
    return above


async def _room_for(session: AsyncSession, import_id: UUID, more: int) -> int:
    """Return the highest row number. Raises RuleBroken `import_full` when there is no room."""
    of_import = AppendixRow.import_id == import_id
    counted = select(func.count(), func.coalesce(func.max(AppendixRow.row_number), 0))
    count, highest = (await session.execute(counted.where(of_import))).one()
    if count + more > MOST_ROWS:
        raise RuleBroken("import_full", Sentence(FULL, {"count": count, "most": MOST_ROWS}))
    return int(highest)


async def _place_after(session: AsyncSession, row: AppendixRow, more: int) -> int:
    """Move the rows below by `more` places; return the first place that became free."""
    below = (AppendixRow.import_id == row.import_id, AppendixRow.position > row.position)
    moved = update(AppendixRow).where(*below).values(position=AppendixRow.position + more)
    await session.execute(moved)
    return row.position + 1


async def _lowest_place(session: AsyncSession, import_id: UUID) -> int:
    highest = select(func.max(AppendixRow.position)).where(AppendixRow.import_id == import_id)
    return (await session.scalar(highest) or 0) + 1


async def _above(session: AsyncSession, row: AppendixRow) -> AppendixRow:
    above = (
        select(AppendixRow)
        .where(AppendixRow.import_id == row.import_id, AppendixRow.position < row.position)
        .where(AppendixRow.left_out_by.is_(None), AppendixRow.task_id.is_(None))
        .order_by(AppendixRow.position.desc())
        .limit(1)
    )
    found = await session.scalar(above)
    if found is None:
        raise RuleBroken("import_nothing_above", NOTHING_ABOVE)
    return found


def _join(above: AppendixRow, row: AppendixRow) -> None:
    """Put the words together, and the units where somebody chose them for either row."""
    for name in _JOINTS:
        setattr(above, name, _joined(above, row, name))
    for ids, chosen in UNITS.items():
        if getattr(above, chosen) or getattr(row, chosen):
            setattr(above, ids, list(dict.fromkeys([*getattr(above, ids), *getattr(row, ids)])))
            setattr(above, chosen, True)
    above.sources = [*above.sources, *row.sources]


def _joined(above: AppendixRow, row: AppendixRow, name: str) -> str:
    """Return both rows' words, once where they are the same or one is blank."""
    words = dict.fromkeys(text for text in (getattr(above, name), getattr(row, name)) if text)
    joined = _JOINTS[name].join(words)
    if len(joined) > MOST_TEXT:
        facts = {"count": len(joined), "most": MOST_TEXT}
        raise RuleBroken("import_cell_too_long", Sentence(TOO_LONG, facts))
    return joined


def _blank(import_id: UUID, number: int, position: int) -> AppendixRow:
    return AppendixRow(
        import_id=import_id,
        row_number=number,
        position=position,
        **dict.fromkeys(WORDS, ""),
        **{name: [] for name in ("lead_unit_ids", "coordinating_unit_ids", "sources", "remarks")},
        lead_chosen=False,
        coordinating_chosen=False,
        deadline={},
        checked=False,
        edited=True,
        table_id="",
        version=0,
    )


def _copy(row: AppendixRow, number: int, position: int) -> AppendixRow:
    names = AppendixRow.__table__.columns.keys()
    values = {name: getattr(row, name) for name in names}
    return AppendixRow(**{**values, "row_number": number, "position": position, "version": 0})


async def _leave(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    action: str,
    rows: Sequence[AppendixRow],
) -> None:
    await session.flush()
    after = {f"row_{row.row_number}": facts(row) for row in rows}
    now = await database_now(session)
    await traces.leave(session, actor, action, import_id, now=now, after=after)
