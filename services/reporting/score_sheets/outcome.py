"""What a body's sheet comes to once it is appraised: its points, row by row, and its index."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple, Self

from reporting.criteria.domain import CriteriaSet, SubCriterion
from reporting.par.index import ScoreSheet
from reporting.par.inputs import NOTHING_KNOWN, Inputs, candidates
from reporting.shown import decimal, number, text

WithoutSurvey = Literal["zero", "left_out"]


class FinalRow(NamedTuple):
    """A row as it counts. `points` None: it has no value, or is not applicable."""

    code: str
    points: Decimal | None
    max_points: Decimal
    applicable: bool


@dataclass(frozen=True)
class Outcome:
    """Points of the applicable rows, the capped bonus and penalty, and the index in percent.

    `index` is exact; None: nothing that applies has a value. Points to 12 places.
    """

    points: Decimal
    applicable_points: Decimal
    bonus: Decimal
    penalty: Decimal
    index: Fraction | None
    rows: tuple[FinalRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored for good."""
        return {
            "points": str(self.points), "applicable_points": str(self.applicable_points),
            "bonus": str(self.bonus), "penalty": str(self.penalty),
            "index": None if self.index is None else text(self.index),
            "rows": [
                [row.code, row.points if row.points is None else str(row.points),
                 str(row.max_points), row.applicable]
                for row in self.rows
            ],
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        rows = (
            FinalRow(code, None if points is None else Decimal(points), Decimal(most), applies)
            for code, points, most, applies in stored["rows"]
        )
        index = stored["index"]
        return cls(
            Decimal(stored["points"]), Decimal(stored["applicable_points"]),
            Decimal(stored["bonus"]), Decimal(stored["penalty"]),
            None if index is None else number(index), tuple(rows),
        )  # fmt: skip


NOTHING = Outcome(Decimal(0), Decimal(0), Decimal(0), Decimal(0), None, ())


def outcome(
    criteria: CriteriaSet,
    inputs: Mapping[str, Inputs],
    *,
    bonus: Decimal = Decimal(0),
    penalty: Decimal = Decimal(0),
    without_survey: WithoutSurvey = "zero",
) -> Outcome:
    """Return what a sheet comes to: appraised points and surveys' results, never a self-score.

    `bonus`, `penalty`: as appraised; the set's caps hold. Source: docs/indices.md 6 and 8; a row
    without a survey's result leaves the sum where the block says so, as one province's set has it.
    """
    known = {
        sub.code: _input(sub, inputs.get(sub.code, NOTHING_KNOWN), without_survey)
        for sub in criteria.sub_criteria()
    }
    sheet = ScoreSheet(criteria, known, bonus, penalty)
    figure, rows = sheet.figure("official"), []
    for sub in criteria.sub_criteria():
        applies, points = not known[sub.code].not_applicable, sheet.official(sub).points
        shown = None if points is None else decimal(points)
        rows.append(FinalRow(sub.code, shown, sub.max_points, applies))
    return Outcome(
        decimal(figure.points), decimal(figure.applicable), decimal(figure.bonus),
        decimal(figure.penalty), figure.value, tuple(rows),
    )  # fmt: skip


def _input(sub: SubCriterion, known: Inputs, without_survey: WithoutSurvey) -> Inputs:
    """Leave a survey's row out that no survey scored, where the block says so."""
    if sub.is_survey and without_survey == "left_out" and not candidates(sub, known, "official"):
        return replace(known, not_applicable=True)
    return known
