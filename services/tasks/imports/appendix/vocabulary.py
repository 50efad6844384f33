"""Words of an appendix's table: titles, ends and headings as departments write them."""

from tasks.imports.appendix.model import Field

TITLES: dict[Field, tuple[str, ...]] = {
    "stt": ("STT", "TT", "Số TT", "Số thứ tự", "S T T", "T T"),
    "subject_matter": (
        "Tiêu chí/Nội dung", "Tiêu chí", "Nội dung", "Nội dung tiêu chí", "Tên tiêu chí",
        "Lĩnh vực/Tiêu chí", "Chỉ tiêu", "Mục tiêu", "Lĩnh vực", "Nhóm nhiệm vụ",
    ),
    "content": (
        "Giải pháp, nhiệm vụ", "Nhiệm vụ, giải pháp", "Nhiệm vụ", "Giải pháp", "Nội dung nhiệm vụ",
        "Nội dung, nhiệm vụ", "Nội dung công việc", "Nội dung thực hiện", "Nhiệm vụ cụ thể",
        "Công việc", "Giải pháp thực hiện", "Tên nhiệm vụ", "Nhiệm vụ trọng tâm", "Hoạt động",
        "Nội dung hoạt động", "Nhiệm vụ được giao", "Nội dung nhiệm vụ được giao", "Tên công việc",
        "Tên hoạt động",
    ),
    "product": (
        "Sản phẩm", "Sản phẩm đầu ra", "Kết quả đầu ra", "Sản phẩm, kết quả", "Kết quả, sản phẩm",
        "Kết quả", "Sản phẩm hoàn thành", "Dự kiến sản phẩm", "Sản phẩm dự kiến",
        "Kết quả dự kiến", "Dự kiến kết quả", "Kết quả cần đạt",
    ),
    "lead": (
        "Đơn vị chủ trì", "Chủ trì", "Cơ quan chủ trì", "Cơ quan, đơn vị chủ trì", "Phòng chủ trì",
        "Phòng, đơn vị chủ trì", "Đơn vị thực hiện", "Đơn vị đầu mối", "Phân công chủ trì",
        "Bộ phận chủ trì", "Trách nhiệm chủ trì", "Phòng phụ trách", "Bộ phận phụ trách",
        "Đơn vị phụ trách", "Cơ quan thực hiện", "Cơ quan, đơn vị thực hiện", "Phòng thực hiện",
        "Bộ phận thực hiện", "Đơn vị chịu trách nhiệm",
    ),
    "coordinating": (
        "Đơn vị phối hợp", "Phối hợp", "Cơ quan phối hợp", "Cơ quan, đơn vị phối hợp",
        "Phòng, đơn vị phối hợp", "Phân công phối hợp", "Bộ phận phối hợp", "Phòng phối hợp",
        "Trách nhiệm phối hợp",
    ),
    "deadline": (
        "Thời gian thực hiện/hoàn thành", "Thời gian thực hiện", "Thời gian hoàn thành", "Thời hạn",
        "Thời hạn hoàn thành", "Hạn hoàn thành", "Thời gian", "Tiến độ", "Tiến độ thực hiện",
        "Thời điểm hoàn thành", "Thời điểm dự kiến hoàn thành", "Thời gian dự kiến hoàn thành",
        "Thời hạn dự kiến hoàn thành", "Dự kiến hoàn thành", "Hạn xử lý", "Thời hạn xử lý",
        "Thời hạn thực hiện", "Hoàn thành trước ngày", "Hoàn thành trước", "Mốc thời gian",
        "Thời gian kết thúc", "Thời điểm kết thúc", "Ngày kết thúc", "Kết thúc", "Đến ngày",
        "Ngày hoàn thành", "Hạn chót", "Thời điểm thực hiện",
    ),
    "ignored": (
        "Mã tiêu chí", "Điểm", "Điểm tối đa", "Nguồn kinh phí", "Kinh phí", "Kinh phí thực hiện",
        "Văn bản giao nhiệm vụ", "Văn bản giao", "Số văn bản", "Căn cứ", "Cơ quan giao nhiệm vụ",
        "Lãnh đạo phụ trách", "Lãnh đạo chỉ đạo", "Kết quả thực hiện", "Kết quả đạt được",
        "Tình trạng", "Trạng thái", "Số lần gia hạn", "Người giao nhiệm vụ", "Đơn vị giao nhiệm vụ",
        # When it begins, was given, was really done or was due once is not when it is due.
        "Thời gian bắt đầu", "Thời điểm bắt đầu", "Ngày bắt đầu", "Bắt đầu", "Từ ngày",
        "Thời gian giao", "Ngày giao", "Thời điểm giao", "Thời gian giao nhiệm vụ",
        "Hoàn thành thực tế", "Thực tế hoàn thành", "Thời gian hoàn thành thực tế",
        "Ngày hoàn thành thực tế", "Hạn cũ", "Thời hạn cũ", "Thời gian cũ",
    ),
}  # fmt: skip

