"""One part of a draft changed: its fields are set, and the whole is read anew."""

import copy
from collections.abc import Mapping
from typing import Any

from chassis.errors import NotFound
from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from reporting.criteria import checker
from reporting.criteria.domain import CriteriaSet

HEAD = frozenset({
    "title", "notice", "composed", "serves", "roll_up", "rounding", "total_points", "bonus_max",
    "penalty_max", "grade_bands",
})  # fmt: skip
GROUP = frozenset({"name", "max_points"})
SUB = GROUP | {
    "rule",
    "feeds_from",
    "counts",
    "from_rounds",
    "na_allowed",
    "na_when",
    "evidence",
    "source",
}
NOT_HERE = N_("Không sửa được trường này ở đây; mã và cấu trúc sửa bằng tệp .xlsx hoặc .yaml")
NO_PART = N_("Bộ tiêu chí này không có phần nào mang mã đó")


def changed(
    data: Mapping[str, Any], code: str, fields: Mapping[str, Any]
) -> tuple[CriteriaSet, dict[str, Any]]:
    """Return the set with fields of one part set anew, and what they were; "" is the set itself.

    A field that is None is taken away. Raises NotFound, and InputRefused with pointers below the
    part where a field cannot be read.
    """
    whole = copy.deepcopy(dict(data))
    pointer, part = ("", whole) if not code else find(whole, code)
    _check_fields(fields, HEAD if not code else SUB if "rule" in part else GROUP)
    before = {name: part.get(name) for name in fields}
    for name, value in fields.items():
        if value is None:
            part.pop(name, None)
        else:
            part[name] = value
    try:
        return checker.shaped(whole), before
    except InputRefused as refused:
        problems = [Problem(_below(pointer, p.pointer), p.sentence) for p in refused.problems]
        raise InputRefused(refused.code, refused.sentence, problems) from None


def _check_fields(fields: Mapping[str, Any], known: frozenset[str]) -> None:
    sentence = Sentence(NOT_HERE)
    problems = [Problem(f"/{name}", sentence) for name in fields if name not in known]
    if problems:
        raise InputRefused("input_invalid", sentence, problems)


def find(data: Mapping[str, Any], code: str) -> tuple[str, dict[str, Any]]:
    """Return a part with its pointer. Raises NotFound."""
    for i, area in enumerate(data["areas"]):
        if area["code"] == code:
            return f"/areas/{i}", area
        for j, criterion in enumerate(area["criteria"]):
            if criterion["code"] == code:
                return f"/areas/{i}/criteria/{j}", criterion
            for k, sub in enumerate(criterion["sub_criteria"]):
                if sub["code"] == code:
                    return f"/areas/{i}/criteria/{j}/sub_criteria/{k}", sub
    raise NotFound(NO_PART, code="part_not_found")


def _below(pointer: str, whole: str) -> str:
    return whole.removeprefix(pointer) if whole.startswith(pointer) else whole
