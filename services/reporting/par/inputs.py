"""What is known about a sub-criterion, and what of it stands for it in each PAR figure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

from reporting.completion.domain import Completion
from reporting.criteria.domain import SubCriterion
from reporting.par.scoring import Facts

Kind = Literal["secured", "projected", "official"]
Source = Literal[
    "live", "appraised_2", "appraised_1", "self_score", "expected", "last_year", "none",
    "not_applicable",
]  # fmt: skip
KINDS: tuple[Kind, ...] = ("secured", "projected", "official")


@dataclass(frozen=True, slots=True)
class Live:
    """What the system itself holds for a sub-criterion.

    `whole` counts the whole period (proven), `so_far` what is due (where the pace leads). For a
    survey both are its figure as everybody may see it. `closed`: no more answers come; only then is
    a survey's value official.
    """

    whole: Facts | None
    so_far: Facts | None
    closed: bool = False

    @classmethod
    def from_tasks(cls, completion: Completion) -> Self:
        """Counts of a plan's, or of the linked, assignments."""
        return cls(completion.whole, completion.so_far)

    @classmethod
    def from_survey(cls, shown: Facts | None, *, closed: bool) -> Self:
        """A survey's figure as it is shown; None while too few answers have been released."""
        return cls(shown, shown, closed)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything known about one sub-criterion. Points are 0..max; None: not entered.

    `not_applicable` only once the appraiser accepted it.
    """

    live: Live | None = None
    self_score: Decimal | None = None
    expected_score: Decimal | None = None
    last_year_score: Decimal | None = None
    appraised_1: Decimal | None = None
    appraised_2: Decimal | None = None
    not_applicable: bool = False


NOTHING_KNOWN = Inputs()
Candidate = tuple[Source, Facts | Decimal | None]
_NO_LIVE = Live(None, None)


def candidates(
    sub: SubCriterion, inputs: Inputs, kind: Kind
) -> list[tuple[Source, Facts | Decimal]]:
    """Return what may stand for a sub-criterion in a figure, best first.

    - secured: appraised, then live over the whole period. A self-score proves nothing yet.
    - projected: live so far, self-score, the owner's expectation, last year's.
    - official: appraised round 2, else 1; live figures only of a closed survey, all its answers.

    Surveys are never self-scored nor appraised. Source: this and the official order sourced, the
    others composed, docs/indices.md 6.
    """
    surveys, live = sub.is_survey, inputs.live or _NO_LIVE
    final = live.whole if surveys and live.closed else None
    appraised: list[Candidate] = [
        ("appraised_2", inputs.appraised_2), ("appraised_1", inputs.appraised_1),
    ]  # fmt: skip
    owner: list[Candidate] = [
        ("self_score", inputs.self_score), ("expected", inputs.expected_score),
        ("last_year", inputs.last_year_score),
    ]  # fmt: skip
    if surveys:
        appraised, owner = [], owner[1:]
    orders: dict[Kind, list[Candidate]] = {
        "secured": [*appraised, ("live", live.whole)],
        "projected": [("live", live.so_far), *owner],
        "official": [*appraised, ("live", final)],
    }
    return [(source, basis) for source, basis in orders[kind] if basis is not None]