# Of the ignored titles (folded): those of what became of a task, which may end or move it.
OUTCOME_TITLE = r".*\b(?:tinh trang|trang thai|ket qua|thuc te)\b.*"
# Whatever the title, such words may end a task or move it.
OUTCOME_WORDS = (
    r"\b(?:bai bo|huy|lui|hoan lai|tam hoan|dung|chuyen sang|keo dai|thay the|dieu chinh"
    r"|khong (?:con )?(?:thuc hien|trien khai)|da hoan thanh)\b"
)

# Persons rather than units: they lead only where no column names a unit.
NEARLY: dict[Field, tuple[str, ...]] = {
    "lead": (
        "Người đứng đầu chịu trách nhiệm", "Người chịu trách nhiệm", "Người phụ trách",
        "Cá nhân chịu trách nhiệm", "Cán bộ phụ trách", "Chuyên viên phụ trách", "Người thực hiện",
    ),
}  # fmt: skip

# A column for each quarter or month, ticked where something is due.
PERIOD_TITLE = r"(?:quy (?:i{1,3}|iv|[1-4])|q[1-4]|thang (?:0?[1-9]|1[0-2]))(?: (?:nam )?20\d\d)?"
TICKS = ("x", "v", "✓", "✔", "☑", "☒", "•", "●", "+", "*", "√")

# Words above a title that add nothing to it: those of other titles, and these. "Trước" does add.
ADDS_NOTHING = (
    "phân công", "tổ chức", "kế hoạch", "theo", "các", "thuộc", "của", "cho", "về", "ngày", "tháng",
    "năm", "quý", "từng", "triển khai", "yêu cầu", "đề ra", "thành phần", "lộ trình", "sở",
)  # fmt: skip
ADDS = ("trước", "dự")  # of the words of titles

# Years that words speak of (folded): "Nhiệm vụ năm 2027", "Quý I/2027"; a date names a day.
A_YEAR = r"20\d\d(?!\d)"
DATE = r"\bngay \d{1,2} (?:thang )?\d{1,2} (?:nam )?20\d\d\b|\b\d{1,2} \d{1,2} 20\d\d\b"
YEARS_NAMED = r"\b(?:nam|quy (?:i{1,3}|iv|[1-4])|thang \d{1,2})(?: (?:va )?20\d\d)+\b"
TITLE_BEGINS = r"(?:phu luc|ke hoach|chuong trinh|danh muc|bieu|bang|nhiem vu|cac nhiem vu)\b"

# Words of a deadline, where a cell's look or a column's title says what its text does not.
BEFORE, DAY, MONTH, QUARTER, YEAR = "Trước ngày", "ngày", "Tháng", "Quý", "Năm"

# "Hoàn thành trước ngày" stands above bare days: their own words say less than the title does.
BEFORE_TITLE = r"(?:hoan thanh )?truoc(?: ngay)?"
_BARE_DAY = (
    r"(?:ngày )?(?:\d{1,2}\s*[/.-]\s*\d{1,2}(?:\s*[/.-]\s*\d{2,4})?"
    r"|\d{1,2} tháng \d{1,2}(?: ?(?:năm|/) ?\d{4})?)"
)
BARE_DAYS = _BARE_DAY + r"(?:(?:\s*[,;]\s*|\s+và\s+)" + _BARE_DAY + r")*"
# Of other words under such a title: those that say by themselves until when.
SAYS_UNTIL_WHEN = (
    r"\b(?:trước|chậm nhất|muộn nhất|không quá|đến|thường xuyên|khi|theo|như trên|nt)\b"
)

