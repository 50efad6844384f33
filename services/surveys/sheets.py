"""Which lists can be taken away as .xlsx, and with which columns: each declared once, here."""

from chassis.web import ServiceRouter
from chassis.web.sheets import Listed, ListSheet, offer_sheet, units_by_id
from chassis.words import N_
from surveys.codes.api import list_batches, list_links
from surveys.questionnaires.api import list_questionnaires
from surveys.review.api import list_responses
from surveys.rounds.api import list_rounds

router = ServiceRouter(prefix="/v1", tags=["lists as .xlsx"])
STATUS, UNIT, COMPOSED = N_("Tình trạng"), N_("Đơn vị"), N_("Bản dựng, không phải bản chính thức")
ROUND_STATUS = {
    "draft": N_("Đang chuẩn bị"), "open": N_("Đang thu phiếu"), "closed": N_("Đã đóng"),
    "cancelled": N_("Đã hủy"),
}  # fmt: skip
QUESTIONNAIRE_STATUS = {"draft": N_("Dự thảo"), "published": N_("Đã ban hành")}
METHOD = {"share": N_("Tỷ lệ hài lòng"), "mean5": N_("Điểm trung bình thang 5")}
BALLOT_STATE = {
    "counted": N_("Được tính"), "excluded": N_("Bị loại"), "held": N_("Chờ xem xét"),
}  # fmt: skip
LANE = {
    "ticket": N_("Có phiếu mời"), "supervised": N_("Cán bộ nhập, không phiếu mời"),
    "open": N_("Liên kết mở"),
}  # fmt: skip

ROUNDS = ListSheet("dot-khao-sat", N_("DANH SÁCH ĐỢT KHẢO SÁT"), (
    Listed("title", N_("Tên đợt"), 44),
    Listed("year", N_("Năm"), 8),
    Listed("status", STATUS, 16, words=ROUND_STATUS),
    Listed("opens_on", N_("Từ ngày"), 12, "day"),
    Listed("closes_on", N_("Đến ngày"), 12, "day"),
    Listed("questionnaire_title", N_("Phiếu hỏi"), 40),
    Listed("questionnaire_version", N_("Bản"), 6, "number"),
    Listed("method", N_("Cách tính"), 22, words=METHOD),
    Listed("unit_ids", N_("Đơn vị được hỏi về"), 50),
    Listed("min_n", N_("Số phiếu ít nhất để công bố"), 12, "number"),
    Listed("composed", COMPOSED, 14),
))  # fmt: skip
QUESTIONNAIRES = ListSheet("phieu-hoi", N_("DANH SÁCH PHIẾU HỎI"), (
    Listed("code", N_("Mã"), 18),
    Listed("title", N_("Tên phiếu"), 60),
    Listed("version", N_("Bản"), 6, "number"),
    Listed("status", STATUS, 14, words=QUESTIONNAIRE_STATUS),
    Listed("composed", COMPOSED, 14),
))  # fmt: skip
LINKS = ListSheet("lien-ket-khao-sat", N_("DANH SÁCH LIÊN KẾT CỦA ĐỢT KHẢO SÁT"), (
    Listed("label", N_("Nơi đặt"), 36),
    Listed("unit_id", UNIT, 30),
    Listed("url", N_("Địa chỉ"), 44),
    Listed("active", N_("Đang dùng"), 12),
))  # fmt: skip
BATCHES = ListSheet("lan-phat-phieu", N_("CÁC LẦN PHÁT PHIẾU MỜI"), (
    Listed("issued_at", N_("Phát lúc"), 17, "instant"),
    Listed("unit_id", UNIT, 30),
    Listed("count", N_("Số phiếu"), 10, "number"),
    Listed("voided_at", N_("Hủy lúc"), 17, "instant"),
    Listed("void_reason", N_("Lý do hủy"), 40),
))  # fmt: skip
BALLOTS = ListSheet("phieu-tra-loi", N_("DANH SÁCH PHIẾU TRẢ LỜI, KHÔNG CÓ ĐƠN VỊ VÀ NỘI DUNG"), (
    Listed(lambda ballot: str(ballot.ballot_id), N_("Mã phiếu"), 38),
    Listed("hour", N_("Giờ nhận"), 17, "instant"),
    Listed("lane", N_("Đường đến"), 28, words=LANE),
    Listed("channel", N_("Kênh"), 14),
    Listed("state", STATUS, 16, words=BALLOT_STATE),
    Listed("reason", N_("Lý do"), 40),
))  # fmt: skip

offer_sheet(router, "/rounds.xlsx", list_rounds, ROUNDS, policy="round.read", names=units_by_id)
offer_sheet(
    router, "/questionnaires.xlsx", list_questionnaires, QUESTIONNAIRES, policy="questionnaire.read"
)
offer_sheet(
    router, "/rounds/{id}/links.xlsx", list_links, LINKS, policy="round.read_links",
    names=units_by_id,
)  # fmt: skip
offer_sheet(
    router, "/rounds/{id}/ticket_batches.xlsx", list_batches, BATCHES,
    policy="round.issue_tickets", names=units_by_id,
)  # fmt: skip
offer_sheet(router, "/rounds/{id}/responses.xlsx", list_responses, BALLOTS, policy="round.review")
