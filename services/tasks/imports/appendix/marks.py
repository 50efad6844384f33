"""What is said about the words of a cell that are not simply its text."""

import re
from collections.abc import Iterable, Iterator

from chassis.words import N_, Sentence
from tasks.imports.appendix import vocabulary
from tasks.remarks import Remark
from tasks.words import tidy

MOST_SHOWN = 200  # characters of a quotation in a remark

STRUCK = N_("bỏ qua chữ bị gạch ngang “{words}”")
HIDDEN = N_("bỏ qua chữ ẩn “{words}”")
IN_A_BOX = N_("có khung chữ, đã đọc cùng ô: “{words}”")
NOTE_MARK = N_("bỏ qua ký hiệu chú thích “{words}”")
NOTE = N_("có chú thích cuối trang, không nhập: “{words}”")
COMMENT = N_("có bình luận hoặc ghi chú kèm ô, không nhập: “{words}”")
PICTURE = Sentence(N_("có hình hoặc đối tượng trong ô, không đọc được"))
PICTURE_OUTSIDE = N_(
    "{place}: có {count} hình hoặc đối tượng ngoài ô của bảng, không đọc được. "
    "Xem trong đó có nhiệm vụ nào không."
)
SELF_CHANGING = N_("ngày do Word tự cập nhật mỗi lần mở, kiểm tra lại: “{words}”")
FORMULA_CHANGING = N_("công thức tính theo ngày mở tệp (TODAY, NOW), kiểm tra lại: “{words}”")
NOT_CALCULATED = N_("ô có công thức chưa được tính. Mở bằng Excel rồi lưu lại.")
FORMULA_FAILED = N_("công thức trong ô báo lỗi {words}")
DATE_UNSURE = N_(
    "ô ngày hiện là “{words}”, không chắc ngày hay tháng đứng trước (có thể là {other}). "
    "Ghi lại thời hạn."
)
FORMAT_UNSURE = N_("không chắc ô hiện thế nào trong Excel: “{words}”. Kiểm tra lại.")
LEGACY_FONT = N_(
    "chữ gõ bằng phông cũ (TCVN3, VNI), không phải Unicode: “{words}”. Chuyển mã rồi tải lên lại."
)

_LEGACY = re.compile(vocabulary.LEGACY)
_LEAST_LEGACY = 2  # places; a single one may be a foreign name
_UNITS_OF_MEASURE = re.compile(r"(?:^|[\s\d])(?:mm|cm|dm|km|m)$")
_RAISED = str.maketrans("23", "²³")
_MARK = re.compile(r"[\d*()\[\],\s†‡]+")
_TYPED = re.compile(r"[\u00b9\u00b2\u00b3\u2070-\u2079]+")
_AFTER_WORDS = re.compile(r"(?<=[\w.)])" + _TYPED.pattern)


def short(text: str) -> str:
    """Return words fit to be quoted."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= MOST_SHOWN else f"{one_line[:MOST_SHOWN]}…"


def is_legacy(text: str) -> bool:
    """Say whether the text was typed for a font of before Unicode."""
    return len(_LEGACY.findall(text)) >= _LEAST_LEGACY


def quoting(code: str, template: str, words: Iterable[str]) -> list[Remark]:
    """Return a remark that quotes the words; none without any."""
    found = short(tidy(" ".join(words)))
    return [Remark(code, Sentence(template, {"words": found}))] if found else []


def pictures(code: str, places: Iterable[Sentence]) -> Iterator[Remark]:
    """Return a remark for each place that has pictures outside of cells; a place per picture."""
    listed = list(places)
    for number, place in enumerate(listed):
        if place not in listed[:number]:
            facts = {"place": place, "count": listed.count(place)}
            yield Remark(code, Sentence(PICTURE_OUTSIDE, facts))


def raised(before: str, text: str) -> tuple[str, str]:
    """Split raised text into what belongs to the words and a note's mark.

    "m" with a raised 2 is m²; a raised figure or star behind other words marks a note: glued to a
    number it would be another number.
    """
    if _UNITS_OF_MEASURE.search(before) and text.strip() in ("2", "3"):
        return text.translate(_RAISED), ""
    return ("", text) if text.strip() and _MARK.fullmatch(text) else (text, "")


def without_typed_marks(text: str) -> tuple[str, str]:
    """Take raised figures typed as such (¹) from behind words, except m² and m³."""
    marks: list[str] = []

    def judged(found: re.Match[str]) -> str:
        if _UNITS_OF_MEASURE.search(text[: found.start()]):
            return found[0]
        marks.append(found[0])
        return ""

    return _AFTER_WORDS.sub(judged, text), " ".join(marks)
