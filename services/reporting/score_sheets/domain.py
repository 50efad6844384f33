"""What may be entered for a sub-criterion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from reporting.criteria.domain import SubCriterion, SurveyIndex, SurveyOptions
from reporting.disclosure.thresholds import FINER
from reporting.shown import shown

SCORES = ("self_score", "expected_score", "last_year_score", "appraised_1", "appraised_2")
BALLOTS = ("ballots", "ballots_evidence")
NOT_OF_SURVEYS = frozenset({"self_score", "appraised_1", "appraised_2"})
POINT_PLACES = 6  # as points are stored


def check_values(
    sub: SubCriterion,
    values: Mapping[str, Any],
    *,
    reason: str | None,
    ballots: Mapping[str, int] | None = None,
    evidence: str | None = None,
    fed: bool = False,
) -> None:
    """Refuse points out of range, and not-applicable where it may not be.

    Args:
        values: points (0 to the sub-criterion's maximum) and marks by column; None empties one.
        reason: why it does not apply, as it stands after the change.
        ballots, evidence: answers counted by hand and what proves them, after the change.
        fed: whether a closed round already gives the answers.

    Raises InputRefused (`score_invalid`) with all problems, RuleBroken
    (`score_row_without_reason`, `score_row_without_ballots`, `score_row_fed`). Source:
    survey points come from the survey alone, docs/indices.md 6; who may enter which column stands
    in `access.py`.
    """
    problems = {
        name: problem_with_score(sub, name, Decimal(values[name]))
        for name in SCORES
        if values.get(name) is not None
    }
    if values.get("not_applicable_reason"):
        problems["not_applicable_reason"] = problem_with_not_applicable(
            sub, values["not_applicable_reason"]
        )
    if any(name in values for name in BALLOTS) and (ballots or values.get("ballots_evidence")):
        problems["ballots"] = problem_with_ballots(sub, ballots, evidence)
    wrong = [Problem(f"/{name}", why) for name, why in problems.items() if why]
    if wrong:
        raise InputRefused("score_invalid", wrong[0].sentence, wrong)
    if values.get("not_applicable_accepted") and not reason:
        sentence = Sentence(N_("Đơn vị chưa nêu lý do không áp dụng, chưa thể chấp nhận"))
        raise RuleBroken("score_row_without_reason", sentence)
    if fed and (values.get("ballots") or values.get("ballots_accepted")):
        sentence = Sentence(_FED, {"part": sub.code})
        raise RuleBroken("score_row_fed", sentence)
    if values.get("ballots_accepted") and not of_todays_options(sub, ballots):
        sentence = Sentence(N_("Chưa ai nhập phiếu đã kiểm, chưa thể chấp nhận"))
        raise RuleBroken("score_row_without_ballots", sentence)


_NO_INDEX = N_("{part}: dòng này không tính theo chỉ số hài lòng của khảo sát")
_NO_PERCENT = N_("{part}: chỉ số hài lòng phải từ 0 đến 100 (%)")
_NO_SOURCE = N_("{part}: phải nêu nguồn, ví dụ số và ngày của quyết định công bố")
_NO_DAY = N_("{part}: phải nêu ngày của nguồn, không sau hôm nay")
_PLACES = N_("{part}: số có nhiều nhất {places} chữ số thập phân")
_FED = N_("{part}: đợt khảo sát đã đóng cho kết quả rồi, không nhập phiếu kiểm")


@dataclass(frozen=True, slots=True)
class LastYear:
    """What a row came to last year, of how many points."""

    code: str
    points: Decimal
    max_points: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """A satisfaction index in percent, of whom, for which row, where it is published and when.

    `line`: where it stands in the file it was read from.
    """

    line: int
    body_code: str
    code: str
    index: Decimal
    source: str
    dated_on: date


def check_survey_figure(
    sub: SubCriterion, index: Decimal | None, source: str | None, day: date | None, today: date
) -> None:
    """Refuse what is no published figure of a survey: an index in percent, its source and day.

    `index` None: it is taken back. Raises InputRefused (`score_invalid`).
    """
    facts: dict[str, object] = {"part": sub.code}
    problem = None
    if not isinstance(sub.rule, SurveyIndex):
        problem = "index", _NO_INDEX
    elif index is None:
        return
    elif not index.is_finite() or not 0 <= index <= 100:  # noqa: PLR2004 - percent
        problem = "index", _NO_PERCENT
    elif round(index, POINT_PLACES) != index:
        problem, facts = ("index", _PLACES), {**facts, "places": POINT_PLACES}
    elif not (source or "").strip():
        problem = "source", _NO_SOURCE
    elif day is None or day > today:
        problem = "dated_on", _NO_DAY
    if problem is not None:
        sentence = Sentence(problem[1], facts)
        raise InputRefused("score_invalid", sentence, [Problem(f"/{problem[0]}", sentence)])


def kept(points: Fraction) -> Decimal:
    """Return points as they are kept, to 6 places; what they count with stays exact elsewhere."""
    return round(Decimal(points.numerator) / points.denominator, POINT_PLACES)


def without_counts(values: Mapping[str, Any]) -> dict[str, None]:
    """Return the counts behind points that are typed over: they give these points no more."""
    own = ("self_done", "self_due") if "self_score" in values else ()
    appraised = {"appraised_1", "appraised_2"} & values.keys()
    return dict.fromkeys((*own, *(("appraised_done", "appraised_due") if appraised else ())))


def of_todays_options(
    sub: SubCriterion, ballots: Mapping[str, int] | None
) -> Mapping[str, int] | None:
    """Return counted ballots; None where the rule has other options by now, or no ballots."""
    known = sub.rule.option_weights.keys() if isinstance(sub.rule, SurveyOptions) else None
    return ballots if ballots and ballots.keys() == known else None


def columns_open(
    sub: SubCriterion,
    *,
    reason: str | None,
    ballots: Mapping[str, int] | None = None,
    fed: bool = False,
) -> list[str]:
    """Return the columns that a sub-criterion has room for, with what was entered so far."""
    scores = [name for name in SCORES if not (sub.is_survey and name in NOT_OF_SURVEYS)]
    reasons = ["not_applicable_reason"] if sub.na_allowed else []
    counted = list(BALLOTS) if isinstance(sub.rule, SurveyOptions) and not fed else []
    accepts = ["not_applicable_accepted"] if reason else []
    accepts += ["ballots_accepted"] if counted and of_todays_options(sub, ballots) else []
    return [*scores, *reasons, *counted, *accepts]


def problem_with_ballots(
    sub: SubCriterion, ballots: Mapping[str, int] | None, evidence: str | None
) -> Sentence | None:
    """Say why such ballots cannot be entered; None when they can.

    Counts of every option, at least ten answers (a smaller group is not shown anywhere), and what
    proves them: a record of the count, the ballots kept. Source: composed, docs/indices.md 3.5.
    """
    if not isinstance(sub.rule, SurveyOptions):
        sentence = N_("{part}: không tính theo phương án trả lời nên không nhập phiếu kiểm")
        return Sentence(sentence, {"part": sub.code})
    options = sorted(sub.rule.option_weights)
    facts = {"part": sub.code, "options": ", ".join(options)}
    if sorted(ballots or {}) != options:
        return Sentence(N_("{part}: phải nhập số phiếu của đủ các phương án {options}"), facts)
    if sum((ballots or {}).values()) < FINER:
        sentence = N_("{part}: phải có ít nhất {least} phiếu, ít hơn thì đoán được ai trả lời gì")
        return Sentence(sentence, {**facts, "least": FINER})
    if not (evidence or "").strip():
        sentence = N_("{part}: phải nêu minh chứng, ví dụ số và ngày của biên bản kiểm phiếu")
        return Sentence(sentence, facts)
    return None


def part_of(sub: SubCriterion) -> str:
    """Return how a row is named: bonus and penalty by their names, they have no code of the set."""
    return sub.name if sub.code in {"bonus", "penalty"} else sub.code


def problem_with_score(sub: SubCriterion, column: str, points: Decimal) -> Sentence | None:
    """Say why such points cannot be entered in a column; None when they can."""
    if sub.is_survey and column in NOT_OF_SURVEYS:
        sentence = N_("{part}: điểm khảo sát không tự chấm, không thẩm định, chỉ lấy từ khảo sát")
        return Sentence(sentence, {"part": part_of(sub)})
    if not 0 <= points <= sub.max_points:
        sentence = N_("{part}: điểm phải từ 0 đến {most}")
        return Sentence(sentence, {"part": part_of(sub), "most": shown(sub.max_points)})
    if round(points, POINT_PLACES) != points:
        return Sentence(_PLACES, {"part": part_of(sub), "places": POINT_PLACES})
    return None


def problem_with_not_applicable(sub: SubCriterion, reason: str) -> Sentence | None:
    """Say why a sub-criterion cannot be marked not applicable; None when it can."""
    if not sub.na_allowed:
        sentence = N_("{part}: tiêu chí này luôn phải chấm, không được đánh dấu “không áp dụng”")
    elif not reason.strip():
        sentence = N_("{part}: phải nêu lý do không áp dụng")
    else:
        return None
    return Sentence(sentence, {"part": sub.code})
