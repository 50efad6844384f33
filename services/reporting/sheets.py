"""Which lists can be taken away as .xlsx, and with which columns: each declared once, here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ServiceRouter
from chassis.web.sheets import Listed, ListSheet, names_in, offer_sheet, units_by_id
from chassis.words import N_
from reporting.bodies.api import list_blocks, list_bodies
from reporting.bodies.models import Block
from reporting.criteria.api import list_criteria_sets
from reporting.indices.api import get_overview, get_par, get_priorities
from reporting.ranking.api import get_parts, get_ranking
from reporting.ranking.api import list_blocks as list_rankings
from reporting.reports.api import list_reports
from reporting.reports.domain import STATES
from reporting.score_sheets import uploads
from reporting.score_sheets.api import get_score_sheet
from reporting.score_sheets.body_api import SHEET, get_sheet, list_sheets, list_survey_figures
from reporting.sheet_lines import (
    SHEET_STATE,
    about_parts,
    about_ranking,
    about_sheet,
    columns_of_parts,
    of_ranked,
    proofs,
    sent_to,
    signed_by,
    with_total,
)

router = ServiceRouter(prefix="/v1", tags=["lists as .xlsx"])
STATUS, CODE, POINTS = N_("Tình trạng"), N_("Mã"), N_("Điểm")
SET_STATUS = {"draft": N_("Dự thảo"), "published": N_("Đã ban hành")}
SERVES = {"par_index": N_("Chỉ số CCHC của Sở"), "own_figure": N_("Chỉ số riêng")}
RANKING_STATE = {
    "ranked": N_("Được xếp hạng"), "ineligible": N_("Không đủ điều kiện xếp hạng"),
    "waiting": N_("Phiếu chưa được duyệt"), "without_index": N_("Không có tiêu chí áp dụng"),
}  # fmt: skip

SETS = ListSheet("bo-tieu-chi", N_("DANH SÁCH BỘ TIÊU CHÍ"), (
    Listed("code", CODE, 18),
    Listed("title", N_("Tên bộ tiêu chí"), 60),
    Listed("year", N_("Năm"), 8),
    Listed("set_version", N_("Bản"), 6, "number"),
    Listed("status", STATUS, 14, words=SET_STATUS),
    Listed("serves", N_("Dùng cho"), 24, words=SERVES),
    Listed("composed", N_("Bản dựng, không phải bản chính thức"), 14),
    Listed("created_at", N_("Tạo lúc"), 17, "instant"),
    Listed("published_at", N_("Ban hành lúc"), 17, "instant"),
))  # fmt: skip
BLOCKS = ListSheet("khoi-xep-hang", N_("DANH SÁCH KHỐI XẾP HẠNG"), (
    Listed("code", CODE, 14),
    Listed("name", N_("Tên khối"), 44),
    Listed("criteria_set_code", N_("Bộ tiêu chí"), 18),
    Listed("active", N_("Đang dùng"), 12),
))  # fmt: skip
BODIES = ListSheet("co-quan-cham-diem", N_("DANH SÁCH CƠ QUAN, ĐƠN VỊ ĐƯỢC CHẤM ĐIỂM"), (
    Listed("code", CODE, 14),
    Listed("name", N_("Tên"), 44),
    Listed("block_id", N_("Khối"), 30),
    Listed("eligible", N_("Đủ điều kiện xếp hạng"), 14),
    Listed("ineligible_reason", N_("Lý do không đủ"), 36),
    Listed("ineligible_year", N_("Năm không đủ"), 10),
    Listed("active", N_("Đang dùng"), 12),
), {"block": N_("Khối")})  # fmt: skip
SHEETS = ListSheet("phieu-cham-diem", N_("DANH SÁCH PHIẾU CHẤM ĐIỂM"), (
    Listed("year", N_("Năm"), 8),
    Listed("body_code", CODE, 14),
    Listed("body_name", N_("Cơ quan, đơn vị"), 44),
    Listed("block_name", N_("Khối"), 30),
    Listed("state", STATUS, 26, words=SHEET_STATE),
    Listed("closes_on", N_("Hạn chốt"), 12, "day"),
    Listed("eligible", N_("Đủ điều kiện xếp hạng"), 14),
    Listed("ineligible_reason", N_("Lý do không đủ"), 36),
))  # fmt: skip
EXTRA = {"bonus": N_("Thưởng"), "penalty": N_("Trừ")}
_ROW = (
    Listed("code", uploads.CRITERION, 10, words=EXTRA),
    Listed("name", N_("Nội dung"), 60),
    Listed("max_points", N_("Điểm tối đa"), 10, "decimal"),
    Listed("self_score", N_("Tự chấm"), 10, "decimal"),
    Listed("appraised_1", N_("Thẩm định lần 1"), 10, "decimal"),
    Listed("appraised_2", N_("Thẩm định lần 2"), 10, "decimal"),
    Listed("last_year_score", uploads.LAST, 10, "decimal"),
    Listed("not_applicable_reason", N_("Lý do không áp dụng"), 36),
    Listed("not_applicable_accepted", N_("Được bỏ qua"), 10),
)
FIGURES = ListSheet("chi-so-hai-long-cua-co-quan-khac", N_("CHỈ SỐ HÀI LÒNG DO NƠI KHÁC CÔNG BỐ"), (
    Listed("body_code", uploads.BODY, 18),
    Listed("body_name", N_("Cơ quan, đơn vị"), 44),
    Listed("code", uploads.CODE, 12),
    Listed("name", N_("Nội dung"), 50),
    Listed("index", uploads.INDEX, 16, "decimal"),
    Listed("source", uploads.SOURCE, 44),
    Listed("dated_on", uploads.DAY, 14, "day"),
))  # fmt: skip
YEAR_ROWS = ListSheet("bang-diem", N_("BẢNG ĐIỂM CHỈ SỐ CCHC"), (
    *_ROW, Listed("expected_score", N_("Dự kiến"), 10, "decimal"),
), rows=lambda sheet: sheet.rows)  # fmt: skip


BODY_ROWS = ListSheet("phieu-cham-diem-don-vi", N_("PHIẾU CHẤM ĐIỂM"), (
    *_ROW,
    Listed("points", POINTS, 10, "decimal"),
    Listed("self_note", N_("Thuyết minh"), 40),
    Listed("appraisal_note", N_("Ý kiến thẩm định lần 1"), 40),
    Listed("appraisal_note_2", N_("Ý kiến thẩm định lần 2"), 40),
    Listed("question", N_("Yêu cầu giải trình"), 40),
    Listed("answer", N_("Giải trình"), 40),
    Listed(proofs, N_("Minh chứng"), 50),
    Listed("last_year_max", uploads.LAST_MOST, 10, "decimal"),
), rows=with_total, about=about_sheet)  # fmt: skip
RANKINGS = ListSheet("khoi-va-nam-xep-hang", N_("CÁC KHỐI VÀ NĂM ĐÃ CHẤM ĐIỂM"), (
    Listed("code", CODE, 14),
    Listed("name", N_("Tên khối"), 44),
    Listed(lambda block: [str(each.year) for each in block.years], N_("Các năm"), 30),
    Listed(
        lambda block: [str(each.year) for each in block.years if each.version],
        N_("Đã công bố"), 30,
    ),
))  # fmt: skip


def _table(view: Any) -> Any:
    """Return what the page shows first: what was published, else what is being prepared."""
    return view.published.table if view.published else view.preview


def _ranked(view: Any) -> Sequence[Any]:
    table = _table(view)
    return table.bodies if table else ()


def _areas(view: Any) -> Sequence[Listed]:
    """Return a column for each area: the heat map's."""
    table = _table(view)
    return columns_of_parts(table.areas if table else (), "areas")


