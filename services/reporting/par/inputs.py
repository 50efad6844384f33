"""What is known about a sub-criterion, and what of it stands for it in each PAR figure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

from chassis.words import N_, Sentence
from reporting.completion.domain import Completion
from reporting.criteria.domain import SubCriterion, SurveyIndex, SurveyOptions
from reporting.par.scoring import Facts, Options, Ratio

Kind = Literal["secured", "projected", "official"]
Source = Literal[
    "live", "closed_round", "open_round", "ballots", "appraised_2", "appraised_1", "self_score",
    "expected", "last_year", "none", "not_applicable",
]  # fmt: skip
KINDS: tuple[Kind, ...] = ("secured", "projected", "official")


@dataclass(frozen=True, slots=True)
class Live:
    """What tasks say of a sub-criterion by now.

    `whole` counts the whole period (proven), `so_far` what is due (where the pace leads).
    """

    whole: Facts | None
    so_far: Facts | None

    @classmethod
    def from_tasks(cls, completion: Completion) -> Self:
        """Counts of a plan's, or of the linked, assignments."""
        return cls(completion.whole, completion.so_far)


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What the year's survey rounds show for a sub-criterion, as everybody may see it.

    `result`: of the newest closed round that shows it; it is official until another closed round
    shows it. `under_way`: of a round that is still open and newer than that; its figure may go.
    """

    result: Facts | None = None
    under_way: Facts | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything known about one sub-criterion. Points are 0..max; None: not entered.

    `ballots`: answers counted outside of the system, with what proves them; they stand for
    something once the appraiser accepted them, as `not_applicable` does. Appraised points of a rate
    may be its numerator and denominator: what comes of them is exact then.
    """

    live: Live | None = None
    survey: Surveyed | None = None
    ballots: Options | None = None
    ballots_accepted: bool = False
    self_score: Decimal | None = None
    expected_score: Decimal | None = None
    last_year_score: Decimal | None = None
    appraised_1: Decimal | Ratio | None = None
    appraised_2: Decimal | Ratio | None = None
    not_applicable: bool = False


NOTHING_KNOWN = Inputs()
Candidate = tuple[Source, Facts | Decimal | None]
_NO_LIVE, _NO_SURVEY = Live(None, None), Surveyed()


def candidates(
    sub: SubCriterion, inputs: Inputs, kind: Kind
) -> list[tuple[Source, Facts | Decimal]]:
    """Return what may stand for a sub-criterion in a figure, best first.

    - secured: appraised, then live over the whole period. A self-score proves nothing yet.
    - projected: live so far, self-score, the owner's expectation, last year's.
    - official: appraised round 2, else 1.

    Surveys are never self-scored nor appraised: their points come from rounds, and from ballots
    that were counted outside of the system. Source: this and the official order sourced, the
    others composed, docs/indices.md 6.
    """
    order = (_of_surveys if sub.is_survey else _of_others)(inputs, kind)
    return [(source, basis) for source, basis in order if basis is not None]


def _of_surveys(inputs: Inputs, kind: Kind) -> list[Candidate]:
    """A result stays official until another is there: no open round ever takes its place."""
    survey = inputs.survey or _NO_SURVEY
    result: Candidate = ("closed_round", survey.result)
    under_way: Candidate = ("open_round", survey.under_way)
    entered: Candidate = ("ballots", inputs.ballots)
    if kind == "projected":
        return [
            under_way, result, entered, ("expected", inputs.expected_score),
            ("last_year", inputs.last_year_score),
        ]  # fmt: skip
    official = [result, *([entered] if inputs.ballots_accepted else [])]
    return official if kind == "official" else [*official, under_way]


def _of_others(inputs: Inputs, kind: Kind) -> list[Candidate]:
    live = inputs.live or _NO_LIVE
    if kind == "projected":
        return [
            ("live", live.so_far), ("self_score", inputs.self_score),
            ("expected", inputs.expected_score), ("last_year", inputs.last_year_score),
        ]  # fmt: skip
    appraised: list[Candidate] = [
        ("appraised_2", inputs.appraised_2), ("appraised_1", inputs.appraised_1),
    ]  # fmt: skip
    return appraised if kind == "official" else [*appraised, ("live", live.whole)]


_NEXT = {
    "survey_index": N_("Cần một đợt khảo sát của năm hỏi về yếu tố {asked} và đủ phiếu để công bố"),
    "survey_options": N_(
        "Cần kết thúc một đợt khảo sát của năm có câu {asked}, hoặc nhập số phiếu theo từng phương "
        "án kèm minh chứng rồi được thẩm định chấp nhận"
    ),
    "by_hand": N_(
        "Cần nhập số phiếu theo từng phương án kèm minh chứng, rồi được thẩm định chấp nhận"
    ),
    "plan": N_("Cần một kế hoạch của năm có nhiệm vụ đến hạn"),
    "linked": N_("Cần liên kết nhiệm vụ với tiêu chí này, và có nhiệm vụ đến hạn"),
    "people": N_("Cần nhập điểm: tự đánh giá cho điểm dự kiến, thẩm định cho điểm chính thức"),
    "survey_closed": N_(
        "Cần kết thúc một đợt khảo sát của năm hỏi về yếu tố {asked}, với đủ phiếu để công bố"
    ),
    "appraised": N_("Cần thẩm định nhập điểm: điểm chính thức chỉ lấy từ thẩm định"),
}


def next_step(sub: SubCriterion, kind: Kind) -> Sentence:
    """Say what gives a sub-criterion without a value one in a figure."""
    official = kind == "official"
    match sub.rule:
        case SurveyIndex(factor=factor):
            return Sentence(
                _NEXT["survey_closed" if official else "survey_index"], {"asked": factor}
            )
        case SurveyOptions(question=None):
            return Sentence(_NEXT["by_hand"])
        case SurveyOptions(question=question):
            return Sentence(_NEXT["survey_options"], {"asked": question})
    return Sentence(_NEXT["appraised" if official else sub.counts or "people"])
