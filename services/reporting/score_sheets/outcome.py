"""What a body's sheet comes to once it is appraised: its points, row by row, and its index."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
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
class AreaPoints:
    """What a body has in one area; `points` None: none of its sub-criteria has a value."""

    code: str
    points: Fraction | None
    of_points: Fraction

    @cached_property
    def rate(self) -> Fraction | None:
        """Points of those that apply, in percent; None when nothing applies or has a value."""
        if self.points is None or not self.of_points:
            return None
        return 100 * self.points / self.of_points


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

    def by_area(self, criteria: CriteriaSet) -> tuple[AreaPoints, ...]:
        """Add up the rows by area, over those that apply, in the order of the set."""
        areas = {sub.code: area.code for area in criteria.areas for sub in area.sub_criteria()}
        points: dict[str, Decimal] = {}
        most = dict.fromkeys(areas.values(), Decimal(0))
        for row in self.rows:
            area = areas.get(row.code)
            if area is None or not row.applicable:
                continue
            most[area] += row.max_points
            if row.points is not None:
                points[area] = points.get(area, Decimal(0)) + row.points
        return tuple(
            AreaPoints(area, Fraction(points[area]) if area in points else None, Fraction(of))
            for area, of in most.items()
        )


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
