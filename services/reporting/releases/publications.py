"""What releases showed of rounds, as stored: the only source of every figure that leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import Method, QuestionnaireState, RoundState
from reporting.disclosure.published import Figure, Published
from reporting.releases.models import Publication
from reporting.satisfaction.domain import AnswerCounts, Measure, SurveyFigure, measure, scaled
from reporting.sources.models import SurveyRound
from reporting.sources.views import NOT_IN_FORCE, questionnaire_of, round_of


@dataclass(frozen=True)
class Results:
    """A round with the figures its newest release shows; `published` None: no release yet."""

    round: RoundState
    questionnaire: QuestionnaireState
    published: Published | None

    @property
    def final(self) -> bool:
        """Whether everything is released."""
        return self.published is not None and self.published.closed

    @property
    def department(self) -> Figure | None:
        """The department's overall figure."""
        return self.published.department if self.published else None

    def value(self) -> Fraction | None:
        """Return the department's figure in the round's own method."""
        return _in_method(self.department, self.round.method)

    def figure(self, factor: str | None = None) -> SurveyFigure:
        """Return a factor's figure, or everything's, with all that may be said of it."""
        found = self.department if factor is None else self._factors.get(factor)
        name = self.questionnaire.factors.get(factor, factor) if factor else ""
        if found is None:
            return SurveyFigure(name, None, 0, 0)
        value = _in_method(found, self.round.method)
        return SurveyFigure(name, value, found.n, found.release, self._exact(factor, name))

    @property
    def _factors(self) -> Mapping[str, Figure]:
        return self.published.factors if self.published else {}

    def _exact(self, factor: str | None, name: str) -> Measure | None:
        """Return how a closed round's figure is made; None where a question of it is not told."""
        if self.published is None or not self.published.closed:
            return None
        round_, n = self.round, self.published.department.n
        counts = {
            code: AnswerCounts(*[*figure.answers, n - figure.n])
            for code, figure in self.published.questions.items()
            if figure.answers and figure.release == self.published.release
        }
        made = measure(
            scaled(self.questionnaire), counts, round_.method, round_.aggregator,
            factor=factor, name=name, n=n,
        )  # fmt: skip
        return made if all(code in counts for code, _ in made.questions) else None


def _in_method(figure: Figure | None, method: Method) -> Fraction | None:
    if figure is None:
        return None
    return figure.share if method == "share" else figure.mean5


async def results(session: AsyncSession, round_: RoundState) -> Results | None:
    """Return a round's results; None while its questionnaire is unknown here."""
    questionnaire = await questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    return Results(round_, questionnaire, await newest(session, round_.round_id))


async def results_of(session: AsyncSession, round_id: UUID) -> Results | None:
    """Return the results of a round by its id; None while it is unknown here."""
    round_ = await round_of(session, round_id)
    return await results(session, round_) if round_ else None


async def round_of_year(session: AsyncSession, year: int) -> RoundState | None:
    """Return the round that the year's index stands on: the newest of those that show a figure.

    Without any, the newest that was opened: a round that begins takes no figure away.
    """
    shown = exists().where(
        Publication.round_id == SurveyRound.id,
        Publication.body["department"]["share"].as_string().is_not(None)
        | Publication.body["department"]["mean5"].as_string().is_not(None),
    )
    state = await session.scalar(
        select(SurveyRound.state)
        .where(SurveyRound.year == year, SurveyRound.status.not_in(NOT_IN_FORCE))
        .order_by(shown.desc(), SurveyRound.id.desc())
        .limit(1)
    )
    return RoundState.model_validate(state) if state else None


async def newest(session: AsyncSession, round_id: UUID) -> Published | None:
    """Return what a round's newest release shows."""
    body = await session.scalar(
        select(Publication.body)
        .where(Publication.round_id == round_id)
        .order_by(Publication.release.desc())
        .limit(1)
    )
    return Published.model_validate(body) if body else None


def store(session: AsyncSession, published: Published) -> None:
    """Keep what a release shows."""
    body: Mapping[str, object] = published.model_dump(mode="json")
    session.add(
        Publication(round_id=published.round_id, release=published.release, body=dict(body))
    )
