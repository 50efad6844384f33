"""Words by which the texts of tasks and criteria are recognised: officers write Vietnamese.

Nothing here is said to anybody, so nothing here is translated.
"""

from collections.abc import Mapping

# What officers write short; the criteria sets spell it out as often as not.
ABBREVIATIONS: Mapping[str, str] = {
    "cchc": "cải cách hành chính",
    "tthc": "thủ tục hành chính",
    "vbqppl": "văn bản quy phạm pháp luật",
    "pakn": "phản ánh kiến nghị",
    "dvc": "dịch vụ công",
    "dvctt": "dịch vụ công trực tuyến",
    "httt": "hệ thống thông tin",
    "csdl": "cơ sở dữ liệu",
    "ubnd": "ủy ban nhân dân",
    "vtvl": "vị trí việc làm",
}
COMMON = frozenset({
    "và", "của", "các", "cho", "theo", "về", "với", "trong", "được", "đối", "từ", "có", "không",
    "là", "một", "những", "đến", "tại", "để", "sở", "năm", "công", "việc", "thực", "hiện", "đúng",
    "đủ", "quy", "định", "mức", "độ", "tỷ", "lệ", "phòng", "đơn", "vị",
})  # fmt: skip  # in nearly every row: alone, or next to each other, they tell nothing apart

ASKED_FOR_BY = {"report": "báo cáo", "inspection": "kiểm tra"}
"""The word in the evidence a sub-criterion names that asks for a kind of document (composed)."""
