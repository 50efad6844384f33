"""A round's results as they are answered: what releases showed, and the counts that move live."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from chassis.words import N_
from contracts.surveys import Lane, QuestionState, RoundState
from reporting.access import RIGHTS, sees_unit
from reporting.disclosure.published import Figure
from reporting.disclosure.thresholds import in_tens
from reporting.explanations import labels
from reporting.releases import publications
from reporting.releases.publications import Results
from reporting.satisfaction.ballots import NO_UNIT
from reporting.satisfaction.counts import Counts, counts_of
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.steering import steering_of
from reporting.shown import shown
from reporting.sources.targets import Target, target_view
from reporting.sources.views import round_of


class Released(ResponseBody):
    """As of which ballots a figure is shown. `at`: the hour of the release."""

    n: int
    release: int
    at: datetime


class SteeringView(ResponseBody):
    """Steering's figure, in percent; None while it counts fewer than 30 ballots."""

    value: Decimal | None
    n: int


class SatisfactionBrief(ResponseBody):
    """A satisfaction figure in both formulas; None: too few ballots, or not this formula yet.

    `n`: ballots that count by now; a unit's in whole tens. `released`: as of which the figure is.
    """

    share: Decimal | None
    mean5: Decimal | None
    n: int
    released: Released | None


class QuestionCoverage(ResponseBody):
    """How many of the questions that make a satisfaction index show a figure, and of how many."""

    questions_with_figure: int
    questions_total: int


class FactorView(SatisfactionBrief):
    """A factor; `n` released ballots."""

    code: str
    name: str
    suppressed: bool


class QuestionView(SatisfactionBrief):
    """A question; `n` released answers; `distribution` n1..n5 once the round is closed."""

    code: str
    text: str
    factor: str | None
    general: bool
    distribution: list[int] | None
    suppressed: bool


class UnitView(SatisfactionBrief):
    """A unit's figure, or that too few have answered. `unit_id` None: the link named no unit."""

    unit_id: UUID | None
    unit_name: str
    suppressed: bool


class LaneView(SatisfactionBrief):
    """Ballots beside the index (open: all without a ticket): `n` in tens, figures once closed."""

    lane: Lane


class SatisfactionView(SatisfactionBrief):
    """Everything about a round's satisfaction index that the caller may see.

    `final`: everything is released, figures are exact. `coverage`: on how many questions it stands.
    `steering`: for director and office, while the round is open. `allowed`: what the caller may do.
    """

    round_id: UUID
    title: str
    year: int
    status: str
    composed: bool
    method: str
    aggregator: str
    open_in_index: bool
    final: bool
    min_n: int
    coverage: QuestionCoverage
    target: Target | None
    opens_on: date
    closes_on: date
    as_of: datetime
    steering: SteeringView | None
    factors: list[FactorView]
    questions: list[QuestionView]
    units: list[UnitView]
    beside: list[LaneView]
    allowed: list[str]


class UnitQuestionsView(ResponseBody):
    """A unit's figures question by question: hidden until the round is closed."""

    unit_id: UUID
    questions: list[QuestionView]


@dataclass(frozen=True)
class Presenter:
    """A round's results and counted ballots, as its views say them."""

    results: Results
    counts: Counts

    def brief(self) -> SatisfactionBrief:
        """Return the department's figure."""
        return _brief(self.results.department, self.counts.department)

    def unit_brief(self, unit: UUID) -> SatisfactionBrief:
        """Return one unit's figure."""
        published = self.results.published
        figure = published.units.get(unit) if published else None
        return _brief(figure and _told_in_tens(figure), self.counts.units.get(unit, 0))

    def coverage(self) -> QuestionCoverage:
        """Return on how many questions the department's figure stands."""
        shown, of = self.results.questions_told
        return QuestionCoverage(questions_with_figure=shown, questions_total=of)

    def factors(self) -> list[FactorView]:
        """Return the factors."""
        published = self.results.published
        figures = published.factors if published else {}
        return [
            FactorView(**_facts(figures.get(code)), code=code, name=name)
            for code, name in self.results.questionnaire.factors.items()
        ]

    def questions(self, figures: Mapping[str, Figure] | None = None) -> list[QuestionView]:
        """Return the scaled questions at these figures; at the department's without."""
        published = self.results.published
        if figures is None:
            figures = published.questions if published else {}
        return [
            _question(state, figures.get(state.code))
            for state in self.results.questionnaire.questions
            if state.kind == "scale5"
        ]

    def units(self, names: Mapping[UUID, str]) -> list[UnitView]:
        """Return each unit with ballots, in the order of the names."""
        places = {unit: place for place, unit in enumerate(names)}
        units = sorted(self.counts.units, key=lambda unit: (places.get(unit, len(places)), unit))
        return [self._unit(unit, names.get(unit, "")) for unit in units]

    def beside(self) -> list[LaneView]:
        """Return the lanes whose ballots are not in the index by now."""
        published = self.results.published
        figures = published.beside if published else {}
        return [
            LaneView(**_brief(figures.get(lane), n).model_dump(), lane=cast("Lane", lane))
            for lane, n in sorted(self.counts.beside.items())
        ]

    def _unit(self, unit: UUID, name: str) -> UnitView:
        brief = self.unit_brief(unit)
        return UnitView(
            **brief.model_dump(), unit_id=None if unit == NO_UNIT else unit, unit_name=name,
            suppressed=brief.share is None and brief.mean5 is None,
        )  # fmt: skip


