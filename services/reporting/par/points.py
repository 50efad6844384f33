"""The explanation of one sub-criterion's points: which rule, which numbers, which counts."""

from dataclasses import asdict
from fractions import Fraction

from reporting.completion.domain import TaskCounts
from reporting.criteria.domain import (
    Boolean,
    Deduction,
    Proportional,
    Rule,
    SubCriterion,
    SurveyIndex,
    SurveyOptions,
    Tiered,
)
from reporting.explanations.evaluation import Explanation, in_words
from reporting.par.scoring import Cases, Chosen, Facts, Holds, Number, Options, Ratio, score
from reporting.satisfaction.domain import Measure
from reporting.shown import text

FORMULAS = {
    "proportional": "từ mức đủ điểm: điểm tối đa; từ sàn: điểm tối đa × tỷ lệ; dưới sàn: 0",
    "boolean": "đạt: điểm khi đạt; không đạt: điểm khi không đạt",
    "tiered": "bậc đầu tiên thỏa điều kiện",
    "deduction": "điểm tối đa − tổng (số trường hợp × mức trừ), không dưới 0",
    "survey_options": "điểm tối đa × tổng (số trả lời × trọng số) / tổng số trả lời",
    "survey_index": "điểm tối đa × chỉ số hài lòng / 100",
}


def explain(sub: SubCriterion, facts: Facts) -> Explanation:
    """Tell how the facts give the sub-criterion its points. Raises TypeError as `score` does."""
    points = score(sub, facts)
    result = "chưa tính được, cần người xem xét" if points is None else f"{in_words(points)} điểm"
    return Explanation(
        rule=sub.rule.method,
        text=f"{sub.code} {sub.name}: {_said(facts)}: {result}, tối đa {in_words(sub.max_points)}",
        formula=FORMULAS[sub.rule.method],
        numbers=_numbers(sub),
        facts=_facts(facts),
        parts=_parts(sub.rule, facts),
        source="live",
        value=None if points is None else text(points),
    )


def _numbers(sub: SubCriterion) -> dict[str, str]:
    numbers = {"max_points": text(sub.max_points)}
    match sub.rule:
        case Proportional(full_at=full_at, floor=floor):
            numbers |= {"full_at": text(full_at), "floor": text(floor)}
        case Boolean(true_points=full, false_points=rest):
            numbers |= {"true_points": text(full), "false_points": text(rest)}
        case SurveyOptions(option_weights=weights):
            numbers |= {f"weight_{option}": text(weight) for option, weight in weights.items()}
        case Tiered() | Deduction() | SurveyIndex():
            pass
    return numbers


def _facts(facts: Facts) -> dict[str, int]:
    named: dict[str, int] = {}
    match facts:
        case TaskCounts():
            named = asdict(facts)
        case Ratio(done=done, due=due):
            named = {"done": done, "total": due}
        case Number(count=count):
            named = {"count": count}
        case Chosen(tier=tier):
            named = {"chosen": tier}
        case Holds(yes=yes):
            named = {"holds": int(yes)}
        case Options(answers=answers):
            named = dict(answers)
        case Cases() | Measure():
            pass  # they stand in the parts
    return named


def _parts(rule: Rule, facts: Facts) -> tuple[Explanation, ...]:
    match rule, facts:
        case Tiered(), _:
            return tuple(_tier(rule, i) for i in range(len(rule.tiers)))
        case Deduction(deducts=deducts), Cases(cases=cases):
            pairs = zip(deducts, cases, strict=True)
            return tuple(_deduct(d.per, n, Fraction(d.minus)) for d, n in pairs)
        case SurveyIndex(), Measure():
            return (facts.explain(),)
    return ()


def _tier(rule: Tiered, place: int) -> Explanation:
    tier = rule.tiers[place]
    conditions = {
        name: 1 for name in ("all_done", "all_on_time", "any_overdue") if getattr(tier, name)
    }
    limit = {} if tier.at_least is None else {"at_least": text(tier.at_least)}
    return Explanation(
        rule="tier",
        text=f"Bậc {place + 1}: {tier.when}: {in_words(tier.points)} điểm",
        numbers={"points": text(tier.points), **limit},
        facts=conditions,
        value=text(tier.points),
    )


def _deduct(per: str, cases: int, minus: Fraction) -> Explanation:
    return Explanation(
        rule="deduct",
        text=f"{per}: {cases} trường hợp × {in_words(minus)} điểm",
        formula="số trường hợp × mức trừ",
        numbers={"minus": text(minus)},
        facts={"cases": cases},
        value=text(cases * minus),
    )


def _said(facts: Facts) -> str:
    match facts:
        case TaskCounts(total=total, done=done, on_time=on_time, overdue=overdue):
            said = f"hoàn thành {done}/{total} nhiệm vụ, {on_time} đúng hạn, {overdue} quá hạn"
        case Ratio(done=done, due=due):
            said = f"{done}/{due}"
        case Number(count=count):
            said = f"số lượng {count}"
        case Chosen(tier=tier):
            said = f"chọn bậc {tier + 1}"
        case Holds(yes=yes):
            said = "đạt" if yes else "không đạt"
        case Cases(cases=cases):
            said = f"{sum(cases)} trường hợp bị trừ"
        case Options(answers=answers):
            said = f"{sum(answers.values())} trả lời"
        case Measure(n=n) as measure:
            said = f"chỉ số hài lòng {in_words(measure.value)} % trên {n} phiếu"
    return said
