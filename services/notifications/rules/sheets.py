"""What is said of a body's score sheet: opened, locked, reopened, decided; and of rankings."""

from chassis.words import N_
from contracts import reporting
from contracts.reporting import (
    ExplanationRequested,
    ScoreSheetLocked,
    ScoreSheetMoved,
    ScoreSheetReopened,
    SheetEvent,
)
from notifications.rules.audiences import (
    APPRAISERS,
    DIRECTOR,
    DIRECTOR_IN_APP,
    FOR_THE_BODY,
    FOR_THE_BODY_IN_APP,
    OFFICE,
    OFFICE_IN_APP,
    UNITS,
)
from notifications.rules.model import Occasion, Rule
from notifications.rules.wording import brief, day_text, percent_text

_DECIDED = frozenset({"approved", "published"})

SHEETS = (
    Rule(
        reporting.ScoreSheetMoved, "opened", category="sheet",
        title=N_("Phiếu chấm điểm năm {year} của {body} đã mở"),
        body=N_("Hãy tự chấm từng dòng, kèm minh chứng, rồi chốt. Hạn nhập: {day}."),
        audiences=(FOR_THE_BODY,), asks=True,
        moot_at=_DECIDED | {"locked", "explaining", "explained"},
    ),
    Rule(
        reporting.ScoreSheetMoved, "explained", category="sheet",
        title=N_("{body}: đã chốt thẩm định lần 1 năm {year}, không hỏi giải trình"),
        body=N_("Thẩm định lần 2 không cần chốt: khi điểm đã đúng, Giám đốc duyệt phiếu."),
        audiences=(DIRECTOR, APPRAISERS, OFFICE_IN_APP), asks=True,
        moot_at=_DECIDED | {"locked", "explaining"},
    ),
    Rule(
        reporting.ScoreSheetMoved, "approved", category="sheet",
        title=N_("Phiếu chấm điểm năm {year} của {body} đã được duyệt"),
        body=N_("Hãy công bố phiếu để mọi người trong Sở đọc được."),
        audiences=(OFFICE, APPRAISERS), asks=True,
        moot_at=frozenset({"published", "explained"}),
    ),
    Rule(
        reporting.ScoreSheetLocked, "self_scores", category="sheet",
        title=N_("{body} đã chốt điểm tự chấm năm {year}"),
        body=N_("Hãy thẩm định từng dòng, hỏi giải trình nếu cần, rồi chốt thẩm định lần 1."),
        audiences=(APPRAISERS, OFFICE_IN_APP), asks=True,
        moot_at=_DECIDED | {"self_scoring", "explaining", "explained"},
    ),
    Rule(
        reporting.ScoreSheetLocked, "explanations", category="sheet",
        title=N_("{body} đã chốt giải trình phiếu chấm điểm năm {year}"),
        body=N_("Người thẩm định đọc giải trình, thẩm định lần 2; sau đó Giám đốc duyệt phiếu."),
        audiences=(APPRAISERS, DIRECTOR, OFFICE_IN_APP), asks=True,
        moot_at=_DECIDED | {"locked", "explaining"},
    ),
    Rule(
        reporting.ExplanationRequested, category="sheet", severity="warning",
        title=N_("Phiếu chấm điểm năm {year} của {body} cần giải trình"),
        body=N_("Số dòng phải giải trình: {count}. Trả lời từng dòng, kèm tài liệu, rồi chốt."),
        audiences=(FOR_THE_BODY,), asks=True, moot_at=_DECIDED | {"locked", "explained"},
    ),
    Rule(
        reporting.ScoreSheetReopened, "reopen", category="sheet", severity="warning",
        title=N_("Phiếu chấm điểm năm {year} của {body} được mở lại"),
        body=N_("Lý do: {reason}. Hạn nhập: {day}."),
        audiences=(FOR_THE_BODY, APPRAISERS, OFFICE_IN_APP),
    ),
    Rule(
        reporting.ScoreSheetReopened, "correct", category="sheet", severity="warning",
        title=N_("Phiếu chấm điểm năm {year} của {body} trở lại thẩm định lần 2"),
        body=N_("Lý do: {reason}. Số đã duyệt vẫn được tính đến khi Giám đốc duyệt lại."),
        audiences=(APPRAISERS, FOR_THE_BODY, OFFICE_IN_APP, DIRECTOR_IN_APP), asks=True,
        moot_at=_DECIDED,
    ),
    Rule(
        reporting.ScoreSheetReopened, "extend", category="sheet",
        title=N_("Phiếu chấm điểm năm {year} của {body} được gia hạn"),
        body=N_("Lý do: {reason}. Hạn nhập: {day}."),
        audiences=(FOR_THE_BODY, APPRAISERS, OFFICE_IN_APP),
    ),
    Rule(
        reporting.ScoreSheetPublished, category="sheet",
        title=N_("Phiếu chấm điểm năm {year} của {body} đã công bố"),
        body=N_("Chỉ số: {index}."),
        audiences=(FOR_THE_BODY_IN_APP, DIRECTOR_IN_APP),
    ),
    Rule(
        reporting.RankingPublished, category="ranking",
        title=N_("Đã công bố xếp hạng năm {year}: {block}"),
        body=N_("Thứ hạng, xếp loại và so sánh với năm trước xem ở trang xếp hạng."),
        audiences=(DIRECTOR_IN_APP, UNITS, FOR_THE_BODY_IN_APP, OFFICE_IN_APP),
    ),
    Rule(
        reporting.RankingPublished, "corrected", category="ranking", severity="warning",
        title=N_("Xếp hạng năm {year} được đính chính: {block}"),
        body=N_("Phiên bản {number} thay phiên bản trước; lý do và điểm khác: xem trang xếp hạng."),
        audiences=(DIRECTOR_IN_APP, UNITS, FOR_THE_BODY_IN_APP, OFFICE_IN_APP),
    ),
)  # fmt: skip


def occasion_of_sheet(event: SheetEvent) -> Occasion:
    """Return what a step of a body's sheet means for those who act for it, or appraise it."""
    sheet = event.sheet
    index = "—" if sheet.index is None else percent_text(sheet.index, up=False)
    facts = {"body": brief(sheet.body_name), "year": str(sheet.year), "index": index}
    if isinstance(event, ExplanationRequested):
        facts["count"] = str(len(event.codes))
    if isinstance(event, ScoreSheetReopened):
        facts["reason"] = brief(event.reason)
    if isinstance(event, (ScoreSheetReopened, ScoreSheetMoved)):
        facts["day"] = day_text(event.closes_on) if event.closes_on else "—"
    return Occasion(
        event_type=event.type,  # type: ignore[attr-defined]  # every SheetEvent is an Event
        case=_case(event),
        subject_type="sheet",
        subject_id=event.subject,
        version=event.version,
        step=f"v{event.version}",
        status=sheet.status,
        body_people_ids=tuple(sheet.people_ids or ()),
        appraiser_ids=tuple(sheet.appraiser_ids or ()),
        facts=facts,
    )


def _case(event: SheetEvent) -> str:
    if isinstance(event, ScoreSheetReopened):
        again = event.act == "reopen" and event.sheet.status == "explained"
        return "correct" if again else event.act
    if isinstance(event, ScoreSheetMoved):
        return event.sheet.status
    return event.locked if isinstance(event, ScoreSheetLocked) else ""
