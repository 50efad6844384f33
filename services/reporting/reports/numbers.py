"""The figures and lists a report may name, and how a number stands on Vietnamese paper. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["count", "percent", "points", "day", "text"]
Value = str | int | None
UNKNOWN, NONE = "chưa có số liệu", "–"
BEYOND = "(Còn {rest} dòng, xem phụ lục Excel kèm theo.)"
FOOT = "Số liệu chốt lúc {time:%H:%M} ngày {time:%d/%m/%Y}. Mã kiểm tra SHA-256: {sha256}"
TEMPLATE_FILE = "Mẫu {code}.docx"
COMPOSED = "Bản dựng, không phải văn bản chính thức: {names}."
COMPOSED_KIND = "Đề cương, kỳ số liệu và câu mẫu là bản dựng, không phải văn bản chính thức."
ListCode = Literal[
    "indicators", "units", "sections", "overdue", "open", "paused", "next", "assignments",
    "survey_response", "factors", "questions", "survey_units", "par_rows", "evidence",
]  # fmt: skip
LISTS: dict[ListCode, str] = {
    "indicators": "Số liệu tổng hợp", "units": "Kết quả theo đơn vị",
    "sections": "Kết quả theo nội dung", "overdue": "Nhiệm vụ quá hạn",
    "open": "Nhiệm vụ chưa hoàn thành", "paused": "Nhiệm vụ tạm dừng",
    "next": "Nhiệm vụ đến hạn kỳ sau",
    "assignments": "Toàn bộ nhiệm vụ", "survey_response": "Phiếu phát ra, phiếu thu về",
    "factors": "Yếu tố hài lòng",
    "questions": "Kết quả từng câu hỏi", "survey_units": "Hài lòng theo đơn vị",
    "par_rows": "Điểm từng tiêu chí", "evidence": "Danh mục minh chứng",
}  # fmt: skip
AREA = "area."
"""Of a figure over a section's own assignments: its template says `area.done`."""

