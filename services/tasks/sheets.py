"""Which lists can be taken away as .xlsx, and with which columns: each declared once, here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ServiceRouter
from chassis.web.sheets import Listed, ListSheet, names_in, offer_sheet
from chassis.words import N_
from tasks.acknowledgements.api import read_coverage
from tasks.assignments.columns import STATUS_WORDS
from tasks.calendar.api import list_calendars
from tasks.contributions.api import list_contributions
from tasks.directory.api import list_people, list_units
from tasks.directory.groups_api import list_groups
from tasks.directory.models import Unit
from tasks.handling.api import list_handling_proposals
from tasks.imports.api import list_imports
from tasks.inspections.api import list_inspections
from tasks.instructions.api import list_instructions
from tasks.measures.api import list_measures
from tasks.plans.api import list_plans
from tasks.questions.api import list_questions
from tasks.signatures.api import list_trusted_roots
from tasks.unit_reports.api import list_unit_reports
from tasks.urging.api import list_urgings
from tasks.urging.domain import URGED_FOR

router = ServiceRouter(prefix="/v1", tags=["lists as .xlsx"])
STATUS, UNIT = N_("Tình trạng"), N_("Đơn vị")
PLAN_STATUS = {
    "draft": N_("Dự thảo"), "active": N_("Đang có hiệu lực"), "closed": N_("Đã kết thúc"),
    "cancelled": N_("Đã hủy"),
}  # fmt: skip
UNIT_KIND = {
    "department": N_("Sở"), "office": N_("Văn phòng, thanh tra"), "room": N_("Phòng chuyên môn"),
    "centre": N_("Đơn vị sự nghiệp"),
}  # fmt: skip
ROLE = {
    "director": N_("Lãnh đạo Sở"), "office": N_("Văn phòng Sở"), "admin": N_("Quản trị"),
    "unit_head": N_("Lãnh đạo đơn vị"), "unit_officer": N_("Chuyên viên"),
    "appraiser": N_("Người thẩm định"), "auditor": N_("Người giám sát"),
    "external_system": N_("Hệ thống ngoài"),
}  # fmt: skip
QUESTION_STATUS = {"open": N_("Chưa trả lời"), "answered": N_("Đã trả lời")}
CONTRIBUTION_STATUS = {
    "asked": N_("Đang đề nghị"), "given": N_("Đã gửi, chờ xem"), "accepted": N_("Đã nhận"),
    "returned": N_("Trả lại"), "withdrawn": N_("Không cần nữa"),
}  # fmt: skip
IMPORT_STATE = {
    "reading": N_("Đang đọc"), "ready": N_("Chờ xác nhận"), "confirmed": N_("Đã xác nhận"),
    "failed": N_("Không đọc được"), "discarded": N_("Đã bỏ"),
}  # fmt: skip
ORIGIN = {"office": N_("Văn phòng đôn đốc"), "ladder": N_("Tự động")}
BODY = {
    "government": N_("Chính quyền"), "party_committee": N_("Cấp ủy"),
    "joint": N_("Đoàn liên ngành"),
}  # fmt: skip
METHOD = {
    "planned": N_("Theo kế hoạch"), "unannounced": N_("Đột xuất"),
    "documents": N_("Qua hồ sơ"), "system_data": N_("Qua dữ liệu hệ thống"),
    "citizen_feedback": N_("Từ phản ánh của người dân"),
}  # fmt: skip
INSPECTION_STATE = {
    "planned": N_("Đã lên kế hoạch"), "announced": N_("Đã thông báo"), "visited": N_("Đã kiểm tra"),
    "concluded": N_("Đã kết luận"), "cancelled": N_("Đã hủy"),
}  # fmt: skip
MEASURE_STATUS = {
    "proposed": N_("Đã đề xuất, chờ quyết định"), "accepted": N_("Đã chấp nhận"),
    "returned": N_("Trả lại"),
}  # fmt: skip
UNIT_REPORT_STATUS = {
    "owed": N_("Chưa lập"), "draft": N_("Bản thảo"), "submitted": N_("Chờ phụ trách duyệt"),
    "approved": N_("Đã gửi Văn phòng"), "returned": N_("Trả lại"), "accepted": N_("Đã tiếp nhận"),
}  # fmt: skip
DAY_KIND = {"off": N_("Ngày nghỉ"), "worked": N_("Ngày làm bù")}


async def names(session: AsyncSession) -> Mapping[UUID, str]:
    """Return the names of units by id."""
    return await names_in(session, Unit)


PLANS = ListSheet("ke-hoach", N_("DANH SÁCH KẾ HOẠCH"), (
    Listed("year", N_("Năm"), 8),
    Listed("number", N_("Số, ký hiệu"), 18),
    Listed("title", N_("Tên kế hoạch"), 60),
    Listed("status", STATUS, 18, words=PLAN_STATUS),
    Listed("issued_on", N_("Ngày ban hành"), 14, "day"),
    Listed("closes_on", N_("Hạn chốt báo cáo"), 14, "day"),
    Listed("unit_id", N_("Đơn vị ban hành"), 26),
    Listed("signer_name", N_("Người ký"), 24),
    Listed(lambda plan: [each.text for each in plan.objectives], N_("Mục tiêu"), 50),
    Listed("closed_on", N_("Ngày kết thúc"), 14, "day"),
    Listed("closed_because", N_("Lý do kết thúc"), 30),
))  # fmt: skip
UNITS = ListSheet("don-vi", N_("DANH SÁCH ĐƠN VỊ"), (
    Listed("code", N_("Mã"), 12),
    Listed("name", N_("Tên đơn vị"), 40),
    Listed("kind", N_("Loại"), 22, words=UNIT_KIND),
    Listed("parent_id", N_("Đơn vị cấp trên"), 30),
    Listed("aliases", N_("Tên viết tắt, tên khác"), 30),
    Listed("former_names", N_("Tên trước đây"), 30),
    Listed("active", N_("Đang hoạt động"), 12),
))  # fmt: skip
PEOPLE = ListSheet("can-bo", N_("DANH SÁCH CÁN BỘ"), (
    Listed("employee_code", N_("Mã cán bộ"), 14),
    Listed("name", N_("Họ và tên"), 28),
    Listed("post", N_("Chức vụ"), 28),
    Listed("unit_id", UNIT, 30),
    Listed("role", N_("Vai trò"), 18, words=ROLE),
    Listed("email", N_("Thư công vụ"), 28),
    Listed("active", N_("Đang làm việc"), 12),
    Listed("absent_from", N_("Vắng từ ngày"), 13, "day"),
    Listed("absent_until", N_("Vắng đến ngày"), 13, "day"),
    Listed("substitute_name", N_("Người thay"), 24),
), {"q": N_("Có các chữ"), "standing_in_for": N_("Có thể thay cho")})  # fmt: skip
GROUPS = ListSheet("nhom-don-vi", N_("DANH SÁCH NHÓM ĐƠN VỊ"), (
    Listed("name", N_("Tên nhóm"), 36),
    Listed("aliases", N_("Tên khác"), 36),
    Listed("unit_ids", N_("Gồm các đơn vị"), 70),
    Listed("active", N_("Đang dùng"), 12),
))  # fmt: skip
QUESTIONS = ListSheet("cau-hoi", N_("DANH SÁCH CÂU HỎI VÀ HƯỚNG DẪN"), (
    Listed("assignment_number", N_("Nhiệm vụ số"), 16),
    Listed("assignment_content", N_("Nội dung nhiệm vụ"), 44),
    Listed("unit_id", UNIT, 24),
    Listed("words", N_("Câu hỏi"), 50),
    Listed("asked_by_name", N_("Người hỏi"), 22),
    Listed("asked_at", N_("Hỏi lúc"), 17, "instant"),
    Listed("status", STATUS, 14, words=QUESTION_STATUS),
    Listed("waiting_days", N_("Số ngày chờ"), 10, "number"),
    Listed("answer", N_("Trả lời"), 50),
    Listed("answered_by_name", N_("Người trả lời"), 22),
    Listed("answered_at", N_("Trả lời lúc"), 17, "instant"),
    Listed("for_all", N_("Hướng dẫn chung"), 12),
), {"plan_id": N_("Kế hoạch"), "assignment_id": N_("Nhiệm vụ")})  # fmt: skip
CONTRIBUTIONS = ListSheet("dong-gop-phoi-hop", N_("DANH SÁCH ĐÓNG GÓP PHỐI HỢP"), (
    Listed("assignment_number", N_("Nhiệm vụ số"), 16),
    Listed("assignment_content", N_("Nội dung nhiệm vụ"), 44),
    Listed("lead_unit_id", N_("Đơn vị chủ trì"), 24),
    Listed("unit_id", N_("Đơn vị phối hợp"), 24),
    Listed("what", N_("Nội dung đề nghị"), 40),
    Listed("due_on", N_("Hạn"), 12, "day"),
    Listed("status", STATUS, 16, words=CONTRIBUTION_STATUS),
    Listed("given_on", N_("Ngày gửi"), 12, "day"),
    Listed("late_days", N_("Số ngày làm việc chậm"), 12, "number"),
    Listed("note", N_("Nội dung đóng góp"), 40),
    Listed("decision_note", N_("Ý kiến"), 30),
), {"mine": N_("Của đơn vị mình"), "owed": N_("Còn nợ")})  # fmt: skip
IMPORTS = ListSheet("lan-nhap-phu-luc", N_("CÁC LẦN NHẬP PHỤ LỤC"), (
    Listed("file_name", N_("Tệp"), 44),
    Listed("state", STATUS, 18, words=IMPORT_STATE),
    Listed("created_at", N_("Tải lên lúc"), 17, "instant"),
))  # fmt: skip
NOT_YET = ListSheet("chua-xac-nhan", N_("DANH SÁCH CHƯA XÁC NHẬN ĐÃ NHẬN KẾ HOẠCH"), (
    Listed("name", N_("Họ và tên"), 28),
    Listed("post", N_("Chức vụ"), 28),
    Listed("unit_id", UNIT, 30),
), rows=lambda coverage: coverage.not_yet)  # fmt: skip
ROOTS = ListSheet("chung-thu-goc", N_("DANH SÁCH CHỨNG THƯ GỐC TIN CẬY"), (
    Listed("name", N_("Tên"), 50),
    Listed("sha256", N_("Dấu vân tay SHA-256"), 66),
    Listed("valid_from", N_("Có hiệu lực từ"), 17, "instant"),
    Listed("valid_until", N_("Đến"), 17, "instant"),
    Listed("added_at", N_("Thêm lúc"), 17, "instant"),
))  # fmt: skip


def _days(years: Any) -> Sequence[Any]:
    return [day for year in years.data for day in year.days]


CALENDAR = ListSheet("lich-lam-viec", N_("NGÀY NGHỈ VÀ NGÀY LÀM BÙ"), (
    Listed("day", N_("Ngày"), 12, "day"),
    Listed(lambda day: "worked" if day.working else "off", N_("Loại"), 16, words=DAY_KIND),
    Listed("name", N_("Lý do"), 50),
), rows=_days)  # fmt: skip

URGINGS = ListSheet("don-doc", N_("DANH SÁCH LẦN ĐÔN ĐỐC"), (
    Listed("made_at", N_("Đôn đốc lúc"), 17, "instant"),
    Listed("origin", N_("Cách đôn đốc"), 14, words=ORIGIN),
    Listed("made_by_name", N_("Người đôn đốc"), 24),
    Listed("reason", N_("Đôn đốc ai"), 30, words=URGED_FOR),
    Listed("row_count", N_("Số nhiệm vụ hoặc đơn vị"), 10, "number"),
    Listed("people", N_("Số người"), 10, "number"),
    Listed("seen", N_("Đã xem"), 10, "number"),
    Listed("acknowledged", N_("Đã xác nhận"), 10, "number"),
    Listed("letter_number", N_("Số công văn"), 16),
    Listed("letter_issued_on", N_("Ngày công văn"), 13, "day"),
), {"assignment_id": N_("Nhiệm vụ")})  # fmt: skip
INSTRUCTIONS = ListSheet("chi-dao", N_("DANH SÁCH Ý KIẾN CHỈ ĐẠO"), (
    Listed("issued_at", N_("Chỉ đạo lúc"), 17, "instant"),
    Listed("leader_name", N_("Lãnh đạo"), 24),
    Listed("issuing_body", N_("Cơ quan chỉ đạo"), 16, words=BODY),
    Listed("unit_id", N_("Đơn vị thực hiện"), 28),
    Listed("words", N_("Nội dung"), 60),
    Listed("document_number", N_("Văn bản"), 16),
    Listed("assignment_number", N_("Nhiệm vụ số"), 16),
    Listed("assignment_status", STATUS, 18, words=STATUS_WORDS),
    Listed("due_on", N_("Hạn"), 12, "day"),
), {"plan_id": N_("Kế hoạch"), "assignment_id": N_("Nhiệm vụ")})  # fmt: skip
INSPECTIONS = ListSheet("kiem-tra", N_("DANH SÁCH CUỘC KIỂM TRA"), (
    Listed("year", N_("Năm"), 8),
    Listed("body", N_("Cơ quan kiểm tra"), 18, words=BODY),
    Listed("method", N_("Hình thức"), 24, words=METHOD),
    Listed("unit_id", N_("Đơn vị được kiểm tra"), 28),
    Listed("starts_on", N_("Từ ngày"), 12, "day"),
    Listed("ends_on", N_("Đến ngày"), 12, "day"),
    Listed("subject", N_("Nội dung"), 50),
    Listed("state", STATUS, 18, words=INSPECTION_STATE),
    Listed("head_name", N_("Trưởng đoàn"), 24),
    Listed("concluded_on", N_("Ngày kết luận"), 13, "day"),
    Listed("finding_count", N_("Số tồn tại, hạn chế"), 10, "number"),
    Listed("open_count", N_("Chưa khắc phục xong"), 10, "number"),
), {"from_day": N_("Từ ngày"), "until_day": N_("Đến ngày")})  # fmt: skip
HANDLING = ListSheet("de-xuat-xu-ly", N_("DANH SÁCH ĐỀ XUẤT XỬ LÝ"), (
    Listed("person_name", N_("Họ và tên"), 26),
    Listed("person_post", N_("Chức vụ"), 26),
    Listed("unit_id", UNIT, 28),
    Listed("kind_name", N_("Loại đề xuất"), 26),
    Listed("evidence", N_("Căn cứ"), 50),
    Listed("measure", N_("Biện pháp"), 40),
    Listed("proposed_at", N_("Đề xuất lúc"), 17, "instant"),
    Listed("proposed_by_name", N_("Người đề xuất"), 24),
    Listed("decision", N_("Quyết định"), 40),
    Listed("decided_on", N_("Ngày quyết định"), 13, "day"),
), {"decided": N_("Đã quyết định")})  # fmt: skip


def _measures(found: Any) -> Sequence[Any]:
    """Return a line for each measure, and one for a criterion that has none."""
    return [(weak, each) for weak in found.data for each in weak.measures or [None]]


def _of(place: int, name: str) -> Any:
    return lambda line: getattr(line[place], name, None)


MEASURES = ListSheet("giai-phap", N_("TIÊU CHÍ MẤT ĐIỂM VÀ GIẢI PHÁP"), (
    Listed(_of(0, "code"), N_("Tiêu chí"), 10),
    Listed(_of(0, "name"), N_("Nội dung tiêu chí"), 50),
    Listed(_of(0, "max_points"), N_("Điểm tối đa"), 10, "decimal"),
    Listed(_of(0, "points"), N_("Điểm đạt"), 10, "decimal"),
    Listed(_of(0, "lost"), N_("Điểm mất"), 10, "decimal"),
    Listed(_of(0, "reason"), N_("Được ghi là yếu vì"), 40),
    Listed(_of(1, "words"), N_("Giải pháp"), 50),
    Listed(_of(1, "unit_id"), UNIT, 28),
    Listed(_of(1, "status"), STATUS, 18, words=MEASURE_STATUS),
    Listed(_of(1, "assignment_number"), N_("Nhiệm vụ số"), 16),
    Listed(_of(1, "assignment_status"), N_("Tình trạng nhiệm vụ"), 18, words=STATUS_WORDS),
), {"year": N_("Năm")}, rows=_measures)  # fmt: skip
UNIT_REPORTS = ListSheet("bao-cao-don-vi", N_("BÁO CÁO CỦA CÁC ĐƠN VỊ"), (
    Listed("plan_title", N_("Kế hoạch"), 44),
    Listed("unit_name", UNIT, 30),
    Listed("status", STATUS, 20, words=UNIT_REPORT_STATUS),
    Listed("due_on", N_("Hạn"), 12, "day"),
    Listed("handed_in_on", N_("Ngày gửi"), 12, "day"),
    Listed("late_days", N_("Số ngày làm việc chậm"), 12, "number"),
), {"plan_id": N_("Kế hoạch")})  # fmt: skip

offer_sheet(router, "/plans.xlsx", list_plans, PLANS, policy="plan.export", names=names)
offer_sheet(router, "/units.xlsx", list_units, UNITS, policy="unit.read", names=names)
offer_sheet(router, "/people.xlsx", list_people, PEOPLE, policy="person.read", names=names)
offer_sheet(router, "/unit_groups.xlsx", list_groups, GROUPS, policy="unit_group.read", names=names)
offer_sheet(
    router, "/questions.xlsx", list_questions, QUESTIONS, policy="question.read", names=names
)
offer_sheet(
    router, "/contributions.xlsx", list_contributions, CONTRIBUTIONS,
    policy="assignment.read_contributions", names=names,
)  # fmt: skip
offer_sheet(router, "/plans/{id}/imports.xlsx", list_imports, IMPORTS, policy="import.read")
offer_sheet(
    router, "/plans/{id}/acknowledgements.xlsx", read_coverage, NOT_YET,
    policy="plan.read_coverage", names=names,
)  # fmt: skip
offer_sheet(router, "/trusted_roots.xlsx", list_trusted_roots, ROOTS, policy="trusted_root.read")
offer_sheet(router, "/calendar.xlsx", list_calendars, CALENDAR, policy="calendar.read")
offer_sheet(router, "/urgings.xlsx", list_urgings, URGINGS, policy="urging.list", names=names)
offer_sheet(
    router, "/instructions.xlsx", list_instructions, INSTRUCTIONS, policy="instruction.read",
    names=names,
)  # fmt: skip
offer_sheet(
    router, "/inspections.xlsx", list_inspections, INSPECTIONS, policy="inspection.read",
    names=names,
)  # fmt: skip
offer_sheet(
    router, "/handling_proposals.xlsx", list_handling_proposals, HANDLING,
    policy="handling_proposal.read", names=names,
)  # fmt: skip
offer_sheet(router, "/measures.xlsx", list_measures, MEASURES, policy="measure.read", names=names)
offer_sheet(
    router, "/unit_reports.xlsx", list_unit_reports, UNIT_REPORTS, policy="unit_report.read",
    names=names,
)  # fmt: skip
