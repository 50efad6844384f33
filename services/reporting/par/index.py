"""The three figures of the PAR index, never mixed, and how each came about."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from chassis.words import N_, Sentence
from reporting.criteria.domain import Area, CriteriaSet, SubCriterion
from reporting.explanations.domain import Explanation, percent
from reporting.explanations.labels import FIGURES, SOURCES
from reporting.par import points
from reporting.par.inputs import (
    KINDS,
    NOTHING_KNOWN,
    Inputs,
    Kind,
    Source,
    candidates,
    next_step,
)
from reporting.par.scoring import Facts, score
from reporting.shown import shown, text

_WHOLE = N_("Chỉ số CCHC ({figure}): {valued} trong {applicable} điểm đã có giá trị; {index}")
_PARTIAL = N_(
    "Chỉ số CCHC ({figure}): {valued} trong {applicable} điểm đã có giá trị; {index} khi phần chưa "
    "có giá trị tính 0"
)
_INDEX = N_(
    "100 × (tổng điểm + điểm thưởng − điểm trừ) / (điểm tối đa − điểm không áp dụng), trong khoảng "
    "0 đến 100; điểm thưởng, điểm trừ không quá mức trần"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a sub-criterion enters a figure with; `points` None: no value, it counts 0."""

    source: Source
    basis: Facts | Decimal | None
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Row:
    """A sub-criterion with what it enters each figure with."""

    sub: SubCriterion
    applicable: bool
    secured: Entry
    projected: Entry
    official: Entry


@dataclass(frozen=True, slots=True)
class Figure:
    """One PAR figure. Points of applicable sub-criteria; `value` in percent, unrounded.

    `value` is None when nothing applies, or when no sub-criterion has a value: nothing is no 0 %.
    `valued` of the `applicable` points have a value; `by_source` splits all applicable ones.
    """

    kind: Kind
    value: Fraction | None
    points: Fraction
    bonus: Fraction
    penalty: Fraction
    applicable: Fraction
    valued: Fraction
    by_source: Mapping[Source, Fraction]

    @property
    def complete(self) -> bool:
        """Whether every applicable point has a value: only then it is the whole index."""
        return 0 < self.applicable == self.valued


