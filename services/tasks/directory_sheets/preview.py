"""A read workbook beside the directory as it stands now."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.directory.models import Person, Unit, UnitGroup
from tasks.directory_sheets.cells import SHEETS
from tasks.directory_sheets.comparing import Compared, Facts, Known, compare
from tasks.directory_sheets.lines import ReadSheet, line_of
from tasks.directory_sheets.models import DirectoryImport
from tasks.words import key


@dataclass(frozen=True)
class Standing:
    """The directory as it is: entries by code, and as the columns of a workbook say them."""

    units: dict[str, Unit]
    people: dict[str, Person]
    known: Known


async def standing(session: AsyncSession, *, lock: bool = False) -> Standing:
    """Return the directory; locked, nobody changes it before this transaction ends."""
    statement = select(Unit).order_by(Unit.sort_order, Unit.id)
    everybody = select(Person).order_by(Person.sort_key, Person.id)
    if lock:
        statement, everybody = statement.with_for_update(), everybody.with_for_update()
    units = {unit.code: unit for unit in await session.scalars(statement)}
    people = {each.employee_code: each for each in await session.scalars(everybody)}
    codes = {unit.id: code for code, unit in units.items()}
    groups = await session.scalars(select(UnitGroup))
    known = Known(
        {code: _of_unit(unit, codes) for code, unit in units.items()},
        {code: _of_person(person, codes) for code, person in people.items()},
        frozenset(key(name) for group in groups for name in (group.name, *group.aliases)),
    )
    return Standing(units, people, known)


def _of_unit(unit: Unit, codes: dict[Any, str]) -> Facts:
    facts = {each.name: getattr(unit, each.name, None) for each in SHEETS["units"].fields}
    return {**facts, "parent": codes.get(unit.parent_id)}


def _of_person(person: Person, codes: dict[Any, str]) -> Facts:
    facts = {each.name: getattr(person, each.name, None) for each in SHEETS["people"].fields}
    return {**facts, "unit": codes[person.unit_id]}


def compared(stored: DirectoryImport, there: Standing) -> Compared:
    """Return what confirming would do now."""
    sheets = [
        ReadSheet(
            sheet["name"], tuple(sheet["columns"]), tuple(map(line_of, sheet["lines"])),
            tuple(sheet["unknown"]),
        )
        for sheet in stored.sheets
    ]  # fmt: skip
    return compare(sheets, there.known)


def digest_of(found: Compared) -> str:
    """Name what was shown: what is confirmed is that, or the confirmation is refused."""
    said = [
        [row.sheet, row.line, row.outcome, [asdict(change) for change in row.changes]]
        for row in found.rows
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]
