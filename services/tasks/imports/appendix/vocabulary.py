"""Words of an appendix's table: the titles departments give to the same seven columns."""

from tasks.imports.appendix.model import Field

TITLES: dict[Field, tuple[str, ...]] = {
    "stt": ("STT", "TT", "Số TT", "Số thứ tự"),
    "subject_matter": (
        "Tiêu chí/Nội dung", "Tiêu chí", "Nội dung", "Nội dung tiêu chí", "Tên tiêu chí",
        "Lĩnh vực/Tiêu chí", "Chỉ tiêu", "Mục tiêu",
    ),
    "content": (
        "Giải pháp, nhiệm vụ", "Nhiệm vụ, giải pháp", "Nhiệm vụ", "Giải pháp", "Nội dung nhiệm vụ",
        "Nội dung, nhiệm vụ", "Nội dung công việc", "Nội dung thực hiện", "Nhiệm vụ cụ thể",
        "Công việc", "Giải pháp thực hiện", "Tên nhiệm vụ",
    ),
    "product": (
        "Sản phẩm", "Sản phẩm đầu ra", "Kết quả đầu ra", "Sản phẩm, kết quả", "Kết quả, sản phẩm",
        "Kết quả", "Sản phẩm hoàn thành", "Dự kiến sản phẩm",
    ),
    "lead": (
        "Đơn vị chủ trì", "Chủ trì", "Cơ quan chủ trì", "Cơ quan, đơn vị chủ trì", "Phòng chủ trì",
        "Phòng, đơn vị chủ trì", "Đơn vị thực hiện", "Đơn vị đầu mối", "Phân công chủ trì",
    ),
    "coordinating": (
        "Đơn vị phối hợp", "Phối hợp", "Cơ quan phối hợp", "Cơ quan, đơn vị phối hợp",
        "Phòng, đơn vị phối hợp", "Phân công phối hợp",
    ),
    "deadline": (
        "Thời gian thực hiện/hoàn thành", "Thời gian thực hiện", "Thời gian hoàn thành", "Thời hạn",
        "Thời hạn hoàn thành", "Hạn hoàn thành", "Thời gian", "Tiến độ", "Tiến độ thực hiện",
    ),
    "ignored": ("Mã tiêu chí", "Ghi chú", "Điểm", "Điểm tối đa"),
}  # fmt: skip

# Headings are numbered by roman numerals, letters of the Vietnamese alphabet, or figures.
NUMERAL = r"^(?:[IVXLC]+|[A-HĐ]|\d{1,2})\s*[.)/:-]\s*"
SECTION_STT = r"(?:[IVXLC]+|[A-HĐ])[.)]?"
