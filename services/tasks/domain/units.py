"""Units by the names people write: full, old, short, several in one cell, or "all of them"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal
from uuid import UUID

from contracts.tasks import UnitKind
from tasks.domain.text import fold, key, tidy


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the directory knows it. `aliases`: old names and short forms, as written."""

    unit_id: UUID
    code: str
    name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    active: bool = True
    sort_order: int = 0


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """A piece of a cell that names no unit for sure.

    `unknown`: no such name, `nearest` lists those that look like it. `group`: "các đơn vị có liên
    quan", which only a person can expand. `closed`: the unit is no longer active.
    """

    problem: Literal["unknown", "group", "closed"]
    text: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """What a cell names, in its order, each unit once. `everyone`: a group word was expanded."""

    units: tuple[Unit, ...] = ()
    problems: tuple[UnitProblem, ...] = ()
    everyone: bool = False


# Group words, folded: who is meant. None: nobody can tell from the words.
_ALL: frozenset[UnitKind] = frozenset({"office", "room", "centre"})
_OF_DEPARTMENT = r"(?: (?:truc )?thuoc so(?: noi vu)?)?"
_EVERY = r"(?:tat ca |toan the )?(?:cac )?"
_ROOMS, _CENTRES = r"phong(?: chuyen mon)?", r"(?:don vi|trung tam)(?: su nghiep)?"
_GROUPS: tuple[tuple[re.Pattern[str], frozenset[UnitKind] | None], ...] = tuple(
    (re.compile(pattern), kinds)
    for pattern, kinds in (
        (r"cac (?:\w+ )*(?:co )?lien quan", None),
        (_EVERY + rf"{_ROOMS}(?: ban)?(?: va)?(?: cac)? {_CENTRES}" + _OF_DEPARTMENT, _ALL),
        (r"cac phong chuyen mon" + _OF_DEPARTMENT, frozenset[UnitKind]({"room"})),
        (r"cac (?:don vi|trung tam) su nghiep" + _OF_DEPARTMENT, frozenset[UnitKind]({"centre"})),
    )
)
_GROUP_TEXT = re.compile(r"(?:tat ca |toan the )?cac [^;\n]*")  # a group word may hold commas itself

_SEPARATOR = re.compile(r"[\s;,/+&.]+(?:va )?|va ")
_END = r"(?=\s*(?:[;,\n/+&.]|va |$))"
_WORD_GAP = r"(?:\s*[,\-&]\s*|\s+)"


@dataclass(slots=True)
class UnitBook:
    """The directory's units, found by any of their names. Names of two units find neither."""

    units: tuple[Unit, ...]
    _names: dict[str, Unit] = field(init=False)
    _known: re.Pattern[str] = field(init=False)

    def __init__(self, units: Iterable[Unit]) -> None:
        """Index the names; the longest are tried first, since names contain commas and "và"."""
        self.units = tuple(sorted(units, key=lambda unit: (unit.sort_order, unit.code)))
        self._names = _index(self.units)
        longest_first = sorted(self._names, key=len, reverse=True)
        names = "|".join(_WORD_GAP.join(map(re.escape, name.split())) for name in longest_first)
        self._known = re.compile(f"(?:{names or '(?!)'}){_END}")

    def match(self, cell: str) -> UnitMatch:
        """Read a cell. Blank names nobody, which is allowed for coordinating units."""
        text = tidy(cell)
        folded = fold(text)
        units: dict[UUID, Unit] = {}
        problems: list[UnitProblem] = []
        everyone, at = False, _skip(folded, 0)
        while at < len(folded):
            end, found, problem = self._next(text, folded, at)
            units |= {unit.unit_id: unit for unit in found}
            problems += [problem] if problem else []
            everyone = everyone or len(found) > 1
            at = _skip(folded, end)
        return UnitMatch(tuple(units.values()), tuple(problems), everyone)

    def _next(
        self, text: str, folded: str, at: int
    ) -> tuple[int, tuple[Unit, ...], UnitProblem | None]:
        """Take one name, group word or unknown piece; return where it ends and what it is."""
        if match := self._known.match(folded, at):
            unit = self._names[key(match[0])]
            said = text[at : match.end()]
            closed = None if unit.active else UnitProblem("closed", said)
            return match.end(), (unit,) if unit.active else (), closed
        if group := self._group(folded, at):
            end, kinds = group
            if kinds is None:
                return end, (), UnitProblem("group", text[at:end])
            return end, tuple(u for u in self.units if u.active and u.kind in kinds), None
        end = self._unknown_until(folded, at)
        piece = text[at:end].strip()
        return end, (), UnitProblem("unknown", piece, self.nearest(piece))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return up to three names of active units that look like the text."""
        close = get_close_matches(key(text), self._names, n=6, cutoff=0.6)
        names = dict.fromkeys(self._names[name].name for name in close if self._names[name].active)
        return tuple(names)[:3]

    def _group(self, folded: str, at: int) -> tuple[int, frozenset[UnitKind] | None] | None:
        """Match a group word: the longest stretch that is one, trying commas and "và" as its ends."""
        whole = _GROUP_TEXT.match(folded, at)
        if not whole:
            return None
        ends = [whole.end(), *(m.start() for m in _SEPARATOR.finditer(folded, at, whole.end()))]
        for end in sorted(ends, reverse=True):
            for pattern, kinds in _GROUPS:
                if pattern.fullmatch(key(folded[at:end])):
                    return end, kinds
        return None

    def _unknown_until(self, folded: str, at: int) -> int:
        """End an unknown piece at ; or a line break, or where a known name follows a separator."""
        for separator in _SEPARATOR.finditer(folded, at):
            hard = ";" in separator[0] or "\n" in separator[0]
            if hard or self._known.match(folded, separator.end()):
                return max(separator.start(), at + 1)
        return len(folded)


def _skip(folded: str, at: int) -> int:
    match = _SEPARATOR.match(folded, at)
    return match.end() if match else at


def _index(units: Iterable[Unit]) -> dict[str, Unit]:
    names: dict[str, Unit] = {}
    shared: set[str] = set()
    for unit in units:
        for name in _names_of(unit):
            if names.setdefault(name, unit) is not unit:
                shared.add(name)
    return {name: unit for name, unit in names.items() if name not in shared}


def _names_of(unit: Unit) -> set[str]:
    """Return every folded name, with "P." for Phòng and "TT" for Trung tâm."""
    names = {key(name) for name in (unit.name, unit.code, *unit.aliases)}
    shorts = {"phong ": "p ", "trung tam ": "tt ", "van phong ": "vp "}
    names |= {
        short + name.removeprefix(long)
        for name in names
        for long, short in shorts.items()
        if name.startswith(long)
    }
    return names - {""}
