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
from reporting.criteria.bands import problems_with_bands
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
Found = tuple[str, Sentence]  # the field below its sub-criterion, and what is wrong there


def read(data: Mapping[str, Any]) -> CriteriaSet:
    """Read a criteria set from YAML or JSON.

    Raises InputRefused (`criteria_set_invalid`) with every problem found, each with its JSON
    pointer into what was given (empty: the whole).
    Points are best written as strings ("1.5"); a plain number is taken digit by digit as written.
    """
    criteria_set = shaped(data)
    if problems := problems_of(criteria_set):
        raise _refused(problems)
    return criteria_set


def shaped(data: Mapping[str, Any]) -> CriteriaSet:
    """Read a set whose fields can be read, whether or not it adds up: a draft. Raises as `read`."""
    try:
        return CriteriaSet.model_validate_json(to_json(data), strict=True)
    except ValidationError as error:
        raise _refused([_shape(data, detail) for detail in error.errors()]) from None


def problems_of(whole: CriteriaSet) -> list[Problem]:
    """Return everything that does not add up; nothing of it may be in force."""
    return list(_problems(whole))


def _refused(problems: Sequence[Problem]) -> InputRefused:
    sentence = Sentence(N_("Bộ tiêu chí chưa đúng, hãy sửa các chỗ nêu dưới đây"))
    return InputRefused("criteria_set_invalid", sentence, problems)


def _problems(whole: CriteriaSet) -> Iterator[Problem]:
    yield from _sums("/total_points", WHOLE, whole.total_points, whole.areas)
    if whole.roll_up == "percent" and whole.total_points != SCALE:
        sentence = "Bộ tiêu chí: tổng điểm là {total}, phải là {scale}"
        facts = {"total": whole.total_points.normalize(), "scale": SCALE}
        yield Problem("/total_points", Sentence(sentence, facts))
    yield from problems_with_bands(whole)
    seen: set[str] = set()
    for pointer, parent, part in _parts(whole):
        if part.code in seen:
            yield _problem(f"{pointer}/code", part, "{part}: mã bị trùng")
        seen.add(part.code)
        if parent and not part.code.startswith(f"{parent}."):
            sentence = "{part}: mã phải bắt đầu bằng “{parent}.”"
            yield _problem(f"{pointer}/code", part, sentence, parent=parent)
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
        yield from _sums(f"{pointer}/max_points", part.code, part.max_points, part.criteria)
    elif isinstance(part, Criterion):
        yield from _sums(f"{pointer}/max_points", part.code, part.max_points, part.sub_criteria)
    else:
        for field, broken in (*_sub(part), *_rule(part)):
            yield _problem(f"{pointer}/{field}", part, broken.template, **broken.facts)


def _problem(pointer: str, part: AnyPart, sentence: str, **facts: object) -> Problem:
    return Problem(pointer, Sentence(sentence, {"part": part.code, **facts}))


def _sums(pointer: str, name: str, points: Decimal, parts: Sequence[AnyPart]) -> Iterator[Problem]:
    total = sum((part.max_points for part in parts), Decimal(0))
    if total != points:
        sentence = "{name}: điểm các phần cộng lại là {total}, khác điểm tối đa {points}"
        facts = {"name": name, "total": total.normalize(), "points": points.normalize()}
        yield Problem(pointer, Sentence(sentence, facts))


def _sub(sub: SubCriterion) -> Iterator[Found]:
    if sub.max_points == 0:
        yield "max_points", Sentence("{part}: điểm tối đa phải lớn hơn 0")
    if sub.na_allowed and not sub.na_when:
        sentence = "{part}: cho phép “không áp dụng” thì phải nêu khi nào (na_when)"
        yield "na_when", Sentence(sentence)
    if sub.is_survey != (sub.feeds_from == "surveys"):
        yield (
            "feeds_from",
            Sentence(
                "{part}: tính theo khảo sát thì phải lấy số liệu khảo sát "
                "(feeds_from: surveys), và ngược lại"
            ),
        )
    if sub.from_rounds and not sub.is_survey:
        yield (
            "from_rounds",
            Sentence(
                "{part}: chỉ tiêu chí tính theo khảo sát mới chọn được đợt khảo sát (from_rounds)"
            ),
        )
    yield from _fed_by_tasks(sub)


