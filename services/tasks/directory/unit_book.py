"""Units by the names people write: full, old, short, several in one cell, or "all of them"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal
from uuid import UUID

from contracts.tasks import UnitKind
from tasks.directory import vocabulary
from tasks.words import fold, key, pattern, tidy


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit as the directory knows it. `aliases`: old names and short forms, as written."""

    unit_id: UUID
    code: str
    name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    active: bool = True
    sort_order: int = 0


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """Units that an administrator put together, under every name that plans give them."""

    names: tuple[str, ...]
    unit_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """A piece of a cell that names no unit for sure.

    `unknown`: no such name, `nearest` lists those that look like it. `group`: "các đơn vị có liên
    quan", or a group's name that a unit bears too: a person says who is meant. `closed`: the unit
    is no longer active.
    """

    problem: Literal["unknown", "group", "closed"]
    text: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """What a cell names, in its order, each unit once. `everyone`: a group word was expanded."""

    units: tuple[KnownUnit, ...] = ()
    problems: tuple[UnitProblem, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """One name, group word or unknown text of a cell, and where it ends."""

    end: int
    units: tuple[KnownUnit, ...] = ()
    problem: UnitProblem | None = None
    group: bool = False


# Group words and who is meant; None: the words do not tell.
_ALL: frozenset[UnitKind] = frozenset({"office", "room", "centre"})
_ROOMS: frozenset[UnitKind] = frozenset({"room"})
_CENTRES: frozenset[UnitKind] = frozenset({"centre"})
_GROUPS = (
    (pattern(vocabulary.ALL_UNITS), _ALL),
    (pattern(vocabulary.ALL_ROOMS), _ROOMS),
    (pattern(vocabulary.ALL_CENTRES), _CENTRES),
    (pattern(vocabulary.SOME_UNITS), None),
    (pattern(vocabulary.UNITS_CONCERNED), None),
)
_GROUP_START = pattern(vocabulary.START_OF_GROUP)

_GAP_IN_NAME = r"(?:\s*[,\-&.]\s*|\s+)"
_END_OF_NAME = r"(?=\s*(?:[;,\n/+&.]|va |$))"
_SEPARATOR = re.compile(r"\s*[;,\n/+&.]\s*(?:va )?|\s+va ")
# Separators, bullets and numbers of a list between two names.
_NOTHING = re.compile(r"(?:[\s;,/+&.\-•*]|(?:^|(?<=\n))(?:\d{1,2}[.)]|[a-e]\)) )*(?:va )?")


class UnitBook:
    """The directory's units, found by any of their names. A name two units share finds neither.

    Nor does a name of a group and of a unit: a person is asked.
    """

    def __init__(self, units: Iterable[KnownUnit], groups: Iterable[KnownGroup] = ()) -> None:
        """Index the names; the longest are tried first, since names contain commas and "và"."""
        self.units = tuple(sorted(units, key=lambda unit: (unit.sort_order, unit.code)))
        self._names = _index(self.units)
        self._groups = {key(name): group for group in groups for name in group.names}
        longest_first = sorted({*self._names, *self._groups} - {""}, key=len, reverse=True)
        names = "|".join(_GAP_IN_NAME.join(map(re.escape, name.split())) for name in longest_first)
        self._known = re.compile(f"(?:{names or '(?!)'}){_END_OF_NAME}")

    def match(self, cell: str) -> UnitMatch:
        """Read a cell. Blank names nobody, which is allowed for coordinating units."""
        pieces = tuple(self._pieces(tidy(cell)))
        units = {unit.unit_id: unit for piece in pieces for unit in piece.units}
        return UnitMatch(
            tuple(units.values()),
            tuple(piece.problem for piece in pieces if piece.problem),
            everyone=any(piece.group for piece in pieces),
        )

    def mentions(self, text: str) -> bool:
        """Say whether a text names a unit below the department, by a name of several words."""
        said = f" {key(text)} "
        names = (name for name, unit in self._names.items() if unit.kind != "department")
        return any(" " in name and f" {name} " in said for name in names)

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return up to three names of active units that look like the text."""
        close = get_close_matches(key(text), self._names, n=6, cutoff=0.7)
        names = dict.fromkeys(self._names[name].name for name in close if self._names[name].active)
        return tuple(names)[:3]

    def _pieces(self, text: str) -> Iterator[_Piece]:
        folded, at = fold(text), 0
        while (at := _after_separators(folded, at)) < len(folded):
            piece = self._name(text, folded, at) or self._group(text, folded, at)
            piece = piece or self._unknown(text, folded, at)
            at = piece.end
            yield piece

    def _name(self, text: str, folded: str, at: int) -> _Piece | None:
        match = self._known.match(folded, at)
        if not match:
            return None
        named = key(match[0])
        words, group, unit = text[at : match.end()], self._groups.get(named), self._names.get(named)
        if group:
            members = tuple(u for u in self.units if u.active and u.unit_id in group.unit_ids)
            if unit or not members:
                return _Piece(match.end(), problem=UnitProblem("group", words))
            return _Piece(match.end(), members, group=True)
        if unit and unit.active:
            return _Piece(match.end(), (unit,))
        return _Piece(match.end(), problem=UnitProblem("closed", words))

    def _group(self, text: str, folded: str, at: int) -> _Piece | None:
        """Take the longest stretch that is a group word; commas and "và" may stand inside it."""
        start = _GROUP_START.match(folded, at)
        if not start:
            return None
        inner = [gap.start() for gap in _SEPARATOR.finditer(folded, at, start.end())]
        for end in (start.end(), *reversed(inner)):
            for words, kinds in _GROUPS:
                if words.fullmatch(key(folded[at:end])):
                    return self._expand(end, kinds, text[at:end])
        return None

    def _expand(self, end: int, kinds: frozenset[UnitKind] | None, words: str) -> _Piece:
        if kinds is None:
            return _Piece(end, problem=UnitProblem("group", words))
        return _Piece(end, tuple(u for u in self.units if u.active and u.kind in kinds), group=True)

    def _unknown(self, text: str, folded: str, at: int) -> _Piece:
        """Go on to the next ; or line break, or to a separator with a name or group word behind."""
        end = len(folded)
        for gap in _SEPARATOR.finditer(folded, at + 1):
            behind = gap.end()
            known = self._known.match(folded, behind) or _GROUP_START.match(folded, behind)
            if known or {";", "\n"} & set(gap[0]):
                end = gap.start()
                break
        words = text[at:end].strip()
        return _Piece(end, problem=UnitProblem("unknown", words, self.nearest(words)))


def _after_separators(folded: str, at: int) -> int:
    match = _NOTHING.match(folded, at)
    return match.end() if match else at


def _index(units: Iterable[KnownUnit]) -> dict[str, KnownUnit]:
    """A unit that was closed leaves its names to the one that took them over."""
    names: dict[str, KnownUnit] = {}
    shared: set[str] = set()
    for unit in sorted(units, key=lambda unit: not unit.active):
        for name in names_of(unit.name, unit.code, *unit.aliases):
            first = names.setdefault(name, unit)
            if first is not unit and first.active == unit.active:
                shared.add(name)
    return {name: unit for name, unit in names.items() if name not in shared}


def names_of(*written: str) -> set[str]:
    """Return a unit's names folded, also with P. for Phòng, TT for Trung tâm, VP for Văn phòng."""
    names = {key(name) for name in written}
    shorts = {"phong ": "p ", "trung tam ": "tt ", "van phong ": "vp "}
    names |= {
        short + name.removeprefix(long)
        for name in names
        for long, short in shorts.items()
        if name.startswith(long)
    }
    return names - {""}