RANKING = ListSheet("xep-hang", N_("BẢNG XẾP HẠNG"), (
    Listed("rank", N_("Hạng"), 8, "number"),
    Listed("name", N_("Cơ quan, đơn vị"), 44),
    Listed("state", STATUS, 24, words=RANKING_STATE),
    Listed("index", N_("Chỉ số (%)"), 10, "decimal"),
    Listed("result", N_("Kết quả theo thang của bộ"), 14, "decimal"),
    Listed("grade", N_("Xếp loại"), 16),
    Listed(of_ranked("points"), POINTS, 10, "decimal"),
    Listed(of_ranked("of_points"), N_("Trên tổng điểm áp dụng"), 12, "decimal"),
    Listed(of_ranked("bonus"), N_("Điểm thưởng"), 10, "decimal"),
    Listed(of_ranked("penalty"), N_("Điểm trừ"), 10, "decimal"),
    Listed("rank_before", N_("Hạng năm trước"), 10, "number"),
    Listed("index_before", N_("Chỉ số năm trước (%)"), 10, "decimal"),
    Listed("reason", N_("Lý do"), 36),
), {"block": N_("Khối")}, rows=_ranked, more=_areas, about=about_ranking)  # fmt: skip
PARTS = ListSheet("ban-do-diem", N_("ĐIỂM ĐẠT ĐƯỢC THEO TIÊU CHÍ"), (
    Listed("name", N_("Cơ quan, đơn vị"), 44),
    Listed("whole.rate", N_("Cả phần này (%)"), 12, "decimal"),
    Listed("whole.points", POINTS, 10, "decimal"),
    Listed("whole.of_points", N_("Trên tổng điểm áp dụng"), 12, "decimal"),
), {
    "block": N_("Khối"), "part": N_("Lĩnh vực, tiêu chí"),
    "preview": N_("Xem trước, chưa công bố"),
}, rows=lambda view: view.bodies, more=lambda view: columns_of_parts(view.parts, "parts"),
   about=about_parts)  # fmt: skip


