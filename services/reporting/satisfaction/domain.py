"""The satisfaction index: answers 1..5, two formulas, three ways to put questions together.

Both formulas are in use and give different figures on the same answers; a round says which one is
published, every page shows both. Sources and what is unknown: docs/indices.md 4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from chassis.words import N_, Sentence
from contracts.surveys import Aggregator, Method, QuestionnaireState
from reporting.disclosure.thresholds import is_few
from reporting.explanations.domain import Explanation, percent
from reporting.shown import text

_FORMULAS: Mapping[Method, str] = {
    "share": "100 × (n4 + n5) / (n1 + n2 + n3 + n4 + n5)",
    "mean5": "100 × (n1 + 2×n2 + 3×n3 + 4×n4 + 5×n5) / (n1 + … + n5) / 5",
}
LEVELS = 5  # 1 very unsatisfied … 5 very satisfied; 4 and 5 are satisfied


class AnswerCounts(NamedTuple):
    """Answers to one question, or to several pooled. `missing` is in no denominator."""

    n1: int = 0
    n2: int = 0
    n3: int = 0
    n4: int = 0
    n5: int = 0
    missing: int = 0

    @property
    def valid(self) -> int:
        """Answers 1..5."""
        return self.n1 + self.n2 + self.n3 + self.n4 + self.n5

    @property
    def satisfied(self) -> int:
        """Answers 4 and 5."""
        return self.n4 + self.n5

    @property
    def score(self) -> int:
        """Sum of the answers' values."""
        return self.n1 + 2 * self.n2 + 3 * self.n3 + 4 * self.n4 + 5 * self.n5


@dataclass(frozen=True, slots=True)
class Question:
    """A scaled question. `factor` None: about everything. `general`: about a factor as a whole."""

    code: str
    factor: str | None
    general: bool


def scaled(questionnaire: QuestionnaireState) -> tuple[Question, ...]:
    """Return the questions with the scale 1..5, in order."""
    return tuple(
        Question(q.code, q.factor, q.general) for q in questionnaire.questions if q.kind == "scale5"
    )


def share(counts: AnswerCounts) -> Fraction | None:
    """Percent of valid answers that are 4 or 5, 0..100; None without a valid answer.

    Source: how the ministry publishes SIPAS (general knowledge, consistent with every text read).
    """
    return Fraction(100 * counts.satisfied, counts.valid) if counts.valid else None


def mean5(counts: AnswerCounts) -> Fraction | None:
    """Mean of valid answers as percent of 5, 20..100: all neutral is 60; None without a valid one.

    Source: the province's published results of 2018 (mean 3,95 stands as 79,06 %).
    """
    return Fraction(100 * counts.score, 5 * counts.valid) if counts.valid else None


def index_of(counts: AnswerCounts, method: Method) -> Fraction | None:
    """Return one question's index, or of pooled answers, in percent by the method."""
    return share(counts) if method == "share" else mean5(counts)


def pooled(counts: Iterable[AnswerCounts]) -> AnswerCounts:
    """Add up answers: of several questions, or of all units for the department's figure.

    Source: fits the published national figures best, docs/indices.md 4.
    """
    return AnswerCounts(*map(sum, zip(*counts, strict=True)))


