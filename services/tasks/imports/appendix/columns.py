"""A column of an appendix: its titles, what they were understood as, and how surely."""

import re
from dataclasses import dataclass

from tasks.imports.appendix import vocabulary
from tasks.imports.appendix.model import Field
from tasks.imports.appendix.years import years_in
from tasks.words import key

_OUTCOME = re.compile(vocabulary.OUTCOME_TITLE)
_OUTCOME_WORDS = re.compile(vocabulary.OUTCOME_WORDS)
SEPARATOR = " / "  # between the titles above one another in a column
# How surely a title names a field: the officer says so, all its lines do, the lowest does, …
CHOSEN, WHOLE, SURE, CONTAINED, WEAK = 4, 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Column:
    """Places of the grid (from 0) under one title, and what they were understood as.

    `sure`: how surely the title says so; `rival`: another column claims the same meaning.
    `period`: one of several columns for quarters or months.
    """

    places: tuple[int, ...]
    stack: tuple[str, ...]
    hidden: bool = False
    field: Field | None = None
    sure: int = 0
    length: int = 0
    rival: bool = False
    period: bool = False

    @property
    def title(self) -> str:
        """Return the titles above one another."""
        return SEPARATOR.join(self.stack)

    @property
    def taken(self) -> bool:
        """Say whether its words are read, or the officer said that they need not be."""
        return self.field not in (None, "ignored") or self.sure == CHOSEN

    def matters(self, words: str) -> bool:
        """Say whether its words may end a task or move it; so may those of an unknown column."""
        known = self.field is not None and not _OUTCOME.fullmatch(key(self.title))
        return not known or _OUTCOME_WORDS.search(key(words)) is not None

    @property
    def years_above(self) -> list[str]:
        """Return the years that the titles above the lowest name."""
        return years_in(" ".join(self.stack[:-1]))

    @property
    def period_name(self) -> str:
        """Return the quarter or month, with the one year that stands above it."""
        name, years = self.stack[-1], self.years_above
        return f"{name}/{years[0]}" if len(years) == 1 and not years_in(name) else name