UNITS = ListSheet("tien-do-theo-don-vi", N_("TIẾN ĐỘ VÀ CHỈ SỐ THEO ĐƠN VỊ"), (
    Listed("unit_name", N_("Đơn vị"), 40),
    Listed("all", N_("Nhiệm vụ"), 10, "number"),
    Listed("done", N_("Hoàn thành"), 10, "number"),
    Listed("due", N_("Đã đến hạn"), 10, "number"),
    Listed("done_due", N_("Hoàn thành trong số đến hạn"), 12, "number"),
    Listed("overdue", N_("Quá hạn"), 10, "number"),
    Listed("rate_all", N_("Tỷ lệ hoàn thành (%)"), 12, "decimal"),
    Listed("rate_due", N_("Tỷ lệ trên số đến hạn (%)"), 12, "decimal"),
), {"year": N_("Năm")}, rows=lambda overview: overview.units)  # fmt: skip
PAR = ListSheet("chi-so-cchc", N_("CHỈ SỐ CCHC THEO TIÊU CHÍ THÀNH PHẦN"), (
    Listed("code", N_("Tiêu chí"), 10),
    Listed("name", N_("Nội dung"), 60),
    Listed("area_name", N_("Lĩnh vực"), 36),
    Listed("max_points", N_("Điểm tối đa"), 10, "decimal"),
    Listed("applicable", N_("Có áp dụng"), 10),
    Listed("secured", N_("Điểm chắc chắn"), 10, "decimal"),
    Listed("projected", N_("Điểm dự kiến"), 10, "decimal"),
    Listed("official", N_("Điểm chính thức"), 10, "decimal"),
    Listed("linked_tasks", N_("Nhiệm vụ gắn với tiêu chí"), 10, "number"),
), rows=lambda par: par.rows)  # fmt: skip
PRIORITIES = ListSheet("tieu-chi-can-lam-truoc", N_("TIÊU CHÍ CẦN LÀM TRƯỚC"), (
    Listed("code", N_("Tiêu chí"), 10),
    Listed("name", N_("Nội dung"), 60),
    Listed("area_name", N_("Lĩnh vực"), 40),
    Listed("max_points", N_("Điểm tối đa"), 10, "decimal"),
    Listed("secured", N_("Điểm chắc chắn"), 10, "decimal"),
    Listed("expected", N_("Điểm dự kiến"), 10, "decimal"),
    Listed("at_stake", N_("Điểm còn có thể đạt"), 10, "decimal"),
    Listed("last_year", N_("Điểm năm trước"), 10, "decimal"),
    Listed("open", N_("Nhiệm vụ chưa xong"), 10, "number"),
    Listed("overdue", N_("Nhiệm vụ quá hạn"), 10, "number"),
), {"year": N_("Năm"), "limit": N_("Nhiều nhất")})  # fmt: skip


