"""What the codes of figures, sources, numbers and counts are called, once for all who say them."""

from collections.abc import Mapping

from chassis.words import N_

_AWAITING = N_("Chờ duyệt kết quả")
ON_TIME = N_("Hoàn thành đúng hạn")

FIGURES: Mapping[str, str] = {
    "secured": N_("điểm chắc chắn"),
    "projected": N_("điểm dự kiến"),
    "official": N_("điểm chính thức"),
}
SOURCES: Mapping[str, str] = {
    "live": N_("số liệu hệ thống"),
    "closed_round": N_("kết quả đợt khảo sát đã đóng"),
    "open_round": N_("đợt khảo sát đang mở"),
    "ballots": N_("phiếu kiểm ngoài hệ thống"),
    "appraised_2": N_("điểm thẩm định lần 2"),
    "appraised_1": N_("điểm thẩm định lần 1"),
    "self_score": N_("điểm tự đánh giá"),
    "expected": N_("điểm đơn vị dự kiến"),
    "last_year": N_("điểm năm trước"),
    "none": N_("chưa có số liệu, tính 0"),
    "not_applicable": N_("không áp dụng"),
}
NUMBERS: Mapping[str, str] = {
    "all_points": N_("Tổng điểm của bộ tiêu chí"),
    "not_applicable_points": N_("Điểm không áp dụng"),
    "bonus": N_("Điểm thưởng"),
    "bonus_max": N_("Trần điểm thưởng"),
    "penalty": N_("Điểm trừ"),
    "penalty_max": N_("Trần điểm trừ"),
    "valued_points": N_("Điểm đã có số liệu"),
    "max_points": N_("Điểm tối đa"),
    "points": N_("Điểm"),
    "full_at": N_("Mức đạt điểm tối đa"),
    "floor": N_("Ngưỡng bắt đầu có điểm"),
    "at_least": N_("Từ mức"),
    "minus": N_("Trừ mỗi trường hợp"),
    "weight": N_("Trọng số"),
    "index": N_("Chỉ số hài lòng"),
    "true_points": N_("Điểm khi đạt"),
    "false_points": N_("Điểm khi không đạt"),
}
COUNTS: Mapping[str, str] = {
    "done": N_("Đã hoàn thành"),
    "total": N_("Phải hoàn thành"),
    "done_on_time": ON_TIME,
    "on_time": ON_TIME,
    "done_on_time_first": N_("Hoàn thành đúng hạn ban đầu, trước mọi lần gia hạn"),
    "extended": N_("Đã được gia hạn"),
    "overdue": N_("Quá hạn chưa hoàn thành"),
    "waiting": _AWAITING,
    "continuous": N_("Thường xuyên (không tính)"),
    "untriggered": N_("Chưa phát sinh (không tính)"),
    "needs_person": N_("Chưa có thời hạn (không tính)"),
    "cancelled": N_("Đã hủy (không tính)"),
    "paused": N_("Tạm dừng (chưa tính là đến hạn)"),
    "contributions_asked": N_("Đóng góp phối hợp được đề nghị trong kỳ"),
    "contributions_given": N_("Đóng góp phối hợp đã gửi"),
    "n1": N_("Rất không hài lòng"),
    "n2": N_("Không hài lòng"),
    "n3": N_("Bình thường"),
    "n4": N_("Hài lòng"),
    "n5": N_("Rất hài lòng"),
    "missing": N_("Không trả lời (không tính)"),
    "questions": N_("Số câu có trả lời"),
    "ballots": N_("Số phiếu đã công bố"),
    "release": N_("Lần công bố"),
    "answers": N_("Số trả lời"),
    "cases": N_("Số trường hợp"),
    "count": N_("Số lượng"),
    "chosen": N_("Mức được chọn"),
    "holds": N_("Điều kiện đạt"),
}
STATUSES: Mapping[str, str] = {
    "not_started": N_("Chưa thực hiện"),
    "in_progress": N_("Đang thực hiện"),
    "submitted": _AWAITING,
    "returned": N_("Trả lại"),
    "done": N_("Hoàn thành"),
    "cancelled": N_("Đã hủy"),
}
LATE = N_("Hoàn thành quá hạn")
NO_LONGER_APPLICABLE = N_("Không còn phù hợp")
EXTENDED = N_("{status}, gia hạn từ {first} đến {now}")
PAUSED = N_("{status}, đang tạm dừng")
GIVEN_IN_TIME = N_("hạn {due}, gửi {given}, đúng hạn")
GIVEN_LATE = N_("hạn {due}, gửi {given}, quá hạn")
NOT_GIVEN = N_("hạn {due}, chưa gửi")
NO_UNIT = N_("Không rõ đơn vị")
