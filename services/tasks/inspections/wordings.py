"""What documents and assignments of inspections say: in Vietnamese alone, as documents do."""

SECTION = "Khắc phục tồn tại, hạn chế sau kiểm tra"
DEADLINE = "Trong vòng {days} ngày kể từ ngày có kết luận"
SOURCE = "Thông báo kết luận kiểm tra {unit}"

RECORD_DUE = " (nộp chậm nhất ngày {day})"

PARENT, PLACE, ISSUER = "UBND TỈNH KHÁNH HÒA", "Khánh Hòa", "Sở Nội vụ"
KIND, SYMBOL, DIRECTOR = "THÔNG BÁO", "TB-SNV", "GIÁM ĐỐC"
COMPOSED = "Bản dựng theo thể thức Nghị định 30/2020/NĐ-CP, cần rà soát trước khi ban hành"
SUBJECT = "Kết luận kiểm tra tại {unit}"
COPIES = ("Lãnh đạo Sở", "Các thành viên đoàn kiểm tra")
OPENING = "Đoàn kiểm tra đã {method} tại {unit} {days}, về: {subject}. Thành phần đoàn:"
DAY, DAYS = "ngày {starts}", "từ ngày {starts} đến ngày {ends}"
MEMBER, STOOD_IN = "{name}, {duty}", "{name}, {duty} (thay {absent})"
DUTIES = {"head": "trưởng đoàn", "member": "thành viên"}
METHODS = {
    "planned": "kiểm tra theo kế hoạch",
    "unannounced": "kiểm tra đột xuất",
    "documents": "kiểm tra trên hồ sơ",
    "system_data": "kiểm tra trên dữ liệu của hệ thống",
    "citizen_feedback": "kiểm tra từ phản ánh của người dân",
}
KINDS = {"shortcoming": "Tồn tại", "limitation": "Hạn chế"}
FINDING = "{kind}: {words}"
CONCLUSION, REMEDIES = "Kết luận", "Tồn tại, hạn chế và việc khắc phục"
NO_FINDING = "Đoàn không ghi nhận tồn tại, hạn chế."
CLOSING = "Trên đây là kết luận kiểm tra; đề nghị đơn vị thực hiện và báo cáo kết quả theo quy định"
HEADINGS = ("STT", "Tồn tại, hạn chế", "Việc phải làm", "Đơn vị khắc phục", "Thời hạn")
REMEDY = "{what} ({number})"
