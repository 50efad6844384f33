"""What releases showed of rounds, as stored: the only source of every figure that leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import DateTime, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.words import Sentence
from contracts.surveys import Method, QuestionnaireState, RoundState
from reporting.disclosure.published import Figure, Published
from reporting.releases.models import Publication
from reporting.satisfaction.domain import AnswerCounts, Measure, SurveyFigure, measure, scaled
from reporting.sources.views import questionnaire_of, round_of


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

    @property
    def questions_told(self) -> tuple[int, int]:
        """Return how many of the questions that make the index show a figure, and of how many.

        Only what releases showed: nobody learns from it that somebody answered one more.
        """
        told = self.published.questions if self.published else {}
        made = measure(scaled(self.questionnaire), {}, self.round.method, self.round.aggregator)
        codes = [code for code, _ in made.questions]
        shown = [_in_method(told.get(code), self.round.method) for code in codes]
        return sum(each is not None for each in shown), len(codes)

    def chosen(self, question: str) -> list[tuple[str, int]] | None:
        """Return each option of a question with how often it was chosen, in their order.

        None where that is not told, as while the round is open, or the round does not ask it.
        """
        counts = self.published.options.get(question) if self.published else None
        asked = next((q for q in self.questionnaire.questions if q.code == question), None)
        if counts is None or asked is None:
            return None
        return list(zip(asked.options, counts, strict=True))

    def value(self) -> Fraction | None:
        """Return the department's figure in the round's own method."""
        return _in_method(self.department, self.round.method)

    def figure(self, factor: str | None = None, origin: Sentence | None = None) -> SurveyFigure:
        """Return a factor's figure, or everything's, with all that may be said of it.

        `origin`: of which round it is, in words, where that is to be said.
        """
        found = self.department if factor is None else self._factors.get(factor)
        name = self.questionnaire.factors.get(factor, factor) if factor else ""
        if found is None:
            return SurveyFigure(name, None, 0, 0)
        value = _in_method(found, self.round.method)
        exact = self._exact(factor, name)
        return SurveyFigure(name, value, found.n, found.release, exact, origin)

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


async def results(
    session: AsyncSession, round_: RoundState, before: datetime | None = None
) -> Results | None:
    """Return a round's results; None while its questionnaire is unknown here.

    `before`: as releases had shown them until then.
    """
    questionnaire = await questionnaire_of(session, round_)
    if questionnaire is None:
        return None
    return Results(round_, questionnaire, await newest(session, round_.round_id, before))


async def results_of(session: AsyncSession, round_id: UUID) -> Results | None:
    """Return the results of a round by its id; None while it is unknown here."""
    round_ = await round_of(session, round_id)
    return await results(session, round_) if round_ else None


async def newest(
    session: AsyncSession, round_id: UUID, before: datetime | None = None
) -> Published | None:
    """Return what a round's newest release shows; of those made before a moment, if one is told."""
    wanted = (
        select(Publication.body)
        .where(Publication.round_id == round_id)
        .order_by(Publication.release.desc())
        .limit(1)
    )
    if before is not None:
        made_at = Publication.body["at"].astext.cast(DateTime(timezone=True))
        wanted = wanted.where(made_at < before)
    body = await session.scalar(wanted)
    return Published.model_validate(body) if body else None


def store(session: AsyncSession, published: Published) -> None:
    """Keep what a release shows."""
    body: Mapping[str, object] = published.model_dump(mode="json")
    session.add(
        Publication(round_id=published.round_id, release=published.release, body=dict(body))
    )
