"""The officer's corrections of one row: other units, other words for the deadline."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import InvalidInput, NotFound
from tasks.deadlines import refers_to_above, words_above
from tasks.directory.unit_book import UnitBook
from tasks.imports.domain import ImportRow, check_ready, plan_row
from tasks.imports.frame import frame_of, unit_book
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.rows import raw_of, take
from tasks.imports.state import find
from tasks.plans.models import Plan


async def correct(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    row_number: int,
    *,
    lead_unit_ids: Sequence[UUID] | None = None,
    coordinating_unit_ids: Sequence[UUID] | None = None,
    deadline_text: str | None = None,
) -> AppendixRow:
    """Read the row again with what the officer gave (None: as it is).

    Raises NotFound, RuleBroken unless the import waits for confirmation, InvalidInput for a unit
    that is not an active one.
    """
    started = await find(session, import_id, lock=True)
    check_ready(started.state)
    row = await session.get(AppendixRow, (import_id, row_number))
    if row is None:
        raise NotFound("Không có dòng này trong phụ lục", code="row_not_found")
    before = _facts(row)
    book = await unit_book(session)
    if lead_unit_ids is not None and set(lead_unit_ids) != set(row.lead_unit_ids):
        row.lead_unit_ids = _checked(book, lead_unit_ids, "/lead_unit_ids")
        row.lead_chosen = True
    if coordinating_unit_ids is not None and set(coordinating_unit_ids) != set(
        row.coordinating_unit_ids
    ):
        row.coordinating_unit_ids = _checked(book, coordinating_unit_ids, "/coordinating_unit_ids")
        row.coordinating_chosen = True
    row.deadline_text = row.deadline_text if deadline_text is None else deadline_text
    take(row, await _read_again(session, started, row, book))
    await session.flush()
    if deadline_text is not None:
        for repeating in await _repeating(session, row):
            take(repeating, await _read_again(session, started, repeating, book))
    now = await database_now(session)
    await traces.leave(
        session, actor, "import.correct_row", import_id, now=now, before=before, after=_facts(row)
    )
    return row


async def _read_again(
    session: AsyncSession, started: AppendixImport, row: AppendixRow, book: UnitBook
) -> ImportRow:
    """Chosen units are put in place of the words, so that warnings about the words go."""
    plan = await session.get_one(Plan, started.plan_id)
    names = {unit.unit_id: unit.name for unit in book.units}
    instead = {}
    if row.lead_chosen:
        instead["lead_text"] = "; ".join(names[id_] for id_ in row.lead_unit_ids)
    if row.coordinating_chosen:
        instead["coordinating_text"] = "; ".join(names[id_] for id_ in row.coordinating_unit_ids)
    read = plan_row(
        raw_of(row, **instead),
        book,
        await frame_of(session, plan),
        stt_repeated=await _repeated(session, row),
        above=await _words_above(session, row),
    )
    return _with_chosen(read, row)


def _with_chosen(read: ImportRow, row: AppendixRow) -> ImportRow:
    """Ids a person chose stand, whatever the names would have matched; nobody helps themselves."""
    leads, accountable = read.lead_unit_ids, read.accountable_unit_id
    helpers = row.coordinating_unit_ids if row.coordinating_chosen else read.coordinating_unit_ids
    if row.lead_chosen:
        leads = tuple(row.lead_unit_ids)
        accountable = leads[0] if leads else None
    return replace(
        read,
        lead_unit_ids=leads,
        accountable_unit_id=accountable,
        coordinating_unit_ids=tuple(id_ for id_ in helpers if id_ not in leads),
    )


async def _words_above(session: AsyncSession, row: AppendixRow) -> str | None:
    above = select(AppendixRow.deadline_text).where(
        AppendixRow.import_id == row.import_id, AppendixRow.row_number <= row.row_number
    )
    cells = (await session.scalars(above.order_by(AppendixRow.row_number))).all()
    return words_above(cells)[-1]


async def _repeating(session: AsyncSession, row: AppendixRow) -> list[AppendixRow]:
    """Return the rows just below that say "như trên": their deadline is the corrected one."""
    below = select(AppendixRow).where(
        AppendixRow.import_id == row.import_id, AppendixRow.row_number > row.row_number
    )
    rows = await session.scalars(below.order_by(AppendixRow.row_number))
    return list(takewhile(lambda one: refers_to_above(one.deadline_text), rows))


async def _repeated(session: AsyncSession, row: AppendixRow) -> bool:
    same = select(func.count()).where(
        AppendixRow.import_id == row.import_id, AppendixRow.stt == row.stt
    )
    return (await session.scalar(same) or 0) > 1


def _checked(book: UnitBook, ids: Sequence[UUID], pointer: str) -> list[UUID]:
    active = {unit.unit_id for unit in book.units if unit.active}
    message = "Không có đơn vị này hoặc đơn vị đã ngừng hoạt động"
    for position, id_ in enumerate(ids):
        if id_ not in active:
            raise InvalidInput(
                message,
                code="unit_unknown",
                errors=[{"pointer": f"{pointer}/{position}", "message": message}],
            )
    return list(dict.fromkeys(ids))


def _facts(row: AppendixRow) -> dict[str, object]:
    facts = {
        "lead_unit_ids": [str(id_) for id_ in row.lead_unit_ids],
        "coordinating_unit_ids": [str(id_) for id_ in row.coordinating_unit_ids],
        "deadline_text": row.deadline_text,
    }
    return {f"row_{row.row_number}": facts}
