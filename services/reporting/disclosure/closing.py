"""What the figures of a closed round show: exact, but nobody's few last ballots."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from reporting.disclosure.thresholds import FINER, is_few


@dataclass(frozen=True, slots=True)
class Joining:
    """A unit at closing: ballots its figure stood on, and those that join or leave it now."""

    before: int
    joining: int
    leaving: int = 0

    @property
    def total(self) -> int:
        """All of its counted ballots."""
        return self.before + self.joining - self.leaving

    @property
    def changed(self) -> int:
        """Ballots by which the exact figure differs from the last one."""
        return self.joining + self.leaving


@dataclass(frozen=True, slots=True)
class Split:
    """Whose figure is exact, who keeps the last one shown, who is hidden."""

    exact: frozenset[UUID]
    keeping: frozenset[UUID]
    hidden: frozenset[UUID]


def split(units: Mapping[UUID, Joining]) -> Split:
    """Decide over units at closing.

    - A unit with fewer than 10 ballots is hidden.
    - One whose ballots change by fewer than 10 keeps its last figure: the new one would tell them.
    - What a reader gets by subtracting all exact units from the department is the hidden ones and
      those few together. Are they fewer than 10, the smallest exact unit is hidden, too.
    """
    hidden = {unit for unit, each in units.items() if each.total < FINER}
    keeping = {
        unit for unit, each in units.items()
        if unit not in hidden and is_few(each.changed) and each.before >= FINER
    }  # fmt: skip
    chosen = Split(
        frozenset(units.keys() - hidden - keeping), frozenset(keeping), frozenset(hidden)
    )
    unseen = sum(units[u].total for u in hidden) + sum(units[u].changed for u in keeping)
    return hide_few(chosen, {unit: each.total for unit, each in units.items()}, unseen)


def hide_few(chosen: Split, totals: Mapping[UUID, int], unseen: int) -> Split:
    """Hide the smallest exact unit, too, where fewer than 10 ballots would be told by subtraction.

    `unseen`: ballots in the department's figure that are in no exact unit's.
    """
    if not is_few(unseen) or not chosen.exact:
        return chosen
    smallest = min(chosen.exact, key=lambda unit: (totals[unit], unit))
    return Split(chosen.exact - {smallest}, chosen.keeping, chosen.hidden | {smallest})


def new_edition(before: Split, units: Mapping[UUID, Joining], changed: Collection[UUID]) -> Split:
    """Decide over units in a new edition, with changes in some of them.

    What is known from before can be subtracted from it: so who was exact stays so, and who was not
    stays as shown, however many ballots came. Only a unit that had none is new, and exact.
    """
    new = {unit for unit in changed if units[unit].before == 0}
    exact = before.exact | new
    return Split(exact, before.keeping - exact, before.hidden - exact)


def may_change(unit: Joining) -> bool:
    """Tell whether a unit's changes may enter a new edition: 10 of them, and 10 or no ballots left.

    With fewer left, the department less what was known of the others would be those few.
    """
    return unit.changed >= FINER and not is_few(unit.total)


def askable(
    units: Mapping[UUID, Mapping[str, int]], others: Collection[Mapping[str, int]]
) -> frozenset[UUID]:
    """Return the units whose answers may stand question by question beside the department's.

    `units`: answers per question of each unit with an exact figure; `others`: of all other units.
    A unit with a question that 1 to 9 answered is out as a whole: that one would be its figure less
    the other questions. While what is out has 1 to 9 answers to a question, the smallest is, too.
    """
    told = {unit for unit, valid in units.items() if not any(map(is_few, valid.values()))}
    while told:
        out = [*others, *(valid for unit, valid in units.items() if unit not in told)]
        codes = {code for valid in out for code in valid}
        if not any(is_few(sum(valid.get(code, 0) for valid in out)) for code in codes):
            break
        told.remove(min(told, key=lambda unit: (sum(units[unit].values()), unit)))
    return frozenset(told)
