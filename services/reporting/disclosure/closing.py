"""What the figures of a closed round show: exact, but nobody's few last ballots."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from reporting.disclosure.thresholds import FINER


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
        if unit not in hidden and 0 < each.changed < FINER and each.before >= FINER
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
    if not 0 < unseen < FINER or not chosen.exact:
        return chosen
    smallest = min(chosen.exact, key=lambda unit: (totals[unit], unit))
    return Split(chosen.exact - {smallest}, chosen.keeping, chosen.hidden | {smallest})


def askable(groups: Mapping[UUID, int], others: int) -> frozenset[UUID]:
    """Return the units whose answers to one question may stand beside the department's.

    `groups`: answers per unit with an exact figure; `others`: answers of all other units together.
    Hides units below 10; when all that is hidden is fewer than 10, the smallest shown joins it.
    """
    shown = {unit for unit, n in groups.items() if n >= FINER}
    unseen = others + sum(n for unit, n in groups.items() if unit not in shown)
    if 0 < unseen < FINER and shown:
        shown.remove(min(shown, key=lambda unit: (groups[unit], unit)))
    return frozenset(shown)