def _fed_by_tasks(sub: SubCriterion) -> Iterator[Found]:
    fed = sub.feeds_from == "tasks"
    tiers = isinstance(sub.rule, Tiered) and sub.rule.measure == "tasks"
    if fed != (sub.counts is not None):
        yield (
            "counts",
            Sentence(
                "{part}: lấy dữ liệu từ nhiệm vụ thì phải nêu đếm gì "
                "(counts: plan hoặc linked), và ngược lại"
            ),
        )
    if fed and not (tiers or isinstance(sub.rule, Proportional)):
        yield (
            "rule/method",
            Sentence(
                "{part}: lấy dữ liệu từ nhiệm vụ thì phải tính theo tỷ lệ hoặc theo bậc đo nhiệm vụ"
            ),
        )
    if tiers and not fed:
        yield (
            "feeds_from",
            Sentence(
                "{part}: bậc đo nhiệm vụ thì phải lấy dữ liệu từ nhiệm vụ (feeds_from: tasks)"
            ),
        )


def _rule(sub: SubCriterion) -> Iterator[Found]:
    match sub.rule:
        case Proportional() as rule:
            yield from _proportional(rule)
        case Boolean(true_points=full, false_points=rest):
            if not rest < full == sub.max_points:
                sentence = "{part}: “đạt” phải được điểm tối đa và hơn “không đạt”"
                yield "rule/true_points", Sentence(sentence)
        case Tiered() as rule:
            yield from _tiers(rule, sub.max_points)
        case Deduction(deducts=deducts):
            sentence = "{part}: mức trừ “{per}” phải lớn hơn 0"
            for i, deduct in enumerate(deducts):
                if deduct.minus == 0:
                    yield f"rule/deducts/{i}/minus", Sentence(sentence, {"per": deduct.per})
        case SurveyOptions(option_weights=weights):
            yield from _options(weights)


def _proportional(rule: Proportional) -> Iterator[Found]:
    if rule.full_at == 0:
        yield "rule/full_at", Sentence("{part}: mức đủ điểm (full_at) phải lớn hơn 0")
    if rule.floor > rule.full_at:
        facts = {"floor": rule.floor.normalize(), "full_at": rule.full_at.normalize()}
        yield "rule/floor", Sentence("{part}: sàn {floor} cao hơn mức đủ điểm {full_at}", facts)


def _options(weights: Mapping[str, Decimal]) -> Iterator[Found]:
    place = "rule/option_weights"
    if max(weights.values(), default=None) != 1:
        yield place, Sentence("{part}: phương án tốt nhất phải có trọng số 1")
    letters = ascii_uppercase[: len(weights)]
    if "".join(sorted(weights)) != letters:
        sentence = "{part}: các phương án phải là {letters}, theo thứ tự phương án của câu hỏi"
        yield place, Sentence(sentence, {"letters": ", ".join(letters)})


def _tiers(rule: Tiered, max_points: Decimal) -> Iterator[Found]:
    if rule.tiers[0].points != max_points:
        sentence = "{part}: bậc đầu phải được điểm tối đa {points}"
        yield "rule/tiers/0/points", Sentence(sentence, {"points": max_points.normalize()})
    for i, (higher, lower) in enumerate(pairwise(rule.tiers), 1):
        if lower.points >= higher.points:
            sentence = "{part}: bậc “{lower}” phải ít điểm hơn bậc “{higher}”"
            facts = {"lower": lower.when, "higher": higher.when}
            yield f"rule/tiers/{i}/points", Sentence(sentence, facts)
    if rule.measure in ("rate", "count"):
        yield from _limits(rule)
    for i, tier in enumerate(rule.tiers):
        if not _fits(rule, tier):
            sentence = "{part}: bậc “{tier}”: điều kiện không hợp với cách đo “{measure}”"
            facts = {"tier": tier.when, "measure": rule.measure}
            yield f"rule/tiers/{i}/when", Sentence(sentence, facts)


def _limits(rule: Tiered) -> Iterator[Found]:
    limits = [(i, t.at_least) for i, t in enumerate(rule.tiers) if t.at_least is not None]
    for (_, higher), (i, lower) in pairwise(limits):
        if lower >= higher:
            sentence = "{part}: ngưỡng các bậc (at_least) phải giảm dần"
            yield f"rule/tiers/{i}/at_least", Sentence(sentence)
    if limits and limits[-1][1] != 0:
        sentence = "{part}: bậc cuối phải có ngưỡng (at_least) bằng 0, để kết quả nào cũng có bậc"
        yield f"rule/tiers/{limits[-1][0]}/at_least", Sentence(sentence)
    for i, limit in limits:
        if rule.measure == "rate" and limit > 1:
            sentence = "{part}: ngưỡng tỷ lệ (at_least) phải từ 0 đến 1"
            yield f"rule/tiers/{i}/at_least", Sentence(sentence)


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
