"""A criteria set: areas → criteria → sub-criteria with their points and rules, all of it data.

Nothing of an official text is in code: a province's decision is loaded as another set.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Points = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z]+(\.[0-9A-Za-z]+)*$")]


class Part(BaseModel):
    """A piece of the set: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Proportional(Part):
    """All points at `full_at`, rate × max from `floor` (inclusive), else 0. Shares of 1."""

    method: Literal["proportional"]
    numerator: Name
    denominator: Name
    full_at: Share
    floor: Share


class Boolean(Part):
    """One condition that holds or does not."""

    method: Literal["boolean"]
    condition: Name
    true_points: Points
    false_points: Points


class Tier(Part):
    """One step: its points, the words of the set (`when`) and the same as data.

    `at_least` for a rule that measures a rate (0..1) or a count; the three others for one that
    measures tasks; none of them when a person chooses the tier.
    """

    when: Name
    points: Points
    at_least: Annotated[Decimal, Field(ge=0)] | None = None
    all_done: Literal[True] | None = None
    all_on_time: Literal[True] | None = None
    any_overdue: Literal[True] | None = None


class Tiered(Part):
    """The first tier that holds gives the points. `measure` says what is held against the tiers."""

    method: Literal["tiered"]
    measure: Literal["tasks", "rate", "count", "choice"]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=2)]


class Deduct(Part):
    """Points lost per case."""

    per: Name
    minus: Points


class Deduction(Part):
    """Starts at the maximum, loses points per case, never below 0."""

    method: Literal["deduction"]
    deducts: Annotated[tuple[Deduct, ...], Field(min_length=1)]


class SurveyOptions(Part):
    """max × Σ(n × weight) / Σn over the options of one question; skipped answers do not count.

    `question` is the code of the single-choice question whose options, in order, are A, B, C, …;
    None while no questionnaire asks it: then a person enters the counted ballots.
    """

    method: Literal["survey_options"]
    respondents: Name
    option_weights: dict[str, Share]
    question: str | None = None


class SurveyIndex(Part):
    """max × satisfaction index of one factor / 100."""

    method: Literal["survey_index"]
    factor: Name


Rule = Annotated[
    Proportional | Boolean | Tiered | Deduction | SurveyOptions | SurveyIndex,
    Field(discriminator="method"),
]


class FromRounds(Part):
    """Which rounds of the set's year may feed a sub-criterion: those that ask what its rule names.

    `questionnaire`: only rounds with this one, by its code. `round_id`: this round only.
    """

    questionnaire: Name | None = None
    round_id: UUID | None = None


class SubCriterion(Part):
    """The row that earns points.

    `feeds_from` says which facts the system itself holds for it, None: people score it. `counts` is
    for task-fed ones: `plan` every assignment of the year's plans, `linked` only tasks a person
    linked. `from_rounds` is for survey-fed ones; None: any round that asks it.
    """

    code: Code
    name: Name
    max_points: Points
    rule: Rule
    feeds_from: Literal["tasks", "surveys", "reporting"] | None = None
    counts: Literal["plan", "linked"] | None = None
    from_rounds: FromRounds | None = None
    na_allowed: bool = False
    na_when: str | None = None
    evidence: tuple[str, ...] = ()
    source: Name

    @property
    def is_survey(self) -> bool:
        """Whether only a survey may score it: never self-scored, never appraised."""
        return isinstance(self.rule, SurveyOptions | SurveyIndex)


class Criterion(Part):
    """A group of sub-criteria."""

    code: Code
    name: Name
    max_points: Points
    sub_criteria: Annotated[tuple[SubCriterion, ...], Field(min_length=1)]


class Area(Part):
    """One of the fields of reform (lĩnh vực)."""

    code: Code
    name: Name
    max_points: Points
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    def sub_criteria(self) -> Iterator[SubCriterion]:
        """All its sub-criteria, in order."""
        return (sub for criterion in self.criteria for sub in criterion.sub_criteria)


class GradeBand(Part):
    """A grade: from `at_least` (with `more_than` only above it) up to where the higher one begins.

    `below` (exclusive) or `up_to` (inclusive) repeat the upper end where the decision writes one:
    the checker holds it against the higher grade, so that no value is without a grade.
    """

    name: Name
    at_least: Annotated[Decimal, Field(ge=0)]
    more_than: bool = False
    below: Annotated[Decimal, Field(ge=0)] | None = None
    up_to: Annotated[Decimal, Field(ge=0)] | None = None

    def takes(self, value: Fraction) -> bool:
        """Tell whether a value reaches this grade."""
        least = Fraction(self.at_least)
        return value > least if self.more_than else value >= least


class Rounding(Part):
    """Places of what is shown, halves up; grades are given on the `exact` or the `shown` value."""

    places: Annotated[int, Field(ge=0, le=4)] = 2
    grades_on: Literal["exact", "shown"] = "exact"


class CriteriaSet(Part):
    """One version of the scoring sheet. `composed`: not official, and said wherever shown.

    `serves`: the department's PAR index, or a figure of its own that a block names by its code.
    `roll_up`: the result is said and graded in `percent` of what applies, or in `points` out of the
    set's total, brought up to it where something does not apply.
    """

    code: Name
    title: Name
    year: Annotated[int, Field(ge=2000, le=2100)]
    composed: bool
    notice: str
    serves: Literal["par_index", "own_figure"] = "par_index"
    roll_up: Literal["percent", "points"] = "percent"
    rounding: Rounding = Rounding()
    total_points: Points
    bonus_max: Points
    penalty_max: Points
    grade_bands: tuple[GradeBand, ...]
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]

    @property
    def scale(self) -> Decimal:
        """The highest result: 100, or the set's total where it is said in points."""
        return Decimal(100) if self.roll_up == "percent" else self.total_points

    def result(self, index: Fraction) -> Fraction:
        """Return an index (exact, in percent of what applies) on the set's own scale."""
        return index * Fraction(self.scale) / 100

    def grade(self, index: Fraction) -> GradeBand | None:
        """Return the grade of an index (exact, in percent); None where the set has no grades."""
        value = self.result(index)
        if self.rounding.grades_on == "shown":
            value = _half_up(value, self.rounding.places)
        return next((band for band in self.grade_bands if band.takes(value)), None)

    def sub_criteria(self) -> Iterator[SubCriterion]:
        """All sub-criteria of the set, in order."""
        return (sub for area in self.areas for sub in area.sub_criteria())

    def by_code(self) -> Mapping[str, SubCriterion]:
        """The sub-criteria by code."""
        return {sub.code: sub for sub in self.sub_criteria()}

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON: points as strings."""
        return self.model_dump(mode="json", exclude_none=True)


def _half_up(value: Fraction, places: int) -> Fraction:
    step = 10**places
    return Fraction(floor(value * step + Fraction(1, 2)), step)