REPORTS = ListSheet("bao-cao", N_("DANH SÁCH BÁO CÁO"), (
    Listed("kind_name", N_("Loại báo cáo"), 36),
    Listed("title", N_("Trích yếu"), 60),
    Listed("number", N_("Số, ký hiệu"), 16),
    Listed("starts_on", N_("Từ ngày"), 12, "day"),
    Listed("ends_on", N_("Đến ngày"), 12, "day"),
    Listed("state", STATUS, 16, words=STATES),
    Listed("signed_on", N_("Ngày ký"), 12, "day"),
    Listed(signed_by, N_("Người ký"), 24),
    Listed(sent_to, N_("Đã gửi"), 50),
    Listed("created_by_name", N_("Người lập"), 24),
    Listed("created_at", N_("Lập lúc"), 17, "instant"),
    Listed("document_sha256", N_("SHA-256 của tệp Word đã ký"), 66),
    Listed("signed_copy_sha256", N_("SHA-256 của bản đã ký (PDF)"), 66),
), {
    "kind": N_("Loại báo cáo"), "year": N_("Năm"), "q": N_("Có các chữ"),
    "plan_id": N_("Kế hoạch"),
})  # fmt: skip


async def _names(session: AsyncSession) -> Mapping[UUID, str]:
    return {**await units_by_id(session), **await names_in(session, Block)}


offer_sheet(router, "/criteria_sets.xlsx", list_criteria_sets, SETS, policy="criteria_set.read")
offer_sheet(router, "/blocks.xlsx", list_blocks, BLOCKS, policy="block.read")
offer_sheet(router, "/bodies.xlsx", list_bodies, BODIES, policy="body.read", names=_names)
offer_sheet(router, "/score_sheets/{year}/bodies.xlsx", list_sheets, SHEETS, policy="sheet.read")
offer_sheet(
    router, "/score_sheets/{year}/survey_figures.xlsx", list_survey_figures, FIGURES,
    policy="sheet.enter_survey",
)  # fmt: skip
offer_sheet(
    router, "/score_sheets/{year}.xlsx", get_score_sheet, YEAR_ROWS, policy="score_sheet.read"
)
offer_sheet(
    router, f"/score_sheets/{{year}}{SHEET}.xlsx", get_sheet, BODY_ROWS, policy="sheet.read"
)
offer_sheet(router, "/rankings.xlsx", list_rankings, RANKINGS, policy="ranking.export")
offer_sheet(
    router, "/rankings/{year}.xlsx", get_ranking, RANKING, policy="ranking.export", names=_names
)
offer_sheet(
    router, "/rankings/{year}/parts.xlsx", get_parts, PARTS, policy="ranking.export", names=_names
)
offer_sheet(router, "/overview.xlsx", get_overview, UNITS, policy="index.export")
offer_sheet(router, "/priorities.xlsx", get_priorities, PRIORITIES, policy="index.explain")
offer_sheet(router, "/reports.xlsx", list_reports, REPORTS, policy="report.read")
offer_sheet(router, "/indices/par/{year}.xlsx", get_par, PAR, policy="index.explain")
