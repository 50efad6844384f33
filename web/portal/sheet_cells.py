"""Two people in one row of a sheet: what one alone changed is put together, the rest is shown.

A form sends beside each cell what stood in it before (`was_points`): of what was there, what this
person typed, and what somebody else has stored meanwhile, it follows whose cell is whose.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from portal import format as formats
from portal.forms import number, text
from portal.problems import AmbiguousNumber

WAS = "was_"
RATE = frozenset({"done", "due"})
"""One thing in two cells: one person's numerator over the other's denominator is nobody's rate."""
_NUMBERS = RATE | {"points"}
_BODY = {
    "points": "self_score", "done": "self_done", "due": "self_due", "note": "self_note",
    "not_applicable_reason": "not_applicable_reason",
}  # fmt: skip
_RATED = {"done": "appraised_done", "due": "appraised_due"}
_DECIDED = {"not_applicable_accepted": "not_applicable_accepted"}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "opened": _BODY,
    "self_scoring": _BODY,
    "locked": {
        "points": "appraised_1", **_RATED, "note": "appraisal_note", "question": "question",
        **_DECIDED,
    },
    "explaining": {"answer": "answer"},
    "explained": {"points": "appraised_2", **_RATED, "note": "appraisal_note_2", **_DECIDED},
}  # fmt: skip
"""Which field of a row stands in which cell, by how far the sheet has come."""


@dataclass(frozen=True)
class Meeting:
    """Where two people met in a row. `stored`: what each of its cells holds now, as it reads.

    `mine`: the cells that this person changed; `both`: those of them that the other changed, too.
    `by`: who changed the row last.
    """

    stored: Mapping[str, str]
    mine: frozenset[str]
    both: frozenset[str]
    by: str = ""

    @property
    def cells(self) -> str:
        """Return what is stored as `sheet.js` reads it."""
        return json.dumps(self.stored, ensure_ascii=False)

    def own(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return what of a form goes to the service: one's own cells, a rate whole."""
        mine = self.mine | RATE if self.mine & RATE else self.mine
        own = {name: value for name, value in body.items() if name in mine}
        return {**own, "round": body["round"]} if own and "round" in body else own


def fields_of(state: str) -> Mapping[str, str]:
    """Return which field of a row stands in which of its cells."""
    return _FIELDS.get(state, {})


def stored_cells(row: Mapping[str, Any], state: str, language: str) -> dict[str, str]:
    """Return what the cells of a row hold, as its page writes it."""
    fields = fields_of(state)
    unknown = row.get(fields.get("points", "")) is None
    left = RATE if unknown else frozenset[str]()  # the other round's rate is not this one's
    return {
        name: "" if name in left else _read(name, row.get(field), language)
        for name, field in fields.items()
    }


def _read(name: str, value: Any, language: str) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if value is None:
        return ""
    return formats.exact(value, language) if name == "points" else str(value)


def meet(form: FormData, stored: Mapping[str, str]) -> Meeting:
    """Tell whose cell is whose. A form that does not say what stood there has changed them all."""
    ticked = {"not_applicable_accepted"} if "decides" in form else set()
    names = [name for name in stored if name in form or WAS + name in form or name in ticked]
    mine = {name for name in names if not _same(name, text(form, name), _was(form, name))}
    theirs = {name for name in names if not _same(name, stored[name], _was(form, name))}
    both = {name for name in mine & theirs if not _same(name, text(form, name), stored[name])}
    if mine & RATE and theirs & RATE:
        both |= {name for name in RATE if not _same(name, text(form, name), stored.get(name, ""))}
    return Meeting(stored, frozenset(mine), frozenset(both))


def _was(form: FormData, name: str) -> str | None:
    return text(form, WAS + name) if WAS + name in form else None


def _same(name: str, one: str, other: str | None) -> bool:
    return other is not None and _plain(name, one) == _plain(name, other)


def _plain(name: str, written: str) -> object:
    """Return what a cell says: 0,50 says 0,5; what is no number says itself."""
    if name not in _NUMBERS:
        return written
    try:
        found = formats.number(number(FormData({name: written}), name))
    except AmbiguousNumber:
        found = None
    return written if found is None else found