async def presenter_of(session: AsyncSession, round_: RoundState) -> Presenter | None:
    """Return a round's results; None while its questionnaire is unknown here."""
    found = await publications.results(session, round_)
    return Presenter(found, await counts_of(session, round_)) if found else None


async def satisfaction_view(
    session: AsyncSession,
    round_id: UUID,
    names: Mapping[UUID, str],
    actor: Actor,
    language: Language,
) -> SatisfactionView:
    """Return a round's results; `names` of the units in their order. Raises NotFound."""
    presenter = await known(session, round_id)
    round_, brief = presenter.results.round, presenter.brief()
    acts = ["publish_edition"] if round_.status == "closed" and not round_.cancelled else []
    all_units = presenter.units({**names, NO_UNIT: say(labels.NO_UNIT, language)})
    return SatisfactionView(
        **brief.model_dump(),
        round_id=round_id, title=round_.title, year=round_.year,
        status="cancelled" if round_.cancelled else round_.status,
        composed=presenter.results.questionnaire.composed, method=round_.method,
        aggregator=round_.aggregator, open_in_index=round_.open_in_index,
        final=presenter.results.final, coverage=presenter.coverage(), min_n=round_.min_n,
        target=await target_view(session, round_.year, "satisfaction", presenter.results.value()),
        opens_on=round_.opens_on, closes_on=round_.closes_on, as_of=await database_now(session),
        steering=await steering_view(session, presenter.results, actor),
        factors=presenter.factors(), questions=presenter.questions(),
        units=[each for each in all_units if sees_unit(actor, each.unit_id)],
        beside=presenter.beside(), allowed=RIGHTS.allowed(actor, "index", acts),
    )  # fmt: skip


async def unit_questions(
    session: AsyncSession, round_id: UUID, unit_id: UUID, actor: Actor
) -> UnitQuestionsView:
    """Return a unit's answers question by question, hidden while open. Raises NotFound."""
    presenter = await known(session, round_id)
    if unit_id not in presenter.results.round.unit_ids or not sees_unit(actor, unit_id):
        raise NotFound(N_("Đợt khảo sát này không hỏi về đơn vị này"), code="unit_not_in_round")
    published = presenter.results.published
    figures = published.unit_questions.get(unit_id, {}) if published else {}
    return UnitQuestionsView(unit_id=unit_id, questions=presenter.questions(figures))


async def known(session: AsyncSession, round_id: UUID) -> Presenter:
    """Return a round's results. Raises NotFound."""
    round_ = await round_of(session, round_id)
    presenter = round_ and await presenter_of(session, round_)
    if not presenter:
        raise NotFound(N_("Không có đợt khảo sát này, hoặc đợt chưa mở"))
    return presenter


async def steering_view(
    session: AsyncSession, results: Results, actor: Actor
) -> SteeringView | None:
    """Return steering's figure to who may see it; None to others and once the round is closed."""
    if not RIGHTS.may(actor, "index.read_steering"):
        return None
    found = await steering_of(session, results.round, scaled(results.questionnaire))
    return SteeringView(value=found.value, n=found.n) if found else None


def _told_in_tens(figure: Figure) -> Figure:
    """Return a unit's figure with its ballots as they may be told: in tens."""
    return figure.model_copy(update={"n": in_tens(figure.n)})


def _released(figure: Figure | None) -> Released | None:
    if figure is None or not figure.n:
        return None
    return Released(n=figure.n, release=figure.release, at=figure.at)


def _brief(figure: Figure | None, n: int) -> SatisfactionBrief:
    return SatisfactionBrief(
        share=figure and shown(figure.share), mean5=figure and shown(figure.mean5),
        released=_released(figure), n=n,
    )  # fmt: skip


def _facts(figure: Figure | None) -> dict[str, Any]:
    """Return a figure over its own released ballots, and whether it is hidden."""
    brief = _brief(figure, figure.n if figure else 0)
    hidden = brief.share is None and brief.mean5 is None
    return {**brief.model_dump(), "suppressed": hidden}


def _question(state: QuestionState, figure: Figure | None) -> QuestionView:
    answers = figure.answers if figure else None
    return QuestionView(
        **_facts(figure), code=state.code, text=state.text, factor=state.factor,
        general=state.general, distribution=list(answers) if answers else None,
    )  # fmt: skip
