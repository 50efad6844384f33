"""What is wrong with a questionnaire, at which question, in sentences for people."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence


class Fault(ValueError):
    """A rule of ours that a part of the questionnaire breaks; pydantic adds where."""

    def __init__(self, template: str, **facts: object) -> None:
        super().__init__(template)
        self.sentence = Sentence(template, facts)


# pydantic's error type -> our words; facts are the error's own context plus `field`.
_SENTENCES: dict[str, str] = {
    "missing": N_("thiếu “{field}”"),
    "extra_forbidden": N_("không có mục nào tên “{field}”"),
    "string_type": N_("“{field}” phải là chữ"),
    "string_too_short": N_("“{field}” không được để trống"),
    "string_too_long": N_("“{field}” dài quá {max_length} ký tự"),
    "string_pattern_mismatch": N_(
        "“{field}” không đúng dạng (mã câu như F1.2, mã phiếu như a-b-1)"
    ),
    "literal_error": N_("“{field}” chỉ nhận: {expected}"),
    "bool_type": N_("“{field}” phải là true hoặc false"),
    "bool_parsing": N_("“{field}” phải là true hoặc false"),
    "int_type": N_("“{field}” phải là số nguyên"),
    "int_parsing": N_("“{field}” phải là số nguyên"),
    "int_from_float": N_("“{field}” phải là số nguyên"),
    "greater_than_equal": N_("“{field}” phải từ {ge} trở lên"),
    "less_than_equal": N_("“{field}” không được quá {le}"),
    "list_type": N_("“{field}” phải là một danh sách"),
    "dict_type": N_("“{field}” phải là các cặp tên và giá trị"),
    "model_type": N_("“{field}” phải là các cặp tên và giá trị"),
    "too_short": N_("“{field}” còn trống"),
    "too_long": N_("“{field}” có quá nhiều mục, tối đa {max_length}"),
}
_OTHER = N_("“{field}” không hợp lệ")
_WHOLE = N_("phiếu")


def explain(error: ValidationError, raw: object) -> InputRefused:
    """Return the refusal that names every fault, in the order of the file.

    Args:
        raw: what was validated, to find the codes of questions and sections in.
    """
    problems = [_problem(one, raw) for one in error.errors(include_url=False)]
    facts = {"count": len(problems), "first": problems[0].sentence}
    sentence = Sentence(N_("Phiếu khảo sát có {count} chỗ cần sửa: {first}"), facts)
    return InputRefused("questionnaire_invalid", sentence, problems)


def _problem(error: ErrorDetails, raw: object) -> Problem:
    location = error["loc"]
    facts = {"place": _place(location, _nearest_code(raw, location)), "fault": _fault(error)}
    pointer = "".join(f"/{_escaped(step)}" for step in location)
    return Problem(pointer, Sentence("{place}: {fault}", facts))


def _fault(error: ErrorDetails) -> Sentence:
    facts: dict[str, Any] = dict(error.get("ctx", {}))
    if isinstance(fault := facts.get("error"), Fault):
        return fault.sentence
    if "expected" in facts:
        facts["expected"] = str(facts["expected"]).replace(" or ", ", ")
    names = (step for step in reversed(error["loc"]) if isinstance(step, str))
    template = _SENTENCES.get(error["type"], _OTHER)
    return Sentence(template, {**facts, "field": next(names, _WHOLE)})


def _nearest_code(raw: Any, location: Sequence[int | str]) -> str:
    """Code of the innermost question or section on the way to the error; "" outside of them."""
    node, code = raw, ""
    for step in location:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int) and isinstance(node, dict):
            code = str(node.get("code", ""))[:40]
    return code


_PLACES = {
    "questions": (N_("Câu {code}"), N_("Câu thứ {number}")),
    "sections": (N_("Phần {code}"), N_("Phần thứ {number}")),
}


def _place(location: Sequence[int | str], code: str) -> Sentence:
    for name, (by_code, by_number) in _PLACES.items():
        if name in location[:-1]:
            at = location[location.index(name) + 1]
            number = at + 1 if isinstance(at, int) else 1
            return Sentence(by_code if code else by_number, {"code": code, "number": number})
    return Sentence(N_("Phiếu"))


def _escaped(step: int | str) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
