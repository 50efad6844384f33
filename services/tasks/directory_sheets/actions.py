"""A workbook is read and shown; confirmed, all of it is stored, or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, NotFound, TooLarge, UnsupportedMedia
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from tasks.directory.actions import with_name_of_before, without_substitute_where_moved
from tasks.directory.domain import ENDS_WITHOUT_REASON
from tasks.directory.models import Person, Unit
from tasks.directory.together import Kept, leave_all
from tasks.directory_sheets.comparing import Facts, Row
from tasks.directory_sheets.isolated import read_in_subprocess
from tasks.directory_sheets.lines import FileRefused, ReadSheet, read_sheets, stored_line
from tasks.directory_sheets.models import DirectoryImport
from tasks.directory_sheets.preview import Standing, compared, digest_of, standing
from tasks.words import key

LARGEST = 20 * 1024 * 1024  # bytes
CONFIRMED = N_("Tệp này đã được xác nhận; muốn sửa tiếp hãy tải tệp mới")
STILL_WRONG = N_("Còn {count} dòng chưa đúng: hãy sửa trong Excel rồi tải lại; chưa có gì được ghi")
OUTDATED = N_("Danh bạ đã thay đổi từ lúc xem trước: hãy xem lại rồi xác nhận")


async def start(session: AsyncSession, actor: Actor, name: str, content: bytes) -> DirectoryImport:
    """Read a workbook and keep what it says. Raises UnsupportedMedia, TooLarge."""
    if len(content) > LARGEST:
        raise TooLarge("Tệp quá lớn: tối đa {most} MB", code="file_too_large", most=20)
    try:
        sheets = read_sheets(await read_in_subprocess(content, name))
    except FileRefused as refused:
        raise UnsupportedMedia(refused.sentence, code=refused.code) from refused
    now = await database_now(session)
    started = DirectoryImport(
        id=new_id(), state="ready", file_name=_short(name), sheets=list(map(_stored, sheets)),
        created_by=actor.person_id, created_at=now,
    )  # fmt: skip
    session.add(started)
    facts = {"file_name": started.file_name, "lines": sum(len(each.lines) for each in sheets)}
    await traces.leave(session, actor, "directory.upload", started.id, now=now, after=facts)
    return started


async def find(session: AsyncSession, id_: UUID, *, lock: bool = False) -> DirectoryImport:
    """Return a read workbook. Raises NotFound."""
    statement = select(DirectoryImport).where(DirectoryImport.id == id_)
    found = await session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound("Không tìm thấy tệp đã tải lên này", code="directory_import_not_found")
    return found


async def confirm(
    session: AsyncSession, actor: Actor, started: DirectoryImport, digest: str, reason: str | None
) -> Sequence[Kept]:
    """Store all lines, as they were shown; return what became new or changed.

    Raises RuleBroken `directory_import_confirmed`, `directory_import_wrong`; Conflict
    `directory_import_outdated` when the directory is not what was shown; InputRefused without a
    reason where somebody leaves or a unit closes.
    """
    if started.state == "confirmed":
        raise RuleBroken("directory_import_confirmed", Sentence(CONFIRMED))
    there = await standing(session, lock=True)
    found = compared(started, there)
    wrong = sum(row.outcome == "wrong" for row in found.rows)
    if wrong:
        raise RuleBroken("directory_import_wrong", Sentence(STILL_WRONG, {"count": wrong}))
    if digest_of(found) != digest:
        raise Conflict(OUTDATED, code="directory_import_outdated")
    if not reason and any(row.ends for row in found.rows):
        sentence = Sentence(ENDS_WITHOUT_REASON)
        raise InputRefused("input_invalid", sentence, [Problem("/reason", sentence)])
    now = await database_now(session)
    kept = [*await _units(session, found.rows, there), *_people(session, found.rows, there)]
    await leave_all(session, actor, kept, now, reason)
    started.state, started.confirmed_at = "confirmed", now
    facts = {"file_name": started.file_name, "entries": len(kept)}
    await traces.leave(
        session, actor, "directory.import", started.id, now=now, after=facts, reason=reason
    )
    return kept


async def _units(session: AsyncSession, rows: Sequence[Row], there: Standing) -> list[Kept]:
    """Make the new units, then say of all which stands below which."""
    moving = [row for row in rows if row.sheet == "units" and row.outcome != "unchanged"]
    before = {row.code: there.units[row.code].state() for row in moving if row.known is not None}
    for row in moving:
        if row.known is None:
            there.units[row.code] = _new_unit(row.facts)
            session.add(there.units[row.code])
    await session.flush()
    for row in moving:
        unit, facts = there.units[row.code], _without(row.facts, "parent", "code")
        if "parent" in row.facts:
            parent = row.facts["parent"]
            facts["parent_id"] = there.units[parent].id if parent else None
        _set(unit, with_name_of_before(unit, facts) if row.known else facts, row)
    return [Kept(there.units[row.code], before.get(row.code)) for row in moving]


def _new_unit(facts: Facts) -> Unit:
    own = _without(facts, "parent")
    usual: Facts = {"aliases": [], "former_names": [], "sort_order": 0, "active": True}
    return Unit(id=new_id(), version=1, parent_id=None, **{**usual, **own})


def _people(session: AsyncSession, rows: Sequence[Row], there: Standing) -> list[Kept]:
    kept: list[Kept] = []
    for row in rows:
        if row.sheet != "people" or row.outcome == "unchanged":
            continue
        facts = _without(row.facts, "unit")
        if "unit" in row.facts:
            facts["unit_id"] = there.units[row.facts["unit"]].id
        person = there.people.get(row.code)
        if person is None:
            made = Person(id=new_id(), version=1, login=None, **{"active": True, **facts})
            made.sort_key = key(made.name)
            session.add(made)
            kept.append(Kept(made))
        else:
            before = person.state()
            _set(person, without_substitute_where_moved(person, facts), row)
            person.sort_key = key(person.name)
            kept.append(Kept(person, before))
    return kept


def _set(entry: Unit | Person, facts: Mapping[str, Any], row: Row) -> None:
    for name, value in facts.items():
        setattr(entry, name, value)
    entry.version += row.known is not None


def _without(facts: Facts, *names: str) -> Facts:
    return {name: value for name, value in facts.items() if name not in names}


def _stored(sheet: ReadSheet) -> dict[str, Any]:
    return {
        "name": sheet.name, "columns": list(sheet.columns), "unknown": list(sheet.unknown),
        "lines": list(map(stored_line, sheet.lines)),
    }  # fmt: skip


def _short(name: str) -> str:
    shown = "".join(letter for letter in name if letter.isprintable())
    return shown[-255:] or "danh-ba.xlsx"
