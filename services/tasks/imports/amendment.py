"""What a person changes in one row: its words, its units, whether it is taken."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from tasks.directory.unit_book import UnitBook
from tasks.imports.above import repeating, words_above_row
from tasks.imports.anew import reading
from tasks.imports.domain import ImportRow, check_ready
from tasks.imports.frame import frame_of, unit_book
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.row_views import field_read, titles_of
from tasks.imports.rows import reading_of, take
from tasks.imports.state import find, row_of
from tasks.plans.domain import check_status
from tasks.plans.models import Plan

TEXTS = ("stt", "section", "subject_matter", "content", "product", "deadline_text")
UNITS = {"lead_unit_ids": "lead_chosen", "coordinating_unit_ids": "coordinating_chosen"}
# Fields that a person writes anew: what the file's words left open about them is answered by that.
ANSWERED = ("deadline_text", *UNITS)
UNIT_UNKNOWN = Sentence(N_("Không có đơn vị này hoặc đơn vị đã ngừng hoạt động"))
NOT_A_LEAD = Sentence(N_("Chọn một trong các đơn vị chủ trì của dòng này"))
ROW_CONFIRMED = Sentence(N_("Dòng này đã được xác nhận, nhiệm vụ đã được tạo"))


async def open_import(session: AsyncSession, import_id: UUID) -> AppendixImport:
    """Return an import to change, locked.

    Raises NotFound, RuleBroken unless it is `ready` and its plan takes an appendix.
    """
    started = await find(session, import_id, lock=True)
    check_ready(started.state)
    check_status("import", (await session.get_one(Plan, started.plan_id)).status)
    return started


async def open_row(session: AsyncSession, import_id: UUID, row_number: int) -> AppendixRow:
    """Return a row to change. Raises NotFound, RuleBroken `import_row_confirmed`."""
    row = await row_of(session, import_id, row_number)
    if row.task_id is not None:
        raise RuleBroken("import_row_confirmed", ROW_CONFIRMED)
    return row


async def amend(
    session: AsyncSession, started: AppendixImport, row: AppendixRow, given: Mapping[str, Any]
) -> bool:
    """Change what `given` names and read the row again; return whether anything changed.

    Names: those of TEXTS and UNITS, `sole_lead_id`, `each_leads`, `left_out`, `checked`. Raises
    InputRefused for a unit that is not an active one, or no lead unit of the row.
    """
    before, book = facts(row), await unit_book(session)
    for name in TEXTS:
        if given.get(name) is not None:
            setattr(row, name, given[name])
    for name in UNITS:
        if given.get(name) is not None:
            _choose(row, name, given[name], book)
    _settle_leads(row, given)
    _forget_answered(started, row, before)
    take(row, await _read_again(session, started, row, book))
    if facts(row) != before:
        row.checked = False
    if given.get("checked") is not None:
        row.checked = given["checked"]
    if given.get("left_out") is not None and given["left_out"] != bool(row.left_out_by):
        row.left_out_by = "person" if given["left_out"] else None
    changed = facts(row) != before
    row.edited = row.edited or changed
    row.version += changed
    return changed


async def follow(session: AsyncSession, started: AppendixImport, row: AppendixRow) -> None:
    """Read the rows again that repeat this one's deadline; one that changed is looked at anew."""
    book = await unit_book(session)
    for below in await repeating(session, row):
        before = reading_of(below)
        take(below, await _read_again(session, started, below, book))
        if reading_of(below) != before:
            below.checked = False
            below.version += 1


def facts(row: AppendixRow) -> dict[str, Any]:
    """Return what a person can change, for the audit."""
    return {
        **{name: getattr(row, name) for name in TEXTS},
        **{name: [str(id_) for id_ in getattr(row, name)] for name in UNITS},
        **{name: getattr(row, name) for name in UNITS.values()},
        "checked": row.checked,
        "left_out_by": row.left_out_by,
    }


def _choose(row: AppendixRow, name: str, ids: Sequence[UUID], book: UnitBook) -> None:
    """Put units in place of the words; the same ones in another order change nothing."""
    if set(ids) == set(getattr(row, name)):
        return
    active = {unit.unit_id for unit in book.units if unit.active}
    problems = [
        Problem(f"/{name}/{position}", UNIT_UNKNOWN)
        for position, id_ in enumerate(ids)
        if id_ not in active
    ]
    if problems:
        raise InputRefused("unit_unknown", UNIT_UNKNOWN, problems)
    setattr(row, name, list(dict.fromkeys(ids)))
    setattr(row, UNITS[name], True)


def _settle_leads(row: AppendixRow, given: Mapping[str, Any]) -> None:
    """Of several lead units one leads and the others help, or each has an assignment."""
    if given.get("each_leads"):
        row.lead_chosen = True
    if (sole := given.get("sole_lead_id")) is None:
        return
    if sole not in row.lead_unit_ids:
        raise InputRefused(
            "import_lead_unknown", NOT_A_LEAD, [Problem("/sole_lead_id", NOT_A_LEAD)]
        )
    others = [id_ for id_ in row.lead_unit_ids if id_ != sole]
    row.coordinating_unit_ids = list(dict.fromkeys([*others, *row.coordinating_unit_ids]))
    row.lead_unit_ids = [sole]
    row.lead_chosen = row.coordinating_chosen = True


def _forget_answered(started: AppendixImport, row: AppendixRow, before: Mapping[str, Any]) -> None:
    """Drop the reader's remarks on cells whose field was just written anew."""
    now = facts(row)
    answered = {name for name in ANSWERED if now[name] != before[name]}
    if answered:
        titles = titles_of(started.seen).get(row.table_id, {})
        row.remarks = [one for one in row.remarks if field_read(one, titles) not in answered]


async def _read_again(
    session: AsyncSession, started: AppendixImport, row: AppendixRow, book: UnitBook
) -> ImportRow:
    plan = await session.get_one(Plan, started.plan_id)
    repeated = await _repeated(session, row)
    above = await words_above_row(session, row)
    return reading(row, book, await frame_of(session, plan), repeated=repeated, above=above)


async def _repeated(session: AsyncSession, row: AppendixRow) -> bool:
    """Say whether another row of the table has the number; parts of one row share theirs."""
    same = select(func.count()).where(
        AppendixRow.import_id == row.import_id,
        AppendixRow.row_number != row.row_number,
        AppendixRow.table_id == row.table_id,
        AppendixRow.stt == row.stt,
        AppendixRow.sources != row.sources,
        AppendixRow.left_out_by.is_(None),
    )
    with session.no_autoflush:
        return (await session.scalar(same) or 0) > 0
