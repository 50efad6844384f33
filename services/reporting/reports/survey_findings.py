"""What stands out in a survey's results: the best and the weakest, and the year before. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from contracts.surveys import RoundState
from reporting.releases.views import SatisfactionBrief
from reporting.shown import shown


@dataclass(frozen=True)
class Before:
    """The result of the year before: of which round, and its index."""

    round: RoundState
    value: Fraction | None


def rate_of(brief: SatisfactionBrief, method: str) -> Decimal | None:
    """Return a figure by the round's own method; None while it is hidden."""
    return brief.share if method == "share" else brief.mean5


def ends_of(name: str, rated: Iterable[tuple[str, Decimal | None]]) -> dict[str, object]:
    """Return the best and the weakest of what shows a figure, where they are not the same.

    `name`: of the figures, as in `survey.top_{name}`, `survey.top_{name}_rate`. Of several alike
    the first.
    """
    known = [(said, rate) for said, rate in rated if rate is not None]
    rates = [rate for _, rate in known]
    ends = {"top": max(rates, default=None), "low": min(rates, default=None)}
    said: dict[str, object] = {}
    for end, rate in ends.items():
        found = rate if ends["top"] != ends["low"] else None
        said[f"survey.{end}_{name}"] = next((each for each, own in known if own == found), None)
        said[f"survey.{end}_{name}_rate"] = found
    return said


def beside(now: RoundState, value: Decimal | None, before: Before | None) -> dict[str, object]:
    """Return the result of the year before, and by how much the index moved.

    Two methods give two figures that are none beside one another: then nothing has moved.
    """
    found = before if before and before.round.method == now.method else None
    then = shown(found.value) if found else None
    return {
        "survey.before_title": found and found.round.title, "survey.before": then,
        "survey.moved": None if value is None or then is None else value - then,
    }  # fmt: skip
