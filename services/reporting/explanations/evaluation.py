"""Recomputes a figure from its explanation: rule, numbers, counts and parts; nothing else.

`evaluate` knows nothing but the tree it is given: it does by machine what a reader does by hand,
and shares no code with the scoring it checks.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from reporting.explanations.domain import Explanation
from reporting.shown import decimal, number


def evaluate(explanation: Explanation) -> Decimal | None:
    """Recompute the figure from the explanation alone, to 12 places. KeyError: unknown rule."""
    exact = evaluate_exactly(explanation)
    return None if exact is None else decimal(exact)


def evaluate_exactly(explanation: Explanation) -> Fraction | None:
    """Recompute the figure from counts and parameters; every stored `value` is ignored."""
    parts = [evaluate_exactly(part) for part in explanation.parts]
    return RULES[explanation.rule](explanation, parts)


Parts = Sequence[Fraction | None]
_ZERO = Fraction(0)


def _number(step: Explanation, name: str) -> Fraction:
    return number(step.numbers[name])


def _sum(_: Explanation, parts: Parts) -> Fraction:
    return sum((part for part in parts if part is not None), _ZERO)


def _given(step: Explanation, _: Parts) -> Fraction:
    return _number(step, "points")


def _released(step: Explanation, _: Parts) -> Fraction:
    return _number(step, "index")


def _nothing(_: Explanation, __: Parts) -> None:
    return None


def _rate(step: Explanation, _: Parts) -> Fraction | None:
    total = step.facts["total"]
    return Fraction(100 * step.facts["done"], total) if total else None


def _proportional(step: Explanation, _: Parts) -> Fraction | None:
    if step.facts["total"] == 0:
        return None
    share, full = Fraction(step.facts["done"], step.facts["total"]), _number(step, "max_points")
    if share >= _number(step, "full_at"):
        return full
    return full * share if share >= _number(step, "floor") else _ZERO


def _boolean(step: Explanation, _: Parts) -> Fraction:
    return _number(step, "true_points" if step.facts["holds"] else "false_points")


def _tiered(step: Explanation, parts: Parts) -> Fraction | None:
    """Parts are the tiers; the first that holds on the counts of the step gives its points."""
    held = (i for i, part in enumerate(step.parts) if _tier_holds(step.facts, i, part))
    first = next(held, None)
    return None if first is None else parts[first]


def _tier_holds(facts: Mapping[str, int], place: int, tier: Explanation) -> bool:
    if "chosen" in facts:
        return facts["chosen"] == place
    if "count" in facts:
        return facts["count"] >= _number(tier, "at_least")
    if facts["total"] == 0:
        return False
    if "at_least" in tier.numbers:
        return Fraction(facts["done"], facts["total"]) >= _number(tier, "at_least")
    conditions = {
        "all_done": facts["done"] == facts["total"],
        "all_on_time": facts.get("on_time") == facts["total"],
        "any_overdue": facts.get("overdue", 0) > 0,
    }
    return all(conditions[name] for name in tier.facts)


def _times(step: Explanation, _: Parts) -> Fraction:
    return step.facts["cases"] * _number(step, "minus")


def _option(step: Explanation, _: Parts) -> Fraction:
    answers = Fraction(step.facts["answers"], step.facts["total"] or 1)
    return _number(step, "max_points") * answers * _number(step, "weight")


def _deduction(step: Explanation, parts: Parts) -> Fraction:
    return max(_ZERO, _number(step, "max_points") - _sum(step, parts))


def _survey_options(step: Explanation, _: Parts) -> Fraction | None:
    n = sum(step.facts.values())
    weighted = sum((c * _number(step, f"weight_{o}") for o, c in step.facts.items()), _ZERO)
    return _number(step, "max_points") * weighted / n if n else None


def _survey_index(step: Explanation, parts: Parts) -> Fraction | None:
    return None if parts[0] is None else _number(step, "max_points") * parts[0] / 100


def _answers(step: Explanation) -> int:
    return sum(step.facts[f"n{value}"] for value in range(1, 6))


def _share(step: Explanation, _: Parts) -> Fraction | None:
    valid = _answers(step)
    return Fraction(100 * (step.facts["n4"] + step.facts["n5"]), valid) if valid else None


def _mean5(step: Explanation, _: Parts) -> Fraction | None:
    valid = _answers(step)
    total = sum(value * step.facts[f"n{value}"] for value in range(1, 6))
    return Fraction(100 * total, 5 * valid) if valid else None


def _mean_of_items(step: Explanation, parts: Parts) -> Fraction | None:
    items = [part for part in parts if part is not None]
    used = step.facts["questions"]
    return sum(items, _ZERO) / used if used else None


def _index(step: Explanation, parts: Parts) -> Fraction | None:
    applicable = _number(step, "all_points") - _number(step, "not_applicable_points")
    if applicable == 0:
        return None
    bonus = min(_number(step, "bonus"), _number(step, "bonus_max"))
    penalty = min(_number(step, "penalty"), _number(step, "penalty_max"))
    index = 100 * (_sum(step, parts) + bonus - penalty) / applicable
    return min(max(index, Fraction(0)), Fraction(100))


RULES: dict[str, Callable[[Explanation, Parts], Fraction | None]] = {
    "sum": _sum,
    "given": _given,
    "released": _released,
    "nothing": _nothing,
    "not_applicable": _nothing,
    "rate": _rate,
    "proportional": _proportional,
    "boolean": _boolean,
    "tiered": _tiered,
    "tier": _given,
    "deduction": _deduction,
    "deduct": _times,
    "survey_options": _survey_options,
    "option": _option,
    "survey_index": _survey_index,
    "share": _share,
    "mean5": _mean5,
    "mean_of_items": _mean_of_items,
    "par_index": _index,
}