@dataclass(frozen=True)
class ScoreSheet:
    """A criteria set with the inputs of a year. Sub-criteria without inputs have no value.

    `bonus`, `penalty` are points before the set's yearly caps.
    """

    criteria: CriteriaSet
    inputs: Mapping[str, Inputs] = field(default_factory=dict)
    bonus: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)

    def figure(self, kind: Kind) -> Figure:
        """Calculate 100 × (Σ points + bonus − penalty) / Σ max of what applies, within 0..100.

        Source: inferred from a published result (68.32 points stand as 81.33 %), docs/indices.md 6.
        """
        entries = [(sub, self._entry(sub, kind)) for sub in self._applicable]
        total = sum((e.points for _, e in entries if e.points is not None), Fraction(0))
        split: dict[Source, Decimal] = defaultdict(Decimal)
        for sub, entry in entries:
            split[entry.source] += sub.max_points
        by_source = {source: Fraction(most) for source, most in split.items()}
        applicable = sum(by_source.values(), Fraction(0))
        bonus, penalty = self._capped
        valued = applicable - by_source.get("none", Fraction(0))
        value = None if valued == 0 else 100 * (total + bonus - penalty) / applicable
        clamped = None if value is None else min(max(value, Fraction(0)), Fraction(100))
        return Figure(kind, clamped, total, bonus, penalty, applicable, valued, by_source)

    def rows(self) -> list[Row]:
        """Every sub-criterion."""
        return [self.row(sub.code) for sub in self.criteria.sub_criteria()]

    def row(self, code: str) -> Row:
        """One sub-criterion. Raises KeyError for an unknown code."""
        sub = self._subs[code]
        secured, projected, official = (self._entry(sub, k) for k in KINDS)
        return Row(sub, not self._input(sub).not_applicable, secured, projected, official)

    def official(self, sub: SubCriterion) -> Entry:
        """What a sub-criterion enters the official figure with."""
        return self._entry(sub, "official")

    def explain(self, kind: Kind) -> Explanation:
        """Explain how a figure came about: areas and their sub-criteria."""
        figure = self.figure(kind)
        parts = [self._explain_area(area, kind) for area in self.criteria.areas]
        return Explanation(
            rule="par_index" if figure.value is not None else "nothing",
            step="par_index",
            text=Sentence(
                _WHOLE if figure.complete else _PARTIAL,
                {
                    "figure": FIGURES[kind],
                    "index": percent(figure.value),
                    "valued": shown(figure.valued),
                    "applicable": shown(figure.applicable),
                },
            ),
            formula=Sentence(_INDEX),
            numbers=self._index_numbers(figure),
            parts=tuple(parts),
            source=kind,
            value=None if figure.value is None else text(figure.value),
        )

    def explain_row(self, code: str, kind: Kind) -> Explanation:
        """Explain how one sub-criterion's points came about."""
        sub = self._subs[code]
        return self._explain(sub, kind)

    @cached_property
    def _subs(self) -> Mapping[str, SubCriterion]:
        return self.criteria.by_code()

    @cached_property
    def _applicable(self) -> list[SubCriterion]:
        return [sub for sub in self._subs.values() if not self._input(sub).not_applicable]

    @property
    def _capped(self) -> tuple[Fraction, Fraction]:
        bonus = min(self.bonus, self.criteria.bonus_max)
        return Fraction(bonus), Fraction(min(self.penalty, self.criteria.penalty_max))

    def _input(self, sub: SubCriterion) -> Inputs:
        return self.inputs.get(sub.code, NOTHING_KNOWN)

    @cached_property
    def _entries(self) -> dict[tuple[str, Kind], Entry]:
        """What was worked out: figures and rows ask for the same."""
        return {}

    def _entry(self, sub: SubCriterion, kind: Kind) -> Entry:
        found = self._entries.get((sub.code, kind))
        if found is None:
            found = self._entries[sub.code, kind] = self._worked_out(sub, kind)
        return found

    def _worked_out(self, sub: SubCriterion, kind: Kind) -> Entry:
        """Take the first candidate of the figure's order that has points, at most the maximum.

        A version put in force later may give a row fewer points than were entered before.
        """
        inputs = self._input(sub)
        if inputs.not_applicable:
            return Entry("not_applicable", None, None)
        for source, basis in candidates(sub, inputs, kind):
            value = Fraction(basis) if isinstance(basis, Decimal) else score(sub, basis)
            if value is not None:
                return Entry(source, basis, min(value, Fraction(sub.max_points)))
        return Entry("none", None, None)

    def _explain_area(self, area: Area, kind: Kind) -> Explanation:
        subs = list(area.sub_criteria())
        total = self._total(subs, kind)
        return Explanation(
            rule="sum",
            step="area",
            text=Sentence(
                N_("{code}. {name}: {points} điểm"),
                {"code": area.code, "name": area.name, "points": shown(total)},
            ),
            formula=Sentence(N_("tổng các phần; phần chưa có số liệu tính 0")),
            parts=tuple(self._explain(sub, kind) for sub in subs),
            value=text(total),
        )

    def _total(self, subs: list[SubCriterion], kind: Kind) -> Fraction:
        return sum((self._entry(sub, kind).points or Fraction(0) for sub in subs), Fraction(0))

    def _explain(self, sub: SubCriterion, kind: Kind) -> Explanation:
        entry = self._entry(sub, kind)
        if entry.basis is not None and not isinstance(entry.basis, Decimal):
            return points.explain(sub, entry.basis, entry.source)
        facts = {
            "code": sub.code, "name": sub.name, "source": SOURCES[entry.source],
            "points": shown(entry.points), "most": shown(sub.max_points),
        }  # fmt: skip
        if entry.points is None:
            absent = entry.source == "not_applicable"
            return Explanation(
                rule="not_applicable" if absent else "nothing",
                step="not_applicable" if absent else "nothing_entered",
                text=Sentence(
                    N_("{code} {name}: {source}, tối đa {most}")
                    if absent
                    else N_("{code} {name}: {source}, tối đa {most}. {next}"),
                    facts if absent else {**facts, "next": next_step(sub, kind)},
                ),
                code=sub.code,
                source=entry.source,
                value=None,
            )
        value = text(entry.points)
        return Explanation(
            rule="given",
            step="points_entered",
            text=Sentence(N_("{code} {name}: {source} {points}, tối đa {most}"), facts),
            code=sub.code,
            numbers={"points": value},
            source=entry.source,
            value=value,
        )

    def _index_numbers(self, figure: Figure) -> dict[str, str]:
        every = Fraction(self.criteria.total_points)
        return {
            "all_points": text(every),
            "not_applicable_points": text(every - figure.applicable),
            "bonus": text(self.bonus),
            "bonus_max": text(self.criteria.bonus_max),
            "penalty": text(self.penalty),
            "penalty_max": text(self.criteria.penalty_max),
            "valued_points": text(figure.valued),
        }
