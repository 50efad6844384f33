"""Whether every result has exactly one grade: bands fall, leave no gap, and end at 0."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from chassis.rules import Problem
from chassis.words import N_, Sentence
from reporting.criteria.domain import CriteriaSet, GradeBand

_FALLING = N_("Xếp loại: các mức phải giảm dần, “{lower}” không được bắt đầu từ “{higher}” trở lên")
_GAP = N_("Xếp loại: từ {upper} đến {least} không có mức nào (giữa “{lower}” và “{higher}”)")
_HOLE = N_("Xếp loại: đúng {upper} không thuộc mức nào (giữa “{lower}” và “{higher}”)")
_OVERLAP = N_("Xếp loại: {upper} vừa thuộc “{lower}” vừa thuộc “{higher}”")
_TWO_ENDS = N_("Xếp loại: “{lower}” chỉ ghi một trong hai: dưới (below) hoặc đến hết (up_to)")
_SHORT = N_("Xếp loại: mức cao nhất “{lower}” phải đến hết {scale}")
_LAST = N_("Xếp loại: mức cuối “{lower}” phải bắt đầu từ 0")
_OUTSIDE = N_("Xếp loại: “{lower}” bắt đầu từ {least}, ngoài thang điểm 0 đến {scale}")


def problems_with_bands(whole: CriteriaSet) -> Iterator[Problem]:
    """Name every band that leaves a value without a grade, or gives it two."""
    bands = whole.grade_bands
    if not bands:
        return
    for i, (higher, lower) in enumerate(pairwise(bands), 1):
        if lower.at_least >= higher.at_least:
            names = {"lower": lower.name, "higher": higher.name}
            yield Problem(f"/grade_bands/{i}/at_least", Sentence(_FALLING, names))
        else:
            yield from _ends(i, lower, higher)
    yield from _top(bands[0], whole.scale)
    for i, band in enumerate(bands):
        if band.at_least >= whole.scale and len(bands) > 1:
            facts = {"lower": band.name, "least": _shown(band.at_least), "scale": whole.scale}
            yield Problem(f"/grade_bands/{i}/at_least", Sentence(_OUTSIDE, facts))
    if bands[-1].at_least != 0 or bands[-1].more_than:
        pointer = f"/grade_bands/{len(bands) - 1}/at_least"
        yield Problem(pointer, Sentence(_LAST, {"lower": bands[-1].name}))


def _ends(i: int, lower: GradeBand, higher: GradeBand) -> Iterator[Problem]:
    """Hold a written upper end against where the higher grade begins."""
    facts: dict[str, object] = {"lower": lower.name, "higher": higher.name}
    if lower.below is not None and lower.up_to is not None:
        yield Problem(f"/grade_bands/{i}/below", Sentence(_TWO_ENDS, facts))
        return
    field = "below" if lower.up_to is None else "up_to"
    upper = lower.below if lower.up_to is None else lower.up_to
    if upper is None:
        return
    sentence = _mismatch(upper, higher, inclusive=lower.up_to is not None)
    if sentence:
        facts |= {"upper": _shown(upper), "least": _shown(higher.at_least)}
        yield Problem(f"/grade_bands/{i}/{field}", Sentence(sentence, facts))


def _mismatch(upper: Decimal, higher: GradeBand, *, inclusive: bool) -> str | None:
    if upper < higher.at_least:
        return _GAP
    if upper > higher.at_least:
        return _OVERLAP
    if inclusive == higher.more_than:
        return None
    return _OVERLAP if inclusive else _HOLE


def _top(band: GradeBand, scale: Decimal) -> Iterator[Problem]:
    ends = {"below": band.below, "up_to": band.up_to}
    for field, upper in ends.items():
        if upper is not None and (upper < scale or (field == "below" and upper == scale)):
            facts = {"lower": band.name, "scale": scale}
            yield Problem(f"/grade_bands/0/{field}", Sentence(_SHORT, facts))


def _shown(value: Decimal) -> Decimal:
    return Decimal(f"{value.normalize():f}")
