"""Say in Vietnamese what is wrong with a questionnaire, and at which question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Problem:
    """One fault. `code` is the question's or section's, "" for the whole; `pointer` is RFC 6901."""

    code: str
    pointer: str
    message: str


class InvalidQuestionnaire(Exception):
    """The questionnaire cannot be used; `problems` says why, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


# pydantic's error type -> our words; facts are the error's own context plus `field`.
SAID: dict[str, str] = {
    "missing": "thiếu “{field}”",
    "extra_forbidden": "không có mục nào tên “{field}”",
    "string_type": "“{field}” phải là chữ",
    "string_too_short": "“{field}” không được để trống",
    "string_too_long": "“{field}” dài quá {max_length} ký tự",
    "string_pattern_mismatch": "“{field}” không đúng dạng (mã câu như F1.2, mã phiếu như a-b-1)",
    "literal_error": "“{field}” chỉ nhận: {expected}",
    "bool_type": "“{field}” phải là true hoặc false",
    "bool_parsing": "“{field}” phải là true hoặc false",
    "int_type": "“{field}” phải là số nguyên",
    "int_parsing": "“{field}” phải là số nguyên",
    "int_from_float": "“{field}” phải là số nguyên",
    "greater_than_equal": "“{field}” phải từ {ge} trở lên",
    "less_than_equal": "“{field}” không được quá {le}",
    "list_type": "“{field}” phải là một danh sách",
    "dict_type": "“{field}” phải là các cặp tên và giá trị",
    "model_type": "“{field}” phải là các cặp tên và giá trị",
    "too_short": "“{field}” còn trống",
    "too_long": "“{field}” có quá nhiều mục, tối đa {max_length}",
    "value_error": "{error}",
}


def explain(refused: ValidationError, raw: Any) -> list[Problem]:
    """Turn pydantic's errors into ours; `raw` is what was validated, to find the codes in."""
    return [_problem(error, raw) for error in refused.errors(include_url=False)]


def _problem(error: ErrorDetails, raw: Any) -> Problem:
    location = error["loc"]
    code = _nearest_code(raw, location)
    field = str(next((step for step in reversed(location) if isinstance(step, str)), "phiếu"))
    said = SAID.get(error["type"], "“{field}” không hợp lệ").format(
        **{"field": field, **error.get("ctx", {})}
    )
    message = f"{_place(location, code)}: {said}"
    return Problem(code, "".join(f"/{_escaped(step)}" for step in location), message)


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


def _place(location: Sequence[int | str], code: str) -> str:
    places: list[tuple[str, Callable[[int], str]]] = [
        ("questions", lambda at: f"Câu {code or f'thứ {at + 1}'}"),
        ("sections", lambda at: f"Phần {code or f'thứ {at + 1}'}"),
    ]
    for name, said in places:
        if name in location[:-1]:
            at = location[location.index(name) + 1]
            return said(at if isinstance(at, int) else 0)
    return "Phiếu"


def _escaped(step: int | str) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
