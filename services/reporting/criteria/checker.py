"""Whether a criteria set can be used: every problem at once, naming its code."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from string import ascii_uppercase
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, to_json

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from reporting.criteria.domain import (
    Area,
    Boolean,
    CriteriaSet,
    Criterion,
    Deduction,
    Proportional,
    SubCriterion,
    SurveyOptions,
    Tier,
    Tiered,
)

SCALE = Decimal(100)  # every published set adds up to it
WHOLE = N_("Bộ tiêu chí")  # stands where a part has its code
AnyPart = Area | Criterion | SubCriterion


def read(data: Mapping[str, Any]) -> CriteriaSet:
    """Read a criteria set from YAML or JSON.

    Raises InputRefused (`criteria_set_invalid`) with every problem found, each with its JSON
    pointer into what was given (empty: the whole).
    Points are best written as strings ("1.5"); a plain number is taken digit by digit as written.
    """
    try:
        criteria_set = CriteriaSet.model_validate_json(to_json(data), strict=True)
    except ValidationError as error:
        raise _refused([_shape(data, detail) for detail in error.errors()]) from None
    if problems := list(_problems(criteria_set)):
        raise _refused(problems)
    return criteria_set


def _refused(problems: Sequence[Problem]) -> InputRefused:
    sentence = Sentence(N_("Bộ tiêu chí chưa đúng, hãy sửa các chỗ nêu dưới đây"))
    return InputRefused("criteria_set_invalid", sentence, problems)


def _problems(whole: CriteriaSet) -> Iterator[Problem]:
    yield from _sums("", WHOLE, whole.total_points, whole.areas)
    if whole.total_points != SCALE:
        sentence = "Bộ tiêu chí: tổng điểm là {total}, phải là {scale}"
        facts = {"total": whole.total_points.normalize(), "scale": SCALE}
        yield Problem("/total_points", Sentence(sentence, facts))
    yield from _bands(whole)
    seen: set[str] = set()
    for pointer, parent, part in _parts(whole):
        if part.code in seen:
            yield _problem(pointer, part, "{part}: mã bị trùng")
        seen.add(part.code)
        if parent and not part.code.startswith(f"{parent}."):
            yield _problem(pointer, part, "{part}: mã phải bắt đầu bằng “{parent}.”", parent=parent)
        yield from _part(pointer, part)


def _parts(whole: CriteriaSet) -> Iterator[tuple[str, str, AnyPart]]:
    """Walk the set: pointer, code of the parent, part."""
    for i, area in enumerate(whole.areas):
        yield f"/areas/{i}", "", area
        for j, criterion in enumerate(area.criteria):
            yield f"/areas/{i}/criteria/{j}", area.code, criterion
            for k, sub in enumerate(criterion.sub_criteria):
                yield f"/areas/{i}/criteria/{j}/sub_criteria/{k}", criterion.code, sub


def _part(pointer: str, part: AnyPart) -> Iterator[Problem]:
    if isinstance(part, Area):
        yield from _sums(pointer, part.code, part.max_points, part.criteria)
    elif isinstance(part, Criterion):
        yield from _sums(pointer, part.code, part.max_points, part.sub_criteria)
    else:
        for broken in (*_sub(part), *_rule(part)):
            yield _problem(pointer, part, broken.template, **broken.facts)


def _problem(pointer: str, part: AnyPart, sentence: str, **facts: object) -> Problem:
    return Problem(pointer, Sentence(sentence, {"part": part.code, **facts}))


def _sums(pointer: str, name: str, points: Decimal, parts: Sequence[AnyPart]) -> Iterator[Problem]:
    total = sum((part.max_points for part in parts), Decimal(0))
    if total != points:
        sentence = "{name}: điểm các phần cộng lại là {total}, khác điểm tối đa {points}"
        facts = {"name": name, "total": total.normalize(), "points": points.normalize()}
        yield Problem(pointer, Sentence(sentence, facts))


def _bands(whole: CriteriaSet) -> Iterator[Problem]:
    bands = whole.grade_bands
    if any(higher.at_least <= lower.at_least for higher, lower in pairwise(bands)):
        yield Problem("/grade_bands", Sentence("Xếp loại: các mức phải giảm dần"))
    if bands and bands[-1].at_least != 0:
        sentence = "Xếp loại: mức cuối “{band}” phải bắt đầu từ 0"
        pointer = f"/grade_bands/{len(bands) - 1}"
        yield Problem(pointer, Sentence(sentence, {"band": bands[-1].name}))


def _sub(sub: SubCriterion) -> Iterator[Sentence]:
    if sub.max_points == 0:
        yield Sentence("{part}: điểm tối đa phải lớn hơn 0")
    if sub.na_allowed and not sub.na_when:
        yield Sentence("{part}: cho phép “không áp dụng” thì phải nêu khi nào (na_when)")
    if sub.is_survey != (sub.feeds_from == "surveys"):
        yield Sentence(
            "{part}: tính theo khảo sát thì phải lấy số liệu khảo sát "
            "(feeds_from: surveys), và ngược lại"
        )
    if sub.from_rounds and not sub.is_survey:
        yield Sentence(
            "{part}: chỉ tiêu chí tính theo khảo sát mới chọn được đợt khảo sát (from_rounds)"
        )
    yield from _fed_by_tasks(sub)


def _fed_by_tasks(sub: SubCriterion) -> Iterator[Sentence]:
    fed = sub.feeds_from == "tasks"
    tiers = isinstance(sub.rule, Tiered) and sub.rule.measure == "tasks"
    if fed != (sub.counts is not None):
        yield Sentence(
            "{part}: lấy dữ liệu từ nhiệm vụ thì phải nêu đếm gì "
            "(counts: plan hoặc linked), và ngược lại"
        )
    if fed and not (tiers or isinstance(sub.rule, Proportional)):
        yield Sentence(
            "{part}: lấy dữ liệu từ nhiệm vụ thì phải tính theo tỷ lệ hoặc theo bậc đo nhiệm vụ"
        )
    if tiers and not fed:
        yield Sentence(
            "{part}: bậc đo nhiệm vụ thì phải lấy dữ liệu từ nhiệm vụ (feeds_from: tasks)"
        )


def _rule(sub: SubCriterion) -> Iterator[Sentence]:
    match sub.rule:
        case Proportional(full_at=full_at, floor=floor):
            if full_at == 0:
                yield Sentence("{part}: mức đủ điểm (full_at) phải lớn hơn 0")
            if floor > full_at:
                sentence = "{part}: sàn {floor} cao hơn mức đủ điểm {full_at}"
                yield Sentence(
                    sentence, {"floor": floor.normalize(), "full_at": full_at.normalize()}
                )
        case Boolean(true_points=full, false_points=rest):
            if not rest < full == sub.max_points:
                yield Sentence("{part}: “đạt” phải được điểm tối đa và hơn “không đạt”")
        case Tiered() as rule:
            yield from _tiers(rule, sub.max_points)
        case Deduction(deducts=deducts):
            sentence = "{part}: mức trừ “{per}” phải lớn hơn 0"
            yield from (Sentence(sentence, {"per": d.per}) for d in deducts if d.minus == 0)
        case SurveyOptions(option_weights=weights):
            yield from _options(weights)


def _options(weights: Mapping[str, Decimal]) -> Iterator[Sentence]:
    if max(weights.values(), default=None) != 1:
        yield Sentence("{part}: phương án tốt nhất phải có trọng số 1")
    letters = ascii_uppercase[: len(weights)]
    if "".join(sorted(weights)) != letters:
        sentence = "{part}: các phương án phải là {letters}, theo thứ tự phương án của câu hỏi"
        yield Sentence(sentence, {"letters": ", ".join(letters)})


def _tiers(rule: Tiered, max_points: Decimal) -> Iterator[Sentence]:
    if rule.tiers[0].points != max_points:
        sentence = "{part}: bậc đầu phải được điểm tối đa {points}"
        yield Sentence(sentence, {"points": max_points.normalize()})
    for higher, lower in pairwise(rule.tiers):
        if lower.points >= higher.points:
            sentence = "{part}: bậc “{lower}” phải ít điểm hơn bậc “{higher}”"
            yield Sentence(sentence, {"lower": lower.when, "higher": higher.when})
    if rule.measure in ("rate", "count"):
        yield from _limits(rule)
    for tier in rule.tiers:
        if not _fits(rule, tier):
            sentence = "{part}: bậc “{tier}”: điều kiện không hợp với cách đo “{measure}”"
            yield Sentence(sentence, {"tier": tier.when, "measure": rule.measure})


def _limits(rule: Tiered) -> Iterator[Sentence]:
    limits = [tier.at_least for tier in rule.tiers if tier.at_least is not None]
    if any(lower >= higher for higher, lower in pairwise(limits)):
        yield Sentence("{part}: ngưỡng các bậc (at_least) phải giảm dần")
    if limits and limits[-1] != 0:
        yield Sentence(
            "{part}: bậc cuối phải có ngưỡng (at_least) bằng 0, để kết quả nào cũng có bậc"
        )
    if rule.measure == "rate" and any(limit > 1 for limit in limits):
        yield Sentence("{part}: ngưỡng tỷ lệ (at_least) phải từ 0 đến 1")


def _fits(rule: Tiered, tier: Tier) -> bool:
    tasks = tier.all_done or tier.all_on_time or tier.any_overdue
    if rule.measure == "tasks":
        return bool(tasks) and tier.at_least is None
    return not tasks and (tier.at_least is not None) == (rule.measure in ("rate", "count"))


WORDS = {
    "missing": "thiếu trường này",
    "extra_forbidden": "trường này không dùng đến",
    "union_tag_invalid": "cách tính điểm (method) không có trong danh mục",
    "union_tag_not_found": "thiếu cách tính điểm (method)",
    "too_short": "phải có ít nhất một phần tử (bậc điểm: hai)",
    "string_pattern_mismatch": "mã chỉ gồm chữ, số và dấu chấm",
}


ABSENT = object()


def _shape(data: Mapping[str, Any], detail: ErrorDetails) -> Problem:
    """Say what pydantic found, with the innermost code on the way to it."""
    here: Any = data
    code, path = WHOLE, []
    for place, step in enumerate(detail["loc"], 1):
        inside = _step(here, step)
        if inside is ABSENT and not (detail["type"] == "missing" and place == len(detail["loc"])):
            continue  # a union's tag: it is part of pydantic's path, not of the data
        path.append(str(step))
        here = inside
        code = str(here["code"]) if isinstance(here, Mapping) and "code" in here else code
    field = path[-1] if path else ""
    words = WORDS.get(detail["type"], "giá trị không hợp lệ")
    facts = {"part": code, "field": field, "problem": words}
    return Problem(
        "".join(f"/{step}" for step in path), Sentence("{part}: {field}: {problem}", facts)
    )


def _step(here: Any, step: str | int) -> Any:
    if isinstance(here, Mapping):
        return here.get(step, ABSENT)
    if isinstance(here, Sequence) and isinstance(step, int) and step < len(here):
        return here[step]
    return ABSENT
