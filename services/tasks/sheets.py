"""Which lists can be taken away as .xlsx, and with which columns: each declared once, here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ServiceRouter
from chassis.web.sheets import Listed, ListSheet, names_in, offer_sheet
from chassis.words import N_
from tasks.acknowledgements.api import read_coverage
from tasks.calendar.api import list_calendars
from tasks.contributions.api import list_contributions
from tasks.directory.api import list_people, list_units
from tasks.directory.groups_api import list_groups
from tasks.directory.models import Unit
from tasks.imports.api import list_imports
from tasks.plans.api import list_plans
from tasks.questions.api import list_questions
from tasks.signatures.api import list_trusted_roots

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
    "director": N_("Lãnh đạo Sở"), "office": N_("Văn phòng Sở"),
    "unit_head": N_("Lãnh đạo đơn vị"), "unit_officer": N_("Chuyên viên"),
    "appraiser": N_("Người thẩm định"), "auditor": N_("Người giám sát"),
    "admin": N_("Quản trị"), "external_system": N_("Hệ thống ngoài"),
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
