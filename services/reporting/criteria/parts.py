"""Parts of a draft changed, added, taken out: the whole is read anew each time.

A draft need not add up meanwhile; what does not is named by the checker.
"""

import copy
from collections.abc import Iterator, Mapping
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
GROUP = frozenset({"code", "name", "max_points"})
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
NOT_HERE = N_("Không sửa được trường này ở đây")
NO_PART = N_("Bộ tiêu chí này không có phần nào mang mã đó")
TAKEN = N_("Mã {code} đã có trong bộ tiêu chí: hãy chọn mã khác")
LAST = N_("{code} là phần duy nhất của {parent}: hãy bỏ cả {parent}, hoặc thêm phần khác trước")
LEAF = N_("{parent} là tiêu chí thành phần: không có phần nào dưới nó")
CHILDREN = ("criteria", "sub_criteria")


def changed(
    data: Mapping[str, Any], code: str, fields: Mapping[str, Any]
) -> tuple[CriteriaSet, dict[str, Any]]:
    """Return the set with fields of one part set anew, and what they were; "" is the set itself.

    A field that is None is taken away; parts below another code go along with it. Raises NotFound,
    and InputRefused with pointers below the part where a field cannot be read.
    """
    whole = copy.deepcopy(dict(data))
    pointer, part = ("", whole) if not code else find(whole, code)
    _check_fields(fields, HEAD if not code else SUB if "rule" in part else GROUP)
    before = {name: part.get(name) for name in fields}
    new = fields.get("code")
    if code and isinstance(new, str) and new != code:
        for old in _codes(part):
            if (moved := _renamed(code, new, old)) != old:
                _check_free(whole, moved)
        _rename(part, code, new)
    for name, value in fields.items():
        if value is None:
            part.pop(name, None)
        else:
            part[name] = value
    return _shaped(whole, pointer), before


def added(data: Mapping[str, Any], parent: str, fields: Mapping[str, Any]) -> CriteriaSet:
    """Return the set with a part more, last below its parent; "" makes an area.

    A group holds something: a new one gets a first part of its name below it. Raises NotFound, and
    InputRefused where a field cannot be read or the code is taken.
    """
    whole = copy.deepcopy(dict(data))
    level, members = _below_parent(whole, parent)
    _check_fields(fields, SUB if level == len(CHILDREN) else GROUP)
    _check_free(whole, fields.get("code"))
    members.append(_made(level, fields))
    pointer = "/areas" if not parent else f"{find(whole, parent)[0]}/{CHILDREN[level - 1]}"
    return _shaped(whole, f"{pointer}/{len(members) - 1}")


def without(data: Mapping[str, Any], code: str) -> tuple[CriteriaSet, dict[str, Any]]:
    """Return the set without a part, and the part. Raises NotFound, InputRefused for a last one."""
    whole = copy.deepcopy(dict(data))
    pointer, part = find(whole, code)
    holder: Any = whole
    parent = N_("bộ tiêu chí")
    *steps, number = pointer.strip("/").split("/")
    for step in steps:
        holder = holder[int(step)] if step.isdecimal() else holder[step]
        parent = holder["code"] if isinstance(holder, dict) else parent
    if len(holder) == 1:
        sentence = Sentence(LAST, {"code": code, "parent": parent})
        raise InputRefused("input_invalid", sentence, [Problem("/code", sentence)])
    del holder[int(number)]
    return _shaped(whole, ""), part


def recoded(before: CriteriaSet, after: CriteriaSet) -> dict[str, str]:
    """Return the new code of each sub-criterion that has another, of a set with the same rows."""
    pairs = zip(before.sub_criteria(), after.sub_criteria(), strict=True)
    return {old.code: new.code for old, new in pairs if old.code != new.code}


def _renamed(old: str, new: str, code: str) -> str:
    """Return the code of a part once the part `old`, which it is or stands below, is `new`.

    A part whose code does not begin with that keeps its own.
    """
    return new + code[len(old) :] if code == old or code.startswith(f"{old}.") else code


def _codes(part: Mapping[str, Any]) -> Iterator[str]:
    yield part["code"]
    for name in CHILDREN:
        for below in part.get(name, ()):
            yield from _codes(below)


def _rename(part: dict[str, Any], old: str, new: str) -> None:
    part["code"] = _renamed(old, new, part["code"])
    for name in CHILDREN:
        for below in part.get(name, ()):
            _rename(below, old, new)


def _below_parent(whole: dict[str, Any], parent: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the level of what stands below a parent, 0 for areas, and what does."""
    if not parent:
        return 0, whole["areas"]
    _, part = find(whole, parent)
    for level, name in enumerate(CHILDREN, 1):
        if name in part:
            return level, part[name]
    sentence = Sentence(LEAF, {"parent": parent})
    raise InputRefused("input_invalid", sentence, [Problem("/parent", sentence)])


def _made(level: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    if level == len(CHILDREN):
        return {"rule": _RULE, "source": "set", **fields}
    below = {**fields, "code": f"{fields.get('code', '')}.1"}
    return {**fields, CHILDREN[level]: [_made(level + 1, below)]}


_RULE = {"method": "deduction", "deducts": [{"per": "…", "minus": "1"}]}
"""What a new row has until somebody says how it is scored."""


def _check_free(whole: Mapping[str, Any], code: object) -> None:
    try:
        find(whole, str(code))
    except NotFound:
        return
    sentence = Sentence(TAKEN, {"code": code})
    raise InputRefused("input_invalid", sentence, [Problem("/code", sentence)])


def _shaped(whole: Mapping[str, Any], pointer: str) -> CriteriaSet:
    try:
        return checker.shaped(whole)
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