# Headings are numbered by roman numerals, letters of the Vietnamese alphabet, or figures.
NUMERAL = r"^(?:[IVXLC]+|[A-HĐ]|\d{1,2})\s*[.)/:-]\s*"
HEADED = r"(?:[IVXLC]+|[A-HĐ])\s*[.)/:-]\s*\w{2}"
SECTION_STT = r"(?:[IVXLC]+|[A-HĐ])[.)]?"

# What stands under a table (folded): sums, and the block of signatures.
SUM = r"(?:tong cong|tong so)(?: .*)?|(?:cong|tong)(?: \d.*)?"
SIGNATURE = (
    r"noi nhan.*|nguoi lap(?: bieu| bang)?|lap (?:bieu|bang)|(?:kt|tl|tm|tuq) .*|ky ten.*"
    r"|thu truong (?:don vi|co quan).*"
)
OFFICE_ALONE = r"(?:pho )?(?:giam doc|chu tich|chanh van phong|truong phong|truong ban)(?: so)?"
PLACE_AND_DAY = (
    r"(?!truoc|den|tu|ngay|cham nhat).+ ngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam(?: 20\d\d)?"
)

# What no Vietnamese word in Unicode holds, but fonts of before (TCVN3, VNI) do: these letters
# between letters, a capital with its mark behind a small letter.
LEGACY = (
    r"(?<=[^\W\d_])[¡-¯µ-¿ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñöøûüþÿ](?=[^\W\d_])|§[^\W\d_¬]"
    r"|(?<=[a-z])[À-Þ]"
)
# Words outside of a table that may change a task: an exception (with its accents), a day, a period.
EXCEPTION = (
    r"\b(?:riêng|(?:ngoại )?trừ|lùi|thêm|bổ sung|gia hạn|kéo dài|hoãn|bãi bỏ|thay thế|điều chỉnh"
    r"|âm lịch|đính chính|không thực hiện|(?:sớm|chậm|muộn) (?:hơn|lại)|trước hạn)\b"
)
DAY_OR_PERIOD = (
    r"\b\d{1,2}/\d{1,4}\b|\bngày \d|\b\d+ (?:ngày|tuần|tháng)\b|\btháng \d"
    r"|\bquý (?:i{1,3}|iv|[1-4])\b|\bthời hạn\b|\bhạn (?:hoàn thành|chót)\b"
)
# What Excel says of itself before a comment of a thread.
THREAD = r"^\[[^\]]*\].*?(?:Comment|Nhận xét|Chú thích|Bình luận): *"
# A row of a table that only says something of others.
NOTE = (
    r"(?:\(?\*+\)? ?)?(?:ghi chú|lưu ý|chú thích|chú ý)(?: \d+| \(\*+\))? ?[:.-] ?\S.*"
    r"|\(\*+\) ?\S.*"
)
# What every official document says before and behind its appendix (folded).
HEAD_OR_FOOT = (
    r"(?:cong hoa xa hoi|doc lap tu do|noi nhan|v v|ve viec (?!so|\d)|(?:ban hanh )?kem theo"
    r"|can cu (?!ke hoach nay)|theo de nghi|kinh gui|nhu tren|luu (?:vt|van thu|ho so)"
    r"|thuc hien (?:ke hoach|quyet dinh|nghi quyet|chuong trinh|cong van|chi thi|van ban) so"
    r"|so (?:\d+ )?(?:kh|qd|tb|bc|ct|nq|cv|ttr|hd|snv|ubnd))\b.*"
    r"|(?:kt|tl|tm|tuq) .{1,60}|(?:da )?ky(?: ten)?(?: dong dau)?|nguoi lap(?: bieu| bang)?"
    r"|(?!truoc|den|tu|ngay|cham nhat).{1,40} ngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam(?: 20\d\d)?"
    r"|(?:trang )?\d+(?: \d+)?|tiep(?: theo)?|(?:bang|bieu|phu luc)(?: so)? [\divx]+"
)
# A table that only lays these out (folded).
FRAME = (
    r"^(?:noi nhan\b|(?:kt |tl |tm |tuq )?(?:pho )?(?:giam doc|chu tich|truong phong|chanh van)\b"
    r"|nguoi lap|ky ten|thu truong)|\bcong hoa xa hoi chu nghia\b|\bdoc lap tu do\b"
)
