"""The explanation of one sub-criterion's points: which rule, which numbers, which counts."""

from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction

from chassis.words import N_, Sentence
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
from reporting.explanations.domain import Explanation, percent
from reporting.par.scoring import Cases, Chosen, Facts, Holds, Number, Options, Ratio, score
from reporting.satisfaction.domain import SurveyFigure
from reporting.shown import decimal, shown, text

_TASKS = N_("hoàn thành {done}/{total} nhiệm vụ, {on_time} đúng hạn, {overdue} quá hạn")
FORMULAS = {
    "proportional": N_("từ mức đủ điểm: điểm tối đa; từ sàn: điểm tối đa × tỷ lệ; dưới sàn: 0"),
    "boolean": N_("đạt: điểm khi đạt; không đạt: điểm khi không đạt"),
    "tiered": N_("bậc đầu tiên thỏa điều kiện"),
    "deduction": N_("điểm tối đa − tổng (số trường hợp × mức trừ), không dưới 0"),
    "survey_options": N_("điểm tối đa × tổng (số trả lời × trọng số) / tổng số trả lời"),
    "survey_index": N_("điểm tối đa × chỉ số hài lòng / 100"),
}


def explain(sub: SubCriterion, facts: Facts, source: str = "live") -> Explanation:
    """Explain how the facts give the sub-criterion its points. Raises TypeError as `score` does.

    `source`: where the facts come from, one of `par.inputs.Source`.
    """
    points = score(sub, facts)
    if points is None:
        result = Sentence(N_("chưa tính được, cần người xem xét"))
    else:
        result = Sentence(N_("{points} điểm"), {"points": shown(points)})
    words = {
        "code": sub.code, "name": sub.name, "basis": _basis(facts), "result": result,
        "most": shown(sub.max_points),
    }  # fmt: skip
    return Explanation(
        rule=sub.rule.method,
        step="points_from_facts",
        text=Sentence(N_("{code} {name}: {basis}: {result}, tối đa {most}"), words),
        formula=Sentence(FORMULAS[sub.rule.method]),
        code=sub.code,
        numbers=_numbers(sub),
        facts=_facts(facts),
        parts=_parts(sub.rule, facts, sub.max_points),
        source=source,
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
        case Cases() | SurveyFigure():
            pass  # they stand in the parts
    return named


def _parts(rule: Rule, facts: Facts, most: Decimal) -> tuple[Explanation, ...]:
    match rule, facts:
        case Tiered(), _:
            return tuple(_tier(rule, i) for i in range(len(rule.tiers)))
        case Deduction(deducts=deducts), Cases(cases=cases):
            pairs = zip(deducts, cases, strict=True)
            return tuple(_deduct(d.per, n, Fraction(d.minus)) for d, n in pairs)
        case SurveyIndex(), SurveyFigure():
            return (facts.explain(),)
        case SurveyOptions(option_weights=weights), Options(answers=answers):
            return tuple(
                _option(facts, option, n, Fraction(weights[option]), Fraction(most))
                for option, n in answers.items()
            )
    return ()


def _option(facts: Options, option: str, n: int, weight: Fraction, most: Fraction) -> Explanation:
    """Explain what one option brings: its share of the answers, weighed."""
    total = sum(facts.answers.values())
    points = most * n * weight / total if total else Fraction(0)
    said = facts.texts.get(option)
    named = Sentence("{option}. {said}", {"option": option, "said": said}) if said else option
    return Explanation(
        rule="option",
        step="option",
        text=Sentence(
            N_("{option}: {n} trong {total} trả lời, trọng số {weight}: {points} điểm"),
            {"option": named, "n": n, "total": total, "weight": decimal(weight),
             "points": shown(points)},
        ),
        formula=Sentence(N_("điểm tối đa × số trả lời × trọng số / tổng số trả lời")),
        numbers={"max_points": text(most), "weight": text(weight)},
        facts={"answers": n, "total": total},
        value=text(points),
    )  # fmt: skip


def _tier(rule: Tiered, place: int) -> Explanation:
    tier = rule.tiers[place]
    conditions = {
        name: 1 for name in ("all_done", "all_on_time", "any_overdue") if getattr(tier, name)
    }
    limit = {} if tier.at_least is None else {"at_least": text(tier.at_least)}
    return Explanation(
        rule="tier",
        step="tier",
        text=Sentence(
            N_("Bậc {place}: {when}: {points} điểm"),
            {"place": place + 1, "when": tier.when, "points": shown(tier.points)},
        ),
        numbers={"points": text(tier.points), **limit},
        facts=conditions,
        value=text(tier.points),
    )


def _deduct(per: str, cases: int, minus: Fraction) -> Explanation:
    return Explanation(
        rule="deduct",
        step="deduction",
        text=Sentence(
            N_("{per}: {cases} trường hợp × {minus} điểm"),
            {"per": per, "cases": cases, "minus": shown(minus)},
        ),
        formula=Sentence(N_("số trường hợp × mức trừ")),
        numbers={"minus": text(minus)},
        facts={"cases": cases},
        value=text(cases * minus),
    )


def _basis(facts: Facts) -> Sentence:
    match facts:
        case TaskCounts():
            template = N_(
                "hoàn thành {done}/{total} nhiệm vụ, {on_time} đúng hạn, {overdue} quá hạn"
            )
            sentence = Sentence(template, asdict(facts))
        case Ratio():
            sentence = Sentence("{done}/{due}", asdict(facts))
        case Number():
            sentence = Sentence(N_("số lượng {count}"), asdict(facts))
        case Chosen(tier=tier):
            sentence = Sentence(N_("chọn bậc {place}"), {"place": tier + 1})
        case Holds(yes=yes):
            sentence = Sentence(N_("đạt") if yes else N_("không đạt"))
        case Cases(cases=cases):
            sentence = Sentence(N_("{cases} trường hợp bị trừ"), {"cases": sum(cases)})
        case Options(answers=answers, origin=origin):
            sentence = Sentence(N_("{n} trả lời"), {"n": sum(answers.values())})
            sentence = _of(sentence, origin)
        case SurveyFigure(value=value, n=n, origin=origin):
            template = N_("chỉ số hài lòng {index} trên {n} phiếu")
            sentence = _of(Sentence(template, {"index": percent(value), "n": n}), origin)
    return sentence


def _of(sentence: Sentence, origin: Sentence | None) -> Sentence:
    """Add whose answers they are, where that is known."""
    if origin is None:
        return sentence
    return Sentence("{basis}, {origin}", {"basis": sentence, "origin": origin})
