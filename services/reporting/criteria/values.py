"""A value of a criteria set as a cell shows it, and what a cell says as a value."""

import re
from collections.abc import Mapping, MutableMapping
from decimal import Decimal, InvalidOperation
from typing import Any

from chassis.rules import WrongValue
from chassis.words import N_, Sentence
from reporting.criteria.columns import Column

_NO_NUMBER = N_("“{value}” không phải là số; ghi như 1,5 hoặc 80%")
_TWO_WAYS = N_("“{value}” đọc được hai cách; hãy ghi {decimal} hoặc {thousands}")
_NO_WHOLE = N_("“{value}” không phải là số nguyên; ghi như 2025")
_NO_WORD = N_("“{value}” không dùng được ở cột “{heading}”; chọn một trong: {choices}")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
_SHOWN = 40  # characters of a wrong value that are repeated


def show(column: Column, value: Any) -> str:
    """Return what stands in the cell of a value, as JSON has it; None: a blank cell."""
    if value is None:
        return ""
    if column.kind == "number":
        return f"{Decimal(str(value)).normalize():f}".replace(".", ",")
    if column.kind == "lines":
        return "\n".join(value)
    if column.kind == "choice":
        return next(word for word, code in column.words.items() if code == value)
    return str(value)


def read(column: Column, cell: str) -> Any:
    """Return the value of a cell that is not blank. Raises WrongValue, naming what is right."""
    if column.kind == "number":
        return _number(cell)
    if column.kind == "whole":
        if not re.fullmatch(r"\d{1,9}", cell):
            raise WrongValue(Sentence(_NO_WHOLE, {"value": cell[:_SHOWN]}))
        return int(cell)
    if column.kind == "lines":
        return [line.strip() for line in cell.split("\n") if line.strip()]
    if column.kind == "choice":
        return _word(column, cell)
    return cell


def read_two_ways(digits: str) -> Sentence | None:
    """Return what is said of 1.000, to some a thousand and to others one; None: it is not one."""
    if not _AMBIGUOUS.fullmatch(digits):
        return None
    facts = {"decimal": digits.replace(".", ","), "thousands": digits.replace(".", "")}
    return Sentence(_TWO_WAYS, {"value": digits, **facts})


def _number(cell: str) -> str:
    """Return a number digit by digit, as it was written; 80% is 0.8."""
    plain = cell.replace(" ", "")
    percent = plain.endswith("%")
    digits = plain.removesuffix("%")
    if not _NUMBER.fullmatch(digits):
        raise WrongValue(Sentence(_NO_NUMBER, {"value": cell[:_SHOWN]}))
    if said := read_two_ways(digits):
        raise WrongValue(said)
    try:
        number = Decimal(digits.replace(",", "."))
    except InvalidOperation:
        raise WrongValue(Sentence(_NO_NUMBER, {"value": cell[:_SHOWN]})) from None
    return f"{number / 100 if percent else number:f}"


def _word(column: Column, cell: str) -> object:
    known = {word.casefold(): code for word, code in column.words.items()}
    if cell.casefold() not in known:
        facts = {
            "value": cell[:_SHOWN], "heading": column.heading, "choices": "; ".join(column.words),
        }  # fmt: skip
        raise WrongValue(Sentence(_NO_WORD, facts))
    return known[cell.casefold()]


def at(data: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path like `rule.floor`, or None."""
    here: Any = data
    for step in path.split("."):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here


def put(data: MutableMapping[str, Any], path: str, value: Any) -> None:
    """Set what stands at a path, with the parts on the way to it."""
    *parents, last = path.split(".")
    here = data
    for step in parents:
        here = here.setdefault(step, {})
    here[last] = value
