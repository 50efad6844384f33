"""What may be entered in a row of a body's sheet, and what a row still lacks before a lock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from reporting.criteria.domain import (
    Boolean,
    CriteriaSet,
    Deduct,
    Deduction,
    Proportional,
    SubCriterion,
    Tiered,
)
from reporting.par.scoring import proportional
from reporting.score_sheets.domain import kept, problem_with_score
from reporting.score_sheets.steps import State
from reporting.shown import shown

BONUS, PENALTY = "bonus", "penalty"
_NAMES = {BONUS: N_("Điểm thưởng"), PENALTY: N_("Điểm trừ")}
Lack = Literal["score", "evidence", "appraisal", "answer"]
LACKS: Mapping[Lack, str] = {
    "score": N_("thiếu điểm"),
    "evidence": N_("thiếu minh chứng hoặc giải thích cách chấm"),
    "appraisal": N_("chưa thẩm định"),
    "answer": N_("chưa giải trình"),
}
_RATE = N_(
    "{part}: tiêu chí tính theo tỷ lệ, hãy nhập tử số ({numerator}) và mẫu số ({denominator}), "
    "điểm được tính từ đó"
)
_NO_RATE = N_("{part}: tiêu chí không tính theo tỷ lệ, hãy nhập điểm từ 0 đến {most}")
_ORDER = N_("{part}: tử số {done} lớn hơn mẫu số {due}; tử số phải từ 0 đến mẫu số")
_NOTHING_DUE = N_(
    "{part}: mẫu số là 0 nên không tính được tỷ lệ; nếu không phát sinh, hãy đánh dấu không áp "
    "dụng và nêu lý do"
)
_STEP = N_("{part}: điểm phải là một trong các mức {steps}; {points} không phải là một mức")
_LACKING = N_("Chưa sang bước sau được, còn dòng phải bổ sung: {rows}")
_ROWS = N_("{lack}: {codes}")
_AND = N_("{one}; {more}")
_BOTH = N_(
    "{part}: đã có điểm tự chấm {points}, lại có lý do không áp dụng; nếu không áp dụng, hãy xóa "
    "điểm (hoặc tử số và mẫu số) trước; nếu áp dụng, hãy để trống lý do"
)
_NOT_ASKED = N_("{part}: người thẩm định không yêu cầu giải trình dòng này")
_UNEXPLAINED = N_("{part}: điểm khác điểm tự chấm ({own}), hãy ghi lý do")


def extra(criteria: CriteriaSet) -> dict[str, SubCriterion]:
    """Return bonus and penalty as rows of their own: up to the set's caps, beside the sum."""
    caps = {BONUS: criteria.bonus_max, PENALTY: criteria.penalty_max}
    rule = Deduction(method="deduction", deducts=(Deduct(per="-", minus=Decimal(0)),))
    return {
        code: SubCriterion(code=code, name=_NAMES[code], max_points=most, rule=rule, source="set")
        for code, most in caps.items()
        if most > 0
    }


def rows_of_sheet(criteria: CriteriaSet) -> dict[str, SubCriterion]:
    """Return every row of a sheet, bonus and penalty last."""
    return {**criteria.by_code(), **extra(criteria)}


def steps_of(sub: SubCriterion) -> list[Decimal] | None:
    """Return the points a row can have where the set names them; None: any up to the maximum."""
    match sub.rule:
        case Boolean(true_points=yes, false_points=no):
            return sorted({yes, no})
        case Tiered(tiers=tiers):
            return sorted({tier.points for tier in tiers})
    return None


def points_given(
    sub: SubCriterion, points: Decimal | None, done: int | None, due: int | None, column: str
) -> Decimal | None:
    """Return the points of an entry: those typed, or those a numerator and denominator give.

    Args:
        column: `self_score`, `appraised_1` or `appraised_2`; a survey's row has none of these.

    Points of a rate are kept to 6 places; what they count with stays exact. Raises InputRefused
    (`score_invalid`).
    """
    if points is None and done is None and due is None:
        return None
    found = _problem(sub, points, done, due, column)
    if found is not None:
        field, sentence = found
        raise InputRefused("score_invalid", sentence, [Problem(f"/{field}", sentence)])
    if not isinstance(sub.rule, Proportional) or done is None or due is None:
        return points
    exact = proportional(done, due, sub.rule, Fraction(sub.max_points)) or Fraction(0)
    return kept(exact)


def check_difference(
    sub: SubCriterion, points: Decimal | None, own: Decimal | None, note: str | None
) -> None:
    """Raise InputRefused (`appraisal_without_note`): other points than the body's need a reason."""
    if points is None or points == own or (note or "").strip():
        return
    said = "–" if own is None else shown(own)
    sentence = Sentence(_UNEXPLAINED, {"part": sub.code, "own": said})
    raise InputRefused("appraisal_without_note", sentence, [Problem("/note", sentence)])


