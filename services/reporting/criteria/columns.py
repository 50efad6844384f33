"""The form of a criteria set as a workbook: its sheets, its columns, what a cell may say.

The headings stay Vietnamese in every language: a file is recognised by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from chassis.words import N_

Kind = Literal["text", "number", "whole", "lines", "choice"]
Words = Mapping[str, object]

GENERAL, ROWS, DETAILS, BANDS, GUIDE = (
    "Thông tin chung", "Tiêu chí", "Bậc và mức", "Xếp loại", "Hướng dẫn",
)  # fmt: skip
LABEL, VALUE = N_("Mục"), N_("Giá trị")
LEVEL, CODE = N_("Cấp"), N_("Mã")
OF_ROW, DETAIL = N_("Mã tiêu chí thành phần"), N_("Loại")
AREA, CRITERION, SUB = N_("Lĩnh vực"), N_("Tiêu chí"), N_("Tiêu chí thành phần")
TIER, DEDUCT, OPTION = N_("Bậc điểm"), N_("Mức trừ"), N_("Phương án trả lời")

YES_NO: Words = {"Có": True, "Không": False}
YES: Words = {"Có": True}
METHODS: Words = {
    "Theo tỷ lệ": "proportional",
    "Đạt hoặc không đạt": "boolean",
    "Theo bậc": "tiered",
    "Trừ điểm": "deduction",
    "Phương án trả lời khảo sát": "survey_options",
    "Chỉ số hài lòng của yếu tố": "survey_index",
}
MEASURES: Words = {
    "Nhiệm vụ": "tasks", "Tỷ lệ": "rate", "Số lượng": "count", "Người chấm chọn bậc": "choice",
}  # fmt: skip
FEEDS: Words = {"Nhiệm vụ": "tasks", "Khảo sát": "surveys", "Báo cáo": "reporting"}
COUNTS: Words = {"Cả kế hoạch": "plan", "Nhiệm vụ đã liên kết": "linked"}
SERVES: Words = {"Chỉ số CCHC của Sở": "par_index", "Chỉ số riêng": "own_figure"}
ROLL_UPS: Words = {"Phần trăm": "percent", "Điểm": "points"}
GRADES_ON: Words = {"Giá trị chưa làm tròn": "exact", "Giá trị đã làm tròn": "shown"}


@dataclass(frozen=True)
class Column:
    """A column, or a line of the first sheet. `path`: where its value stands in the data."""

    heading: str
    path: str
    kind: Kind = "text"
    width: int = 16
    words: Words = field(default_factory=dict)
    needed: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The words a cell may say."""
        return tuple(self.words)


def _choice(heading: str, path: str, words: Words, *, width: int = 18) -> Column:
    return Column(heading, path, "choice", width, words)


HEAD = (
    Column(N_("Mã bộ tiêu chí"), "code", needed=True),
    Column(N_("Tên bộ tiêu chí"), "title", needed=True),
    Column(N_("Năm"), "year", "whole", needed=True),
    _choice(N_("Bản dựng, không phải văn bản chính thức"), "composed", YES_NO),
    Column(N_("Lời ghi kèm"), "notice"),
    _choice(N_("Dùng cho"), "serves", SERVES),
    _choice(N_("Kết quả tính bằng"), "roll_up", ROLL_UPS),
    Column(N_("Số chữ số thập phân"), "rounding.places", "whole"),
    _choice(N_("Xếp loại theo"), "rounding.grades_on", GRADES_ON),
    Column(N_("Tổng điểm"), "total_points", "number", needed=True),
    Column(N_("Điểm thưởng tối đa"), "bonus_max", "number", needed=True),
    Column(N_("Điểm trừ tối đa"), "penalty_max", "number", needed=True),
)
PART = (
    Column(CODE, "code", width=9, needed=True),
    Column(N_("Tên"), "name", width=46, needed=True),
    Column(N_("Điểm tối đa"), "max_points", "number", 9, needed=True),
)
OF_SUB = (
    _choice(N_("Cách tính điểm"), "rule.method", METHODS),
    _choice(N_("Bậc đo theo"), "rule.measure", MEASURES, width=12),
    Column(N_("Tử số"), "rule.numerator", width=22),
    Column(N_("Mẫu số"), "rule.denominator", width=22),
    Column(N_("Đủ điểm từ tỷ lệ"), "rule.full_at", "number", 9),
    Column(N_("Sàn tỷ lệ"), "rule.floor", "number", 9),
    Column(N_("Điều kiện đạt"), "rule.condition", width=24),
    Column(N_("Điểm khi đạt"), "rule.true_points", "number", 9),
    Column(N_("Điểm khi không đạt"), "rule.false_points", "number", 9),
    Column(N_("Người trả lời khảo sát"), "rule.respondents", width=20),
    Column(N_("Mã câu hỏi khảo sát"), "rule.question", width=12),
    Column(N_("Mã yếu tố hài lòng"), "rule.factor", width=12),
    _choice(N_("Nguồn số liệu"), "feeds_from", FEEDS, width=12),
    _choice(N_("Đếm nhiệm vụ nào"), "counts", COUNTS),
    Column(N_("Chỉ lấy phiếu khảo sát có mã"), "from_rounds.questionnaire"),
    Column(N_("Chỉ lấy đợt khảo sát có mã"), "from_rounds.round_id"),
    _choice(N_("Cho phép không áp dụng"), "na_allowed", YES_NO, width=10),
    Column(N_("Không áp dụng khi"), "na_when", width=22),
    Column(N_("Minh chứng phải có"), "evidence", "lines", 34),
    Column(N_("Căn cứ của dòng"), "source", width=16),
)
OF_TIER = (
    Column(N_("Nội dung"), "when", width=44),
    Column(N_("Điểm hoặc trọng số"), "points", "number", 11),
    Column(N_("Ngưỡng từ"), "at_least", "number", 10),
    _choice(N_("Mọi nhiệm vụ đã xong"), "all_done", YES, width=12),
    _choice(N_("Mọi nhiệm vụ đúng hạn"), "all_on_time", YES, width=12),
    _choice(N_("Có nhiệm vụ quá hạn"), "any_overdue", YES, width=12),
)
OF_BAND = (
    Column(N_("Mức xếp loại"), "name", width=22, needed=True),
    Column(N_("Từ"), "at_least", "number", 10, needed=True),
    _choice(N_("Phải lớn hơn hẳn"), "more_than", YES_NO, width=12),
    Column(N_("Dưới (không kể)"), "below", "number", 12),
    Column(N_("Đến hết (kể cả)"), "up_to", "number", 12),
)
LEVELS = (AREA, CRITERION, SUB)
KINDS_OF_DETAIL = (TIER, DEDUCT, OPTION)
