"""What a workbook would do to the directory: line by line new, changed, unchanged or wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chassis.rules import WrongValue
from chassis.words import N_, Sentence
from tasks.directory_sheets.cells import (
    SHEETS,
    UNSAID,
    Field,
    Sheet,
    SheetName,
    as_read,
    read_cell,
)
from tasks.directory_sheets.lines import Line, ReadSheet
from tasks.words import key

Outcome = Literal["new", "changed", "unchanged", "wrong"]
Facts = dict[str, Any]

TWICE = N_("Mã «{code}» đã có ở dòng {line}: mỗi mã một dòng")
NO_UNIT = N_("Không có đơn vị mã «{code}»: hãy ghi mã của một đơn vị trong danh bạ hoặc trong tệp")
CLOSED_UNIT = N_("Đơn vị mã «{code}» đã ngừng hoạt động: hãy ghi đơn vị khác")
BELOW_ITSELF = N_("Đơn vị này nằm dưới chính nó: hãy ghi đơn vị cấp trên khác")
NAME_OF_GROUP = N_("«{name}» là tên của một nhóm đơn vị: hãy ghi tên khác, hoặc đổi tên nhóm")
MAIL_TAKEN = N_("Địa chỉ «{email}» là của {code}: mỗi người một địa chỉ")


@dataclass(frozen=True)
class Change:
    """A fact that the file has otherwise. Values as cells show them."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Wrong:
    """A cell that cannot be. `cell`: its place, as Excel calls it."""

    cell: str
    field: str
    value: str
    sentence: Sentence


@dataclass
class Row:
    """One line, and what confirming does with it. `facts`: what is stored of it."""

    sheet: SheetName
    line: int
    code: str
    name: str
    facts: Facts
    known: Facts | None
    places: Mapping[str, str]
    changes: list[Change] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """What becomes of it."""
        if self.wrong:
            return "wrong"
        if self.known is None:
            return "new"
        return "changed" if self.changes else "unchanged"

    @property
    def ends(self) -> bool:
        """Whether it closes a unit or lets a person leave."""
        was = self.known is not None and self.known["active"]
        return bool(was) and self.facts.get("active") is False

    def refuse(self, column: str, template: str, /, **facts: object) -> None:
        """Say what is wrong about a cell."""
        value = shown(SHEETS[self.sheet].field(column), self.facts.get(column))
        place = self.places.get(column, "")
        self.wrong.append(Wrong(place, column, value, Sentence(template, facts)))


@dataclass(frozen=True)
class Known:
    """The directory as it stands, by code; facts go by the names of columns.

    `group_names`: folded, of groups of units.
    """

    units: Mapping[str, Facts]
    people: Mapping[str, Facts]
    group_names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Compared:
    """All lines, and the codes of what is at work in the directory and not in the file."""

    rows: list[Row]
    absent: dict[SheetName, list[str]]


def compare(sheets: Iterable[ReadSheet], known: Known) -> Compared:
    """Return what each line would do, and what the file does not name."""
    rows: list[Row] = []
    absent: dict[SheetName, list[str]] = {}
    for sheet in sheets:
        there = known.units if sheet.name == "units" else known.people
        read = [_row(sheet, line, there) for line in sheet.lines]
        _check_once(read)
        rows += read
        named = {row.code for row in read}
        absent[sheet.name] = [
            code for code, facts in there.items() if facts["active"] and code not in named
        ]
    units = [row for row in rows if row.sheet == "units"]
    _check_units(units, known)
    _check_people([row for row in rows if row.sheet == "people"], units, known)
    return Compared(rows, absent)


def _row(read: ReadSheet, line: Line, there: Mapping[str, Facts]) -> Row:
    sheet = SHEETS[read.name]
    facts, wrong = _facts(sheet, line)
    code = str(facts.get(sheet.identity) or "")
    known = there.get(code)
    if known is not None and "former_names" in facts:  # a file adds to them, and takes none away
        kept = as_read(sheet.field("former_names"), known["former_names"])
        facts["former_names"] = list(dict.fromkeys([*kept, *facts["former_names"]]))
    row = Row(
        sheet.name, line.number, code, str(facts.get("name") or ""), facts, known, line.places,
        wrong=wrong,
    )  # fmt: skip
    if known is not None:
        row.changes = [
            Change(each.name, shown(each, known[each.name]), shown(each, facts[each.name]))
            for each in sheet.fields
            if each.name in facts and facts[each.name] != as_read(each, known[each.name])
        ]
    return row


