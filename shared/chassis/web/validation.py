"""What pydantic finds wrong, said so that the person who typed it knows what is right."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis.errors import FieldError, InvalidInput
from chassis.i18n import Language, say

_SENTENCES = {
    "missing": "Thiếu «{field}»: hãy bổ sung",
    "extra_forbidden": "«{field}» không phải là trường được chấp nhận: hãy bỏ đi",
    "json_invalid": "Nội dung không phải là JSON hợp lệ",
    "string_type": "«{field}» phải là chuỗi ký tự",
    "empty": "Chưa ghi «{field}»",
    "string_too_short": "«{field}» quá ngắn: cần ít nhất {min_length} ký tự",
    "string_too_long": "«{field}» quá dài: tối đa {max_length} ký tự",
    "string_pattern_mismatch": "«{field}» không đúng mẫu {pattern}",
    "int_type": "«{field}» phải là số nguyên, không phải {input}",
    "int_parsing": "«{field}» phải là số nguyên, không phải {input}",
    "int_from_float": "«{field}» phải là số nguyên, không phải {input}",
    "float_type": "«{field}» phải là số, không phải {input}",
    "float_parsing": "«{field}» phải là số, không phải {input}",
    "decimal_type": "«{field}» phải là số thập phân, không phải {input}",
    "decimal_parsing": "«{field}» phải là số thập phân, không phải {input}",
    "decimal_max_digits": "«{field}» có quá nhiều chữ số: tối đa {max_digits}",
    "decimal_max_places": "«{field}» có quá nhiều chữ số thập phân: tối đa {decimal_places}",
    "finite_number": "«{field}» phải là số hữu hạn",
    "bool_type": "«{field}» phải là true hoặc false, không phải {input}",
    "bool_parsing": "«{field}» phải là true hoặc false, không phải {input}",
    "greater_than": "«{field}» phải lớn hơn {gt}, không phải {input}",
    "greater_than_equal": "«{field}» phải từ {ge} trở lên, không phải {input}",
    "less_than": "«{field}» phải nhỏ hơn {lt}, không phải {input}",
    "less_than_equal": "«{field}» không được quá {le}, không phải {input}",
    "literal_error": "«{field}» phải là một trong: {expected}; không phải {input}",
    "enum": "«{field}» phải là một trong: {expected}; không phải {input}",
    "uuid_type": "«{field}» phải là mã định danh (UUID)",
    "uuid_parsing": "«{field}» phải là mã định danh (UUID), không phải {input}",
    "date_type": "«{field}» phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2025-11-30",
    "date_parsing": "«{field}» phải là ngày dạng NĂM-THÁNG-NGÀY, không phải {input}",
    "date_from_datetime_parsing": "«{field}» phải là ngày dạng NĂM-THÁNG-NGÀY, không phải {input}",
    "datetime_type": "«{field}» phải là thời điểm dạng 2025-11-30T08:00:00+07:00",
    "datetime_parsing": "«{field}» phải là thời điểm dạng 2025-11-30T08:00:00+07:00",
    "datetime_from_date_parsing": "«{field}» phải là thời điểm dạng 2025-11-30T08:00:00+07:00",
    "timezone_aware": "«{field}» phải có múi giờ, ví dụ +07:00",
    "list_type": "«{field}» phải là danh sách",
    "too_short": "«{field}» cần ít nhất {min_length} phần tử, hiện có {actual_length}",
    "too_long": "«{field}» có quá nhiều phần tử: tối đa {max_length}",
    "dict_type": "«{field}» phải là đối tượng JSON",
    "model_attributes_type": "«{field}» phải là đối tượng JSON",
    "model_type": "«{field}» phải là đối tượng JSON",
    "repeated": "«{field}» có giá trị lặp lại {value}: mỗi giá trị chỉ ghi một lần",
    "value_error": "{error}",
}
_OTHER = "«{field}» chưa hợp lệ"
_NO_FILE = "«{field}» phải là một tệp (phần của biểu mẫu có filename), không phải chữ"
_SHOWN = 40  # characters of a wrong value that are repeated


def invalid_input(errors: Sequence[Any], language: Language) -> InvalidInput:
    """Return one error naming every wrong value."""
    found = [_field_error(error, language) for error in errors]
    return InvalidInput(
        "Có {count} chỗ cần sửa: {first}",
        errors=found,
        count=len(found),
        first="; ".join(error["message"] for error in found[:3]),
    )


def _field_error(error: Mapping[str, Any], language: Language) -> FieldError:
    source, *path = error["loc"] or ("body",)
    if error["type"] == "json_invalid":
        path = []  # the position of the mistake is not a place in a document that has none
    sentence = _NO_FILE if _is_no_file(error) else _SENTENCES.get(_kind(error), _OTHER)
    facts = _facts(error, path, language)
    found: FieldError = {
        "pointer": pointer(path),
        "message": say(sentence, language, **facts),
    }
    if source != "body":
        found["source"] = str(source)
    return found


def _kind(error: Mapping[str, Any]) -> str:
    """What was left empty is missing: nobody typed a wrong id, or too short a text.

    Of a text that was looked at first pydantic says what it says of lists.
    """
    given, kind = error.get("input", "x"), str(error["type"])
    if isinstance(given, str) and kind in {"too_short", "too_long"}:
        kind = f"string_{kind}"
    if str(given).strip():
        return kind
    return {"uuid_parsing": "missing", "string_too_short": "empty"}.get(kind, kind)


def _is_no_file(error: Mapping[str, Any]) -> bool:
    """FastAPI says it of a form's part that came as text, in a ValueError."""
    return error["type"] == "value_error" and "Expected UploadFile" in str(error.get("msg"))


def _facts(error: Mapping[str, Any], path: Sequence[Any], language: Language) -> dict[str, Any]:
    given = dict(error.get("ctx", {}))
    if "expected" in given:
        given["expected"] = str(given["expected"]).replace(" or ", ", ")
    if "error" in given:
        error_said = given["error"]
        given["error"] = say(getattr(error_said, "sentence", str(error_said)), language)
    field = ".".join(str(part) for part in path) or say("nội dung", language)
    return {**given, "field": field, "input": _shown(error.get("input"))}


def pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer (RFC 6901) of a place in a document."""
    return "".join(f"/{_escape(str(part))}" for part in path)


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _shown(value: object) -> str:
    text = str(value)
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
