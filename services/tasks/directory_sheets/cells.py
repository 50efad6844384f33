"""The columns of the two sheets: how a cell is read, and how a value stands in one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chassis.entered import mail_address, readable
from chassis.rules import WrongValue
from chassis.words import N_, Sentence
from tasks.directory_sheets import vocabulary as words
from tasks.words import key, tidy

SheetName = Literal["units", "people"]
LONGEST = 300  # characters of a name
MOST_NAMES = 30
HIGHEST_PLACE = 100_000

BLANK = N_("Ô trống: hãy ghi {heading}")
TOO_LONG = N_("Dài {count} ký tự: tối đa {most}")
NOT_ONE_OF = N_("«{value}» không dùng được: hãy chọn một trong: {choices}")
NO_NUMBER = N_("«{value}» không phải số thứ tự: hãy ghi một số từ 0 đến 100000")
TOO_MANY = N_("Có {count} tên: tối đa {most}")


@dataclass(frozen=True)
class Field:
    """A column. `choices`: by code, the only words a cell may hold. `needed`: never blank.

    `read` raises WrongValue; `show` is what stands in the cell.
    """

    name: str
    heading: str
    width: int
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    choices: Mapping[Any, str] | None = None
    needed: bool = True


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook. `identity`: the column by which an entry is recognised."""

    name: SheetName
    title: str
    identity: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Return the column of a name."""
        return next(each for each in self.fields if each.name == name)


def _line(cell: str) -> str:
    if len(cell) > LONGEST:
        raise WrongValue(Sentence(TOO_LONG, {"count": len(cell), "most": LONGEST}))
    return readable(cell)


def names_in(cell: str) -> list[str]:
    """Return the names of a cell: one a line, or with semicolons between."""
    parts = (part.strip() for part in cell.replace(";", "\n").split("\n"))
    found = list(dict.fromkeys(part for part in parts if part))
    if len(found) > MOST_NAMES:
        raise WrongValue(Sentence(TOO_MANY, {"count": len(found), "most": MOST_NAMES}))
    return [_line(each) for each in found]


def _place(cell: str) -> int:
    if not cell.isdecimal() or len(cell) > len(str(HIGHEST_PLACE)) or int(cell) > HIGHEST_PLACE:
        raise WrongValue(Sentence(NO_NUMBER, {"value": cell}))
    return int(cell)


def _one_of(choices: Mapping[Any, str]) -> Callable[[str], Any]:
    known = {key(word): code for code, word in choices.items()}
    known |= {key(str(code)): code for code in choices if isinstance(code, str)}

    def read(cell: str) -> Any:
        if key(cell) not in known:
            facts = {"value": cell, "choices": "; ".join(choices.values())}
            raise WrongValue(Sentence(NOT_ONE_OF, facts))
        return known[key(cell)]

    return read


def _text(name: str, heading: str, width: int, *, needed: bool = True) -> Field:
    return Field(name, heading, width, _line, lambda value: value or "", needed=needed)


def _names(name: str, heading: str) -> Field:
    return Field(name, heading, 40, names_in, "\n".join, needed=False)


def _choice(
    name: str, heading: str, width: int, choices: Mapping[Any, str], *, needed: bool = True
) -> Field:
    return Field(name, heading, width, _one_of(choices), choices.__getitem__, choices, needed)


_ACTIVE = {True: words.YES, False: words.NO}
UNITS = Sheet(
    "units", words.UNITS, "code",
    (
        _text("code", words.CODE, 14),
        _text("name", words.NAME, 44),
        _choice("kind", words.KIND, 22, words.KINDS),
        _text("parent", words.PARENT, 18, needed=False),
        _names("former_names", words.FORMER_NAMES),
        _names("aliases", words.ALIASES),
        Field("sort_order", words.SORT_ORDER, 9, _place, str, needed=False),
        _choice("active", words.UNIT_ACTIVE, 15, _ACTIVE, needed=False),
    ),
)  # fmt: skip
PEOPLE = Sheet(
    "people", words.PEOPLE, "employee_code",
    (
        _text("employee_code", words.EMPLOYEE_CODE, 18),
        _text("name", words.PERSON_NAME, 34),
        _text("post", words.POST, 38),
        _choice("role", words.ROLE, 20, words.ROLES),
        Field("email", words.EMAIL, 34, mail_address, str),
        _text("unit", words.UNIT, 20),
        _choice("active", words.PERSON_ACTIVE, 15, _ACTIVE, needed=False),
    ),
)  # fmt: skip
SHEETS: dict[SheetName, Sheet] = {"units": UNITS, "people": PEOPLE}
UNSAID = {"sort_order", "active"}
"""Columns in which a blank cell says nothing: what is there stays."""


def read_cell(field: Field, cell: str) -> Any:
    """Return what a cell says. Raises WrongValue, naming what would be right."""
    written = tidy(cell)
    if written:
        return field.read(written)
    if field.needed:
        raise WrongValue(Sentence(BLANK, {"heading": field.heading}))
    return [] if field.read is names_in else None


def as_read(field: Field, value: Any) -> Any:
    """Return a stored value as its cell would be read: two that look alike are one."""
    return read_loosely(field, "" if value is None else field.show(value))


def read_loosely(field: Field, cell: str) -> Any:
    """Return what a cell says, or its bare text where that can be no value: to compare with."""
    try:
        return read_cell(field, cell)
    except WrongValue:
        return tidy(cell)
