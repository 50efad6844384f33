"""A round's results as they may be shown: the department live, what is finer in steps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from contracts.surveys import Method, QuestionState
from reporting.disclosure import stands_at, visible
from reporting.explanations import labels
from reporting.satisfaction.domain import AnswerCounts, Measure, index_of, measure
from reporting.satisfaction.models import NO_UNIT
from reporting.satisfaction.tallies import Tally, department, tally
from reporting.shown import shown
from reporting.sources.targets import Target, target_view
from reporting.sources.views import round_of

METHODS: tuple[Method, ...] = ("share", "mean5")


class SatisfactionBrief(ResponseBody):
    """A satisfaction figure in both formulas; None while too few have answered."""

    share: Decimal | None
    mean5: Decimal | None
    n: int


class FactorView(ResponseBody):
    """A factor, at the answers released so far."""

    code: str
    name: str
    n: int
    share: Decimal | None
    mean5: Decimal | None
    suppressed: bool


class QuestionView(ResponseBody):
    """A question, at the answers released so far; `distribution` n1..n5."""

    code: str
    text: str
    factor: str | None
    general: bool
    n: int
    share: Decimal | None
    mean5: Decimal | None
    distribution: list[int] | None
    suppressed: bool


class UnitView(ResponseBody):
    """A unit's figure, or that too few have answered. `unit_id` None: the link named no unit."""

    unit_id: UUID | None
    unit_name: str
    n: int
    share: Decimal | None
    mean5: Decimal | None
    suppressed: bool


class SatisfactionView(ResponseBody):
    """Everything about a round's satisfaction index."""

    round_id: UUID
    title: str
    year: int
    status: str
    composed: bool
    method: str
    aggregator: str
    n: int
    min_n: int
    share: Decimal | None
    mean5: Decimal | None
    target: Target | None
    opens_on: date
    closes_on: date
    as_of: datetime
    factors: list[FactorView]
    questions: list[QuestionView]
    units: list[UnitView]


@dataclass(frozen=True)
class Results:
    """A tally with what may be shown of it."""

    tally: Tally

    @property
    def enough(self) -> bool:
        """Whether the department's figure may be shown at all."""
        return self.tally.n >= self.tally.round.min_n

    def overall(self, method: Method | None = None) -> Measure:
        """Return the department's figure, moving with each answer."""
        return self._measure(department(self.tally.live), method)

    def value(self, method: Method | None = None) -> Fraction | None:
        """Return it, or None while too few have answered."""
        return self.overall(method).value if self.enough else None

    def brief(self) -> SatisfactionBrief:
        """Return the department's figure in both formulas."""
        share, mean5 = shown(self.value("share")), shown(self.value("mean5"))
        return SatisfactionBrief(share=share, mean5=mean5, n=self.tally.n)

    def factors(self) -> list[FactorView]:
        """Return the factors at their released answers."""
        counts = department(self.tally.released)
        found = []
        for code, name in self.tally.questionnaire.factors.items():
            both = [self._measure(counts, m, factor=code, name=name) for m in METHODS]
            # how many responses stand behind it: the question answered most
            n = stands_at(max((c.valid for _, c in both[0].questions), default=0))
            hidden = not self.enough or n < self.tally.round.min_n
            share, mean5 = (None if hidden else shown(m.value) for m in both)
            found.append(
                FactorView(code=code, name=name, n=n, share=share, mean5=mean5, suppressed=hidden)
            )
        return found

    def questions(self) -> list[QuestionView]:
        """Return the scaled questions at their released answers."""
        counts = department(self.tally.released)
        return [
            self._question(state, counts.get(state.code, AnswerCounts()))
            for state in self.tally.questionnaire.questions
            if state.kind == "scale5"
        ]

    def units(self, names: Mapping[UUID, str]) -> list[UnitView]:
        """Return each unit's figure; small ones, and what would give them away, are hidden."""
        round_ = self.tally.round
        seen = visible(
            {unit: stands_at(n) for unit, n in self.tally.responses.items()}, round_.min_n
        )
        return [
            self._unit(unit, names.get(unit, ""), hidden=not self.enough or unit not in seen)
            for unit in sorted(
                self.tally.responses, key=lambda u: (u == NO_UNIT, names.get(u, "~"), u)
            )
        ]

    def unit_brief(self, unit: UUID) -> SatisfactionBrief:
        """Return one unit's figure for the overview."""
        view = next((v for v in self.units({}) if v.unit_id == unit), None)
        if view is None:
            return SatisfactionBrief(share=None, mean5=None, n=0)
        return SatisfactionBrief(share=view.share, mean5=view.mean5, n=view.n)

    def _unit(self, unit: UUID, name: str, *, hidden: bool) -> UnitView:
        counts = self.tally.released.get(unit, {})
        both = [None if hidden else self._measure(counts, m).value for m in METHODS]
        return UnitView(
            unit_id=None if unit == NO_UNIT else unit, unit_name=name,
            n=stands_at(self.tally.responses[unit]), share=shown(both[0]),
            mean5=shown(both[1]), suppressed=hidden,
        )  # fmt: skip

    def _question(self, state: QuestionState, counts: AnswerCounts) -> QuestionView:
        hidden = not self.enough or counts.valid < self.tally.round.min_n
        values = [None if hidden else index_of(counts, method) for method in METHODS]
        spread = [counts.n1, counts.n2, counts.n3, counts.n4, counts.n5]
        return QuestionView(
            code=state.code, text=state.text, factor=state.factor, general=state.general,
            n=counts.valid, share=shown(values[0]), mean5=shown(values[1]),
            distribution=None if hidden else spread, suppressed=hidden,
        )  # fmt: skip

    def _measure(
        self,
        counts: Mapping[str, AnswerCounts],
        method: Method | None = None,
        *,
        factor: str | None = None,
        name: str = "",
    ) -> Measure:
        round_ = self.tally.round
        found = measure(
            self.tally.questions, counts, round_.method, round_.aggregator,
            factor=factor, name=name, n=self.tally.n,
        )  # fmt: skip
        return found if method is None else replace(found, method=method)


async def results_of(session: AsyncSession, round_id: UUID) -> Results:
    """Return a round's results. Raises NotFound."""
    round_ = await round_of(session, round_id)
    counted = await tally(session, round_) if round_ else None
    if counted is None:
        raise NotFound("Không có đợt khảo sát này, hoặc đợt chưa mở")
    return Results(counted)


async def satisfaction_view(
    session: AsyncSession, round_id: UUID, names: Mapping[UUID, str], language: Language
) -> SatisfactionView:
    """Return a round's results in both formulas; `names` of the units. Raises NotFound."""
    results = await results_of(session, round_id)
    round_, brief = results.tally.round, results.brief()
    return SatisfactionView(
        round_id=round_id, title=round_.title, year=round_.year, status=round_.status,
        composed=results.tally.questionnaire.composed, method=round_.method,
        aggregator=round_.aggregator, n=brief.n, min_n=round_.min_n, share=brief.share,
        mean5=brief.mean5,
        target=await target_view(session, round_.year, "satisfaction", results.value()),
        opens_on=round_.opens_on, closes_on=round_.closes_on, as_of=await database_now(session),
        factors=results.factors(), questions=results.questions(),
        units=results.units({**names, NO_UNIT: say(labels.NO_UNIT, language)}),
    )  # fmt: skip