def shown(column: Field, value: Any) -> str:
    """Return a value as its cell shows it; nothing is an empty cell."""
    return "" if value is None else column.show(value)


def _facts(sheet: Sheet, line: Line) -> tuple[Facts, list[Wrong]]:
    facts: Facts = {}
    wrong: list[Wrong] = []
    for column in sheet.fields:
        if column.name not in line.cells:
            continue
        cell, place = line.cells[column.name], line.places[column.name]
        if cell.lost:
            wrong.append(Wrong(place, column.name, cell.text, cell.lost))
            continue
        if not cell.text and column.name in UNSAID:
            continue
        try:
            facts[column.name] = read_cell(column, cell.text)
        except WrongValue as refused:
            wrong.append(Wrong(place, column.name, cell.text, refused.sentence))
    return facts, wrong


def _check_once(rows: Sequence[Row]) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        if row.code and (before := first.setdefault(row.code, row)) is not row:
            identity = SHEETS[row.sheet].identity
            row.refuse(identity, TWICE, code=row.code, line=before.line)


def _after(rows: Sequence[Row], there: Mapping[str, Facts]) -> dict[str, Facts]:
    """Return the entries as they will be, by code: of what is wrong, as it is."""
    found = {code: dict(facts) for code, facts in there.items()}
    for row in rows:
        if not row.wrong:
            usual = {"active": True, "parent": None}
            found[row.code] = {**usual, **found.get(row.code, {}), **row.facts}
    return found


def _check_units(rows: Sequence[Row], known: Known) -> None:
    for row in rows:
        given = [row.facts.get("name") or "", row.code, *row.facts.get("aliases", [])]
        for name in (*given, *row.facts.get("former_names", [])):
            if key(name) in known.group_names:
                row.refuse("name", NAME_OF_GROUP, name=name)
    _until_stable(rows, lambda: _check_parents(rows, _after(rows, known.units)))


def _check_parents(rows: Sequence[Row], after: Mapping[str, Facts]) -> None:
    for row in rows:
        parent = row.facts.get("parent")
        if row.wrong or parent is None:
            continue
        if parent not in after:
            row.refuse("parent", NO_UNIT, code=parent)
        elif _is_below(row.code, parent, after):
            row.refuse("parent", BELOW_ITSELF)


def _is_below(code: str, parent: str | None, after: Mapping[str, Facts]) -> bool:
    seen: set[str] = set()
    while parent is not None and parent not in seen:
        if parent == code:
            return True
        seen.add(parent)
        parent = after[parent].get("parent") if parent in after else None
    return False


def _check_people(rows: Sequence[Row], units: Sequence[Row], known: Known) -> None:
    after = _after(units, known.units)
    holders = {str(facts["email"]).lower(): code for code, facts in known.people.items()}
    for row in rows:
        if not row.wrong:
            _check_person(row, after, holders)


def _check_person(row: Row, units: Mapping[str, Facts], holders: dict[str, str]) -> None:
    unit, now = row.facts.get("unit"), row.known or {}
    staying = unit == now.get("unit") or row.facts.get("active") is False
    if unit is not None and unit not in units:
        row.refuse("unit", NO_UNIT, code=unit)
    elif unit is not None and not units[unit]["active"] and not staying:
        row.refuse("unit", CLOSED_UNIT, code=unit)
    email = str(row.facts.get("email", now.get("email", "")))
    if holders.setdefault(email.lower(), row.code) != row.code:
        row.refuse("email", MAIL_TAKEN, email=email, code=holders[email.lower()])


def _until_stable(rows: Sequence[Row], check: Callable[[], None]) -> None:
    """Check again while lines turn wrong: what stands below a wrong unit has no unit above it."""
    wrong = -1
    while wrong != (wrong := sum(bool(row.wrong) for row in rows)):
        check()