def check_one_of(sub: SubCriterion, points: Decimal | None, reason: str | None) -> None:
    """Raise InputRefused (`score_invalid`) for points of a row that is said not to apply."""
    if points is None or not reason:
        return
    sentence = Sentence(_BOTH, {"part": sub.code, "points": shown(points)})
    raise InputRefused("score_invalid", sentence, [Problem("/not_applicable_reason", sentence)])


def check_asked(code: str, question: str | None) -> None:
    """Raise RuleBroken (`score_row_not_asked`) for an answer to what nobody asked."""
    if not question:
        raise RuleBroken("score_row_not_asked", Sentence(_NOT_ASKED, {"part": code}))


def _problem(
    sub: SubCriterion, points: Decimal | None, done: int | None, due: int | None, column: str
) -> tuple[str, Sentence] | None:
    if sub.is_survey:
        why = problem_with_score(sub, column, Decimal(0))
        return ("points", why) if why else None
    part: dict[str, object] = {"part": sub.code}
    if isinstance(sub.rule, Proportional):
        return _problem_of_rate(sub.rule, part, points, done, due)
    if points is None or done is not None or due is not None:
        most = {**part, "most": shown(sub.max_points)}
        return "points", Sentence(_NO_RATE, most)
    if why := problem_with_score(sub, column, points):
        return "points", why
    steps = steps_of(sub)
    if steps is not None and points not in steps:
        facts = {"steps": _joined([shown(step) for step in steps]), "points": shown(points)}
        return "points", Sentence(_STEP, {**part, **facts})
    return None


def _problem_of_rate(
    rule: Proportional,
    part: Mapping[str, object],
    points: Decimal | None,
    done: int | None,
    due: int | None,
) -> tuple[str, Sentence] | None:
    if points is not None or done is None or due is None:
        words = {"numerator": rule.numerator, "denominator": rule.denominator}
        field = "points" if points is not None else "done" if done is None else "due"
        return field, Sentence(_RATE, {**part, **words})
    if due == 0:
        return "due", Sentence(_NOTHING_DUE, part)
    if done > due:
        return "done", Sentence(_ORDER, {**part, "done": done, "due": due})
    return None


@dataclass(frozen=True, slots=True)
class Filled:
    """What a row has, as far as a lock looks at it. `proof`: evidence, or how it was scored."""

    sub: SubCriterion
    self_score: Decimal | None = None
    not_applicable: bool = False
    not_applicable_accepted: bool = False
    proof: bool = False
    appraised: Decimal | None = None
    asked: bool = False
    answered: bool = False


def lacking(state: State, rows: Iterable[Filled]) -> list[tuple[str, Lack]]:
    """Return what each row still lacks before the next lock or the approval, as the sheet goes."""
    found = {"opened": _of_self_scores, "self_scoring": _of_self_scores,
             "locked": _of_appraisal, "explaining": _of_answers,
             "explained": _of_appraisal}.get(state)  # fmt: skip
    if found is None:
        return []
    return [(row.sub.code, lack) for row in rows for lack in found(row)]


def check_complete(found: Iterable[tuple[str, Lack]]) -> None:
    """Raise RuleBroken (`score_sheet_incomplete`) naming every row and what it lacks."""
    rows: dict[Lack, list[str]] = {}
    for code, lack in found:
        rows.setdefault(lack, []).append(code)
    if rows:
        said = [
            Sentence(_ROWS, {"lack": Sentence(LACKS[lack]), "codes": ", ".join(codes)})
            for lack, codes in rows.items()
        ]
        raise RuleBroken("score_sheet_incomplete", Sentence(_LACKING, {"rows": _joined(said)}))


def _joined(parts: Sequence[object]) -> object:
    """Return parts one after another, each said in the reader's language."""
    first, *others = parts
    return Sentence(_AND, {"one": first, "more": _joined(others)}) if others else first


def _of_self_scores(row: Filled) -> Iterator[Lack]:
    """A bonus or a penalty need not be claimed; what is claimed is proven like any row."""
    if row.sub.is_survey or row.not_applicable or (row.sub.code in _NAMES and not row.self_score):
        return
    if row.self_score is None:
        yield "score"
    if not row.proof:
        yield "evidence"


def _of_appraisal(row: Filled) -> Iterator[Lack]:
    if row.sub.is_survey or row.not_applicable_accepted or row.appraised is not None:
        return
    if row.sub.code not in _NAMES or row.self_score:
        yield "appraisal"


def _of_answers(row: Filled) -> Iterator[Lack]:
    if row.asked and not row.answered:
        yield "answer"