@dataclass(frozen=True, slots=True)
class Measure:
    """A satisfaction figure with all it is made of: a factor, or everything.

    `questions` holds only those that the aggregator uses. `n` is the number of counted responses
    behind it, as it may be shown.
    """

    name: str
    method: Method
    aggregator: Aggregator
    questions: tuple[tuple[str, AnswerCounts], ...]
    n: int

    @property
    def value(self) -> Fraction | None:
        """The index in percent, unrounded; None without a valid answer."""
        if self.aggregator != "mean_of_items":
            return index_of(self.counts, self.method)
        indices = self._indices()
        return sum(indices, Fraction(0)) / len(indices) if indices else None

    @property
    def counts(self) -> AnswerCounts:
        """All answers to its questions."""
        return pooled(counts for _, counts in self.questions)

    @property
    def behind(self) -> int:
        """Of how many ballots one moves the figure as much as one of this figure's can.

        Skipped questions give the others' answers more weight. At most `n`; the arithmetic mean of
        the questions' answers where they are pooled, the harmonic one for a mean of questions.
        Composed.
        """
        answered = [counts.valid for _, counts in self.questions if counts.valid]
        if not answered:
            return 0
        if self.aggregator != "mean_of_items":
            return min(self.n, sum(answered) // len(answered))
        return min(self.n, int(len(answered) / sum(Fraction(1, valid) for valid in answered)))

    @property
    def stands_on_few(self) -> bool:
        """Whether it is a mean with a question in it that fewer than 10 answered: it tells them."""
        if self.aggregator != "mean_of_items":
            return False
        return any(is_few(counts.valid) for _, counts in self.questions)

    def explain(self) -> Explanation:
        """Explain how the figure came about."""
        if self.aggregator != "mean_of_items":
            return explain_counts(self.name, self.counts, self.method)
        parts = [explain_counts(code, counts, self.method) for code, counts in self.questions]
        used = len(self._indices())
        return Explanation(
            rule="mean_of_items",
            step="mean_of_questions",
            text=Sentence(
                N_("{name}: trung bình {used} câu có trả lời là {index}"),
                {"name": self.name, "used": used, "index": percent(self.value)},
            ),
            formula=Sentence(N_("tổng chỉ số các câu có trả lời / số câu đó")),
            facts={"questions": used},
            parts=tuple(parts),
            value=None if self.value is None else text(self.value),
        )

    def _indices(self) -> list[Fraction]:
        indices = (index_of(counts, self.method) for _, counts in self.questions)
        return [index for index in indices if index is not None]


@dataclass(frozen=True, slots=True)
class SurveyFigure:
    """A satisfaction figure as it may be shown, in the round's method, in percent.

    `n` released ballots stand behind it since `release`; 0: there was none. `exact`: all that it is
    made of, which is told once the round is closed. `origin`: of which round it is, in words.
    """

    name: str
    value: Fraction | None
    n: int
    release: int
    exact: Measure | None = None
    origin: Sentence | None = None

    def explain(self) -> Explanation:
        """Explain how the figure came about: before the end, only what was released and when."""
        if self.exact:
            return self.exact.explain()
        name = self.name or N_("Chỉ số hài lòng chung")
        if self.value is None:
            return Explanation(
                rule="nothing", step="too_few_released",
                text=Sentence(N_("{name}: chưa đủ phiếu được công bố"), {"name": name}), value=None,
            )  # fmt: skip
        facts = {
            "name": name, "index": percent(self.value), "n": self.n, "release": self.release,
        }  # fmt: skip
        return Explanation(
            rule="released",
            step="index_released",
            text=Sentence(
                N_("{name}: {index} theo {n} phiếu đã công bố (lần công bố {release})"), facts
            ),
            formula=Sentence(
                N_("làm tròn theo bước để không ai đoán được phiếu của người dân; số liệu từng câu "
                   "được công bố khi đợt khảo sát kết thúc")
            ),
            numbers={"index": text(self.value)},
            facts={"ballots": self.n, "release": self.release},
            value=text(self.value),
        )  # fmt: skip


def measure(
    questions: Iterable[Question],
    counts: Mapping[str, AnswerCounts],
    method: Method,
    aggregator: Aggregator,
    *,
    factor: str | None = None,
    name: str = "",
    n: int = 0,
) -> Measure:
    """Put a factor's questions together, or all of them when `factor` is None.

    `mean_of_items` and `pooled` use the questions that are not general; `general_question` the
    factor's general one, or the questionnaire's own about everything. A unit's figure uses its own
    counts, the department's those of all units added up: never a mean of units. Source: composed,
    docs/indices.md 4.
    """
    chosen = [q for q in questions if _belongs(q, factor, general=aggregator == "general_question")]
    pairs = tuple((q.code, counts.get(q.code, AnswerCounts())) for q in chosen)
    return Measure(name or factor or N_("Chỉ số hài lòng chung"), method, aggregator, pairs, n)


def explain_counts(name: str, counts: AnswerCounts, method: Method) -> Explanation:
    """Explain how the index of one question, or of pooled answers, came about, in percent."""
    value = index_of(counts, method)
    index = Sentence(N_("Không có trả lời hợp lệ")) if value is None else percent(value)
    facts = {"name": name, "valid": counts.valid, "satisfied": counts.satisfied, "index": index}
    return Explanation(
        rule=method,
        step="answers_counted",
        text=Sentence(N_("{name}: {valid} trả lời hợp lệ, {satisfied} hài lòng: {index}"), facts),
        formula=Sentence(_FORMULAS[method]),
        facts=counts._asdict(),
        value=None if value is None else text(value),
    )


def _belongs(question: Question, factor: str | None, *, general: bool) -> bool:
    if general or factor is not None:
        return question.general == general and question.factor == factor
    return not question.general and question.factor is not None