_WORK: tuple[tuple[str, str, str, Kind], ...] = (
    ("work.all", "Nhiệm vụ có thời hạn", "nhiệm vụ", "count"),
    ("work.done", "Nhiệm vụ đã hoàn thành", "nhiệm vụ", "count"),
    ("work.on_time", "Hoàn thành đúng hạn", "nhiệm vụ", "count"),
    ("work.late", "Hoàn thành quá hạn", "nhiệm vụ", "count"),
    ("work.open", "Chưa hoàn thành, không kể tạm dừng", "nhiệm vụ", "count"),
    ("work.waiting", "Đã nộp, chờ duyệt kết quả", "nhiệm vụ", "count"),
    ("work.overdue", "Quá hạn chưa hoàn thành", "nhiệm vụ", "count"),
    ("work.due", "Đã đến hạn", "nhiệm vụ", "count"),
    ("work.done_due", "Hoàn thành trong số đã đến hạn", "nhiệm vụ", "count"),
    ("work.elsewhere", "Thuộc nội dung không có mục riêng", "nhiệm vụ", "count"),
    ("work.returned", "Kết quả bị trả lại, đang làm lại", "nhiệm vụ", "count"),
    ("work.extended", "Được gia hạn", "nhiệm vụ", "count"),
    ("work.paused", "Tạm dừng", "nhiệm vụ", "count"),
    ("work.continuous", "Thường xuyên, không có hạn cuối", "nhiệm vụ", "count"),
    ("work.untriggered", "Chờ sự kiện phát sinh hạn", "nhiệm vụ", "count"),
    ("work.needs_person", "Chưa xác định được hạn", "nhiệm vụ", "count"),
    ("work.rate_all", "Tỷ lệ hoàn thành trên tổng số", "%", "percent"),
    ("work.rate_due", "Tỷ lệ hoàn thành trên số đã đến hạn", "%", "percent"),
    ("window.due", "Đến hạn trong kỳ", "nhiệm vụ", "count"),
    ("window.due_done", "Hoàn thành trong số đến hạn trong kỳ", "nhiệm vụ", "count"),
    ("window.done", "Hoàn thành trong kỳ", "nhiệm vụ", "count"),
    ("window.done_late", "Hoàn thành trong kỳ, nộp quá hạn", "nhiệm vụ", "count"),
    ("next.due", "Đến hạn trong kỳ sau", "nhiệm vụ", "count"),
    ("units.count", "Đơn vị được giao nhiệm vụ", "đơn vị", "count"),
    ("units.late", "Đơn vị còn nhiệm vụ quá hạn", "đơn vị", "count"),
    ("help.due", "Đóng góp phối hợp đã đến hạn", "đóng góp", "count"),
    ("help.in_time", "Đóng góp phối hợp gửi đúng hạn", "đóng góp", "count"),
    ("help.rate", "Tỷ lệ phối hợp đúng hạn", "%", "percent"),
)
_INDICES: tuple[tuple[str, str, str, Kind], ...] = (
    ("survey.title", "Đợt khảo sát", "", "text"),
    ("survey.ballots", "Phiếu đã công bố trong chỉ số", "phiếu", "count"),
    ("survey.share", "Tỷ lệ hài lòng", "%", "percent"),
    ("survey.mean", "Điểm trung bình quy đổi", "%", "percent"),
    ("survey.value", "Chỉ số hài lòng theo cách tính của đợt", "%", "percent"),
    ("survey.method", "Cách tính", "", "text"),
    ("survey.questions", "Câu hỏi có số liệu", "câu hỏi", "count"),
    ("survey.questions_all", "Câu hỏi tính chỉ số", "câu hỏi", "count"),
    ("survey.target", "Mục tiêu chỉ số hài lòng", "%", "percent"),
    ("survey.target_said", "Mục tiêu chỉ số hài lòng, bằng lời", "", "text"),
    ("survey.gap", "Chênh lệch so với mục tiêu hài lòng", "điểm %", "points"),
    ("survey.from", "Khảo sát từ ngày", "", "day"),
    ("survey.to", "Khảo sát đến hết ngày", "", "day"),
    ("survey.issued", "Phiếu khảo sát phát ra", "phiếu", "count"),
    ("survey.returned", "Phiếu khảo sát thu về", "phiếu", "count"),
    ("survey.response_rate", "Tỷ lệ phiếu thu về trên phiếu phát ra", "%", "percent"),
    ("survey.tickets_voided", "Phiếu của các tập giấy mời đã hủy", "phiếu", "count"),
    ("survey.no_response_rate", "Vì sao chưa có tỷ lệ phiếu thu về", "", "text"),
    ("survey.top_question", "Câu hỏi được đánh giá cao nhất", "", "text"),
    ("survey.top_question_rate", "Kết quả của câu hỏi cao nhất", "%", "percent"),
    ("survey.low_question", "Câu hỏi được đánh giá thấp nhất", "", "text"),
    ("survey.low_question_rate", "Kết quả của câu hỏi thấp nhất", "%", "percent"),
    ("survey.units_shown", "Đơn vị đủ phiếu để công bố", "đơn vị", "count"),
    ("survey.units_all", "Đơn vị có phiếu", "đơn vị", "count"),
    ("survey.top_unit", "Đơn vị được đánh giá cao nhất", "", "text"),
    ("survey.top_unit_rate", "Kết quả của đơn vị cao nhất", "%", "percent"),
    ("survey.low_unit", "Đơn vị được đánh giá thấp nhất", "", "text"),
    ("survey.low_unit_rate", "Kết quả của đơn vị thấp nhất", "%", "percent"),
    ("survey.before_title", "Đợt khảo sát năm trước", "", "text"),
    ("survey.before", "Chỉ số hài lòng năm trước", "%", "percent"),
    ("survey.moved", "Chênh lệch so với năm trước", "điểm %", "points"),
    ("par.set", "Bộ tiêu chí", "", "text"),
    ("par.secured", "Chỉ số CCHC chắc chắn đạt", "%", "percent"),
    ("par.projected", "Chỉ số CCHC dự kiến", "%", "percent"),
    ("par.official", "Chỉ số CCHC chính thức", "%", "percent"),
    ("par.official_rows", "Tiêu chí thành phần đã có điểm chính thức", "tiêu chí", "count"),
    ("par.points", "Điểm dự kiến", "điểm", "points"),
    ("par.of_points", "Điểm tối đa áp dụng", "điểm", "points"),
    ("par.valued", "Điểm tối đa của phần đã có số liệu", "điểm", "points"),
    ("par.official_valued", "Điểm tối đa của phần đã có điểm chính thức", "điểm", "points"),
    ("par.rows", "Tiêu chí thành phần áp dụng", "tiêu chí", "count"),
    ("par.rows_valued", "Tiêu chí thành phần đã có số liệu", "tiêu chí", "count"),
    ("par.target", "Mục tiêu Chỉ số CCHC", "%", "percent"),
    ("evidence.count", "Minh chứng kèm theo", "minh chứng", "count"),
    ("evidence.missing", "Tiêu chí chưa có minh chứng", "tiêu chí", "count"),
)
_ABOUT: tuple[tuple[str, str, str, Kind], ...] = (
    ("period.name", "Kỳ báo cáo", "", "text"),
    ("period.from", "Từ ngày", "", "day"),
    ("period.to", "Đến ngày", "", "day"),
    ("period.until", "Số liệu tính đến hết ngày", "", "day"),
    ("period.year", "Năm", "", "text"),
    ("plan.title", "Kế hoạch", "", "text"),
    ("plan.number", "Số ký hiệu kế hoạch", "", "text"),
    ("plan.issued_on", "Ngày ban hành kế hoạch", "", "day"),
    ("taken.on", "Ngày chốt số liệu", "", "day"),
)
_AREA: tuple[tuple[str, str, str, Kind], ...] = (
    ("area.all", "Nhiệm vụ có thời hạn", "nhiệm vụ", "count"),
    ("area.done", "Đã hoàn thành", "nhiệm vụ", "count"),
    ("area.open", "Chưa hoàn thành, không kể tạm dừng", "nhiệm vụ", "count"),
    ("area.overdue", "Quá hạn chưa hoàn thành", "nhiệm vụ", "count"),
    ("area.paused", "Tạm dừng", "nhiệm vụ", "count"),
)
KNOWN = {each[0]: each for each in (*_ABOUT, *_WORK, *_INDICES, *_AREA)}
"""By id: what a figure is called, its unit, its kind."""
MEASURED = tuple(each[0] for each in (*_WORK, *_INDICES))
"""What an annex of figures lists."""
_VIETNAMESE = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]+)?")
NAMED = re.compile(r"\{([a-z_.0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a snapshot. `value`: whole numbers as they are, others as exact text.

    `as_of`: the day it is of, where that is not the one all figures are of.
    """

    id: str
    label: str
    unit: str
    kind: Kind
    value: Value
    as_of: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def figure(id: str, value: object, *, section: str = "", about: str = "") -> Figure:
    """Return a known figure with its value. `section`: of a section's own assignments."""
    _, label, unit, kind = KNOWN[id]
    named = f"{AREA}{section}.{id.removeprefix(AREA)}" if section else id
    return Figure(named, f"{label}: {about}" if about else label, unit, kind, plain(value))


def dated(figures: Iterable[Figure], day: date) -> list[Figure]:
    """Return figures with the day they are of; what is a text, or not known, has none."""
    return [
        each if each.value is None or each.kind == "text" else replace(each, as_of=f"{day}")
        for each in figures
    ]


def plain(value: object) -> Value:
    """Return a value as JSON holds it exactly."""
    if value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def written(kind: str, value: Value) -> str:
    """Return a value as it stands in a document: 1.234, 90,02, 15/12/2025."""
    if value is None or value == "":
        return UNKNOWN if value is None else ""
    if kind == "day":
        year, month, day = str(value).split("-")
        return f"{day}/{month}/{year}"
    if kind == "text":
        return str(value)
    return vietnamese(value)


def vietnamese(value: int | str) -> str:
    """Return a number with a point between thousands and a comma before decimals."""
    sign, digits = ("-", str(value)[1:]) if str(value).startswith("-") else ("", str(value))
    whole, point, decimals = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped}{',' if point else ''}{decimals}"


def number_of(text: str) -> int | Decimal | None:
    """Return the number that a text of `vietnamese` is; None: it is none."""
    if not _VIETNAMESE.fullmatch(text):
        return None
    plain_ = text.replace(".", "").replace(",", ".")
    return Decimal(plain_) if "." in plain_ else int(plain_)


def filled(template: str, figures: Mapping[str, Figure]) -> str:
    """Return a template with its figures written in; what is not there is said to be unknown."""

    def said(match: re.Match[str]) -> str:
        found = figures.get(match[1])
        return written(found.kind, found.value) if found else UNKNOWN

    return NAMED.sub(said, template)
