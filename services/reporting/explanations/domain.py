"""One step of how a figure came about: what it says, and all that is needed to calculate it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from chassis.words import N_, Sentence
from reporting.shown import number, shown

PERCENT_RULES = frozenset({"rate", "share", "mean5", "mean_of_items", "par_index", "released"})


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure, or a part of one. Numbers are exact text: `1.41`, `1262/15` for endless decimals.

    Attributes:
        rule: which evaluation applies, a key of `evaluation.RULES`.
        step: what `text` says, a stable name for programs, e.g. `done_of_due`.
        text, formula: what happened, and what is calculated in words; None: nothing is.
        value: the result, exact; None when nothing is decided. `shown` is the same to two places.
        code: of the sub-criterion that the step is about.
        numbers: parameters of the rule and values typed by people; facts: counts from stored facts.
        parts: the steps it is made of, in the order of the formula.
        source: where the value comes from, e.g. `live`, `self_score`, `appraised_2`.
    """

    rule: str
    step: str
    text: Sentence
    value: str | None
    formula: Sentence | None = None
    code: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    parts: tuple["Explanation", ...] = ()
    source: str | None = None

    @property
    def shown(self) -> Decimal | None:
        """The value to two places."""
        return None if self.value is None else shown(number(self.value))

    @property
    def unit(self) -> Literal["percent", "points"]:
        """What the value counts."""
        return "percent" if self.rule in PERCENT_RULES else "points"


def percent(value: Fraction | None) -> Sentence:
    """Return a rate or an index, in percent, as it stands in a sentence: two places."""
    return (
        Sentence(N_("chưa có")) if value is None else Sentence("{value} %", {"value": shown(value)})
    )
