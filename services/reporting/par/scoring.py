"""Points of one sub-criterion from counts: six methods, each a pure function, exact throughout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from chassis.words import Sentence
from reporting.completion.domain import TaskCounts
from reporting.criteria.domain import (
    Boolean,
    Deduction,
    Proportional,
    SubCriterion,
    SurveyIndex,
    SurveyOptions,
    Tier,
    Tiered,
)
from reporting.satisfaction.domain import SurveyFigure


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many: `done` of `due`, 0 <= done <= due."""

    done: int
    due: int


@dataclass(frozen=True, slots=True)
class Number:
    """How many, held against the tiers of a count."""

    count: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tier a person chose, from 0."""

    tier: int


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether the condition holds."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases per deduction, in the order of the rule."""

    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """Answers per option (A, B, …). Skipped ones are simply not in it.

    `texts`: what the options say, where that is known; `origin`: whose answers they are, in words.
    """

    answers: Mapping[str, int]
    texts: Mapping[str, str] = field(default_factory=dict)
    origin: Sentence | None = None


Facts = TaskCounts | Ratio | Number | Chosen | Holds | Cases | Options | SurveyFigure


def proportional(done: int, due: int, rule: Proportional, max_points: Fraction) -> Fraction | None:
    """Points of a sub-criterion scored by rate: all at `full_at`, rate × max from `floor`, else 0.

    Args:
        done, due: counts, 0 <= done <= due.
        rule: floor and full_at as exact fractions of 1; the floor is inclusive.
        max_points: points at stake.

    Returns points, unrounded; None when nothing was due: a person decides, never 0 or full marks.

    Source: composed from the usual wording of the provinces' criteria sets, docs/indices.md 3.1.
    """
    if due == 0:
        return None
    rate = Fraction(done, due)
    if rate >= Fraction(rule.full_at):
        return max_points
    return max_points * rate if rate >= Fraction(rule.floor) else Fraction(0)


def boolean(yes: bool, rule: Boolean) -> Fraction:
    """Points of a condition that holds or does not. Source: the set's own two numbers."""
    return Fraction(rule.true_points if yes else rule.false_points)


def tier_of_tasks(counts: TaskCounts, rule: Tiered) -> int | None:
    """Return which tier the tasks reach: the first, from 0, whose conditions all hold.

    None when there are no tasks, or when no tier holds yet (some open, none of them late): nothing
    is decided then, which is not the same as 0. Source: composed, docs/indices.md 3.3.
    """
    if counts.total == 0:
        return None
    return next((i for i, tier in enumerate(rule.tiers) if _tasks_reach(counts, tier)), None)


def tier_of_value(value: Fraction, rule: Tiered) -> int | None:
    """Return the first tier, from 0, whose `at_least` a share of 1 or a count reaches (inclusive).

    None below all of them. Source: composed, docs/indices.md 3.3.
    """
    limits = ((i, t.at_least) for i, t in enumerate(rule.tiers) if t.at_least is not None)
    return next((i for i, limit in limits if value >= Fraction(limit)), None)


def deduction(cases: Sequence[int], rule: Deduction, max_points: Fraction) -> Fraction:
    """Points left of the maximum after so many cases per deduction; never below 0.

    Cases stand in the order of the rule's deductions. Raises ValueError when their numbers differ.
    Source: composed, docs/indices.md 3.4.
    """
    pairs = zip(cases, rule.deducts, strict=True)
    lost = sum((n * Fraction(deduct.minus) for n, deduct in pairs), Fraction(0))
    return max(Fraction(0), max_points - lost)


def survey_options(
    answers: Mapping[str, int], rule: SurveyOptions, max_points: Fraction
) -> Fraction | None:
    """Points from weighted options: max × Σ(n × weight) / Σn; None when nobody answered.

    Raises KeyError for an option the rule does not weigh.

    Source of the default weights A 1, B 0.6, C 0.2, D 0: public code of a province's voting system.
    """
    n = sum(answers.values())
    if n == 0:
        return None
    weighted = sum(
        (count * Fraction(rule.option_weights[o]) for o, count in answers.items()), Fraction(0)
    )
    return max_points * weighted / n


def survey_index(index: Fraction | None, max_points: Fraction) -> Fraction | None:
    """Points from a satisfaction index in percent: max × index / 100; None without an index.

    Source: composed, docs/indices.md 3.6.
    """
    return None if index is None else max_points * index / 100


def score(sub: SubCriterion, facts: Facts | None) -> Fraction | None:
    """Points of a sub-criterion from facts of the kind its method needs; None: nothing decided.

    Raises TypeError when facts and method do not belong together.
    """
    max_points, points = Fraction(sub.max_points), None
    match sub.rule, facts:
        case _, None:
            pass
        case Proportional() as rule, TaskCounts(total=due, done=done) | Ratio(done=done, due=due):
            points = proportional(done, due, rule, max_points)
        case Tiered() as rule, TaskCounts() | Ratio() | Number() | Chosen():
            reached = tier(rule, facts)
            points = None if reached is None else Fraction(rule.tiers[reached].points)
        case Boolean() as rule, Holds(yes=yes):
            points = boolean(yes, rule)
        case Deduction() as rule, Cases(cases=cases):
            points = deduction(cases, rule, max_points)
        case SurveyOptions() as rule, Options(answers=answers):
            points = survey_options(answers, rule, max_points)
        case SurveyIndex(), SurveyFigure(value=index):
            points = survey_index(index, max_points)
        case _:
            kind = type(facts).__name__
            raise TypeError(f"{sub.code}: {sub.rule.method} cannot be scored from {kind}")
    return points


def tier(rule: Tiered, facts: TaskCounts | Ratio | Number | Chosen) -> int | None:
    """Return which tier the facts reach, from 0; None: none yet, or nothing to measure."""
    match rule.measure, facts:
        case "tasks", TaskCounts() as counts:
            return tier_of_tasks(counts, rule)
        case "rate", Ratio(done=done, due=due):
            return tier_of_value(Fraction(done, due), rule) if due else None
        case "count", Number(count=count):
            return tier_of_value(Fraction(count), rule)
        case "choice", Chosen(tier=chosen):
            return chosen if 0 <= chosen < len(rule.tiers) else None
    raise TypeError(f"tiers of {rule.measure} cannot be held against {type(facts).__name__}")


def _tasks_reach(counts: TaskCounts, tier: Tier) -> bool:
    """Whether every condition the tier names holds."""
    return not (
        (tier.all_done and counts.done < counts.total)
        or (tier.all_on_time and counts.on_time < counts.total)
        or (tier.any_overdue and counts.overdue == 0)
    )
