"""The table: event, case, who, why, how urgent, in which words. docs/notifications.md shows it."""

from dataclasses import replace

from chassis.words import N_
from contracts import reporting, surveys, tasks
from notifications.rules.acts import ACTS
from notifications.rules.audiences import (
    ACCOUNTABLE,
    COORDINATING,
    DIRECTOR,
    DIRECTOR_IN_APP,
    HANDED_IN,
    HEAD,
    HEAD_IN_APP,
    HELPERS,
    NO_REMINDER,
    NOT_OWED,
    OFFICE,
    OFFICE_IN_APP,
    OVER,
    RECIPIENTS,
    SUBMITTER,
    UNITS,
)
from notifications.rules.deadline import DUE, JUST_OVERDUE, LAST_DAY, LEFT, ONE_LEFT
from notifications.rules.inspections import INSPECTIONS
from notifications.rules.model import Audience, MailFailed, Rule
from notifications.rules.reasons import Reason
from notifications.rules.reports import REPORTS
from notifications.rules.requests import REQUESTS
from notifications.rules.sheets import SHEETS
from notifications.rules.unit_reports import UNIT_REPORTS
from notifications.rules.urging import URGING

SAID_BEFORE = (N_("{title}. Tên, mục tiêu hoặc ngày kết thúc đã thay đổi."),)
"""Reworded since: what was told in these words keeps its English."""

ASSIGNMENTS = (
    Rule(
        tasks.AssignmentCreated, category="new_task",
        title=N_("Nhiệm vụ mới {number}: {subject_matter}"),
        body=N_("{unit} chủ trì. Sản phẩm: {product}. Thời hạn: {deadline}."),
        audiences=(ACCOUNTABLE, HELPERS, HEAD, COORDINATING), moot_at=OVER,
    ),
    Rule(
        tasks.AssignmentChanged, category="task_changed",
        title=N_("Nhiệm vụ {number} được điều chỉnh"),
        body=DUE,
        audiences=(ACCOUNTABLE, HELPERS, HEAD_IN_APP), moot_at=OVER,
    ),
    Rule(
        tasks.AssignmentCancelled,
        nobody_because="its plan was cancelled or replaced, which is said once (`plan_changed`, "
        "`plan_replaced`)",
    ),
    Rule(
        tasks.ProgressReported, "difficulty", category="difficulty", severity="warning",
        title=N_("{unit} gặp khó khăn, vướng mắc ở nhiệm vụ {number}"),
        body=N_("{subject_matter}. Tiến độ {percent} %. Thời hạn: {deadline}."),
        audiences=(OFFICE,), asks=True, moot_at=OVER,
    ),
    Rule(
        tasks.ProgressReported, "no_difficulty",
        nobody_because="progress without a difficulty is seen on the assignment's page",
    ),
    Rule(
        tasks.ResultSubmitted, category="result",
        title=N_("{unit} gửi kết quả nhiệm vụ {number}, chờ duyệt"),
        body=N_("{subject_matter}. Số minh chứng: {evidence}. Thời hạn: {deadline}."),
        audiences=(OFFICE,), asks=True, moot_at=OVER | {"returned"},
    ),
    Rule(
        tasks.ResultAccepted, "on_time", category="result",
        title=N_("Kết quả nhiệm vụ {number} đã được chấp nhận"),
        body=N_("{subject_matter}. Hoàn thành đúng hạn."),
        audiences=(ACCOUNTABLE, SUBMITTER, HEAD),
    ),
    Rule(
        tasks.ResultAccepted, "late", category="result",
        title=N_("Kết quả nhiệm vụ {number} đã được chấp nhận"),
        body=N_("{subject_matter}. Hoàn thành quá hạn (thời hạn: {deadline})."),
        audiences=(ACCOUNTABLE, SUBMITTER, HEAD),
    ),
    Rule(
        tasks.ResultReturned, category="result", severity="warning",
        title=N_("Kết quả nhiệm vụ {number} bị trả lại"),
        body=N_("{subject_matter}. Hãy xem lý do, bổ sung và gửi lại. Thời hạn: {deadline}."),
        audiences=(ACCOUNTABLE, SUBMITTER, HEAD), asks=True, moot_at=HANDED_IN,
    ),
    Rule(
        tasks.AssignmentDueSoon, "early", category="deadline",
        title=LEFT, body=DUE,
        audiences=(ACCOUNTABLE,), asks=True, moot_at=NO_REMINDER, dated=True,
    ),
    Rule(
        tasks.AssignmentDueSoon, "tomorrow", category="deadline", severity="warning",
        title=ONE_LEFT, body=DUE,
        audiences=(ACCOUNTABLE, HEAD), asks=True, moot_at=NO_REMINDER, dated=True,
    ),
    Rule(
        tasks.AssignmentDueSoon, "today", category="deadline", severity="warning",
        title=LAST_DAY, body=DUE,
        audiences=(ACCOUNTABLE, HEAD), asks=True, moot_at=NO_REMINDER, dated=True,
    ),
    Rule(
        tasks.AssignmentOverdue, category="deadline", severity="critical",
        title=JUST_OVERDUE, body=DUE,
        audiences=(ACCOUNTABLE, HEAD, OFFICE), asks=True, moot_at=NOT_OWED, dated=True,
    ),
)  # fmt: skip

# The directory moves: an assignment may lose whom it counted on.
LOSSES = (
    Rule(
        tasks.PersonChanged, category="accountable", severity="warning",
        title=N_("Nhiệm vụ {number} không còn người chịu trách nhiệm"),
        body=N_("{person} {why}. {subject_matter}. {unit} chủ trì. Thời hạn: {deadline}."),
        audiences=(HEAD, OFFICE), asks=True, moot_at=OVER,
    ),
    Rule(
        tasks.UnitChanged, category="accountable", severity="warning",
        title=N_("Đơn vị chủ trì nhiệm vụ {number} đã ngừng hoạt động"),
        body=DUE,
        audiences=(HEAD, OFFICE), asks=True, moot_at=OVER,
    ),
)  # fmt: skip

PLANS_AND_SURVEYS = (
    Rule(
        tasks.CalendarChanged,
        nobody_because="deadlines whose last working day moves are said one by one "
        "(`assignment_changed`)",
    ),
    Rule(
        tasks.PlanActivated, category="plan",
        title=N_("Kế hoạch CCHC năm {year} đã có hiệu lực"),
        body=N_("{title}. Các nhiệm vụ được tính từ bây giờ."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        tasks.PlanActivated, "acknowledge", category="plan",
        title=N_("Kế hoạch CCHC năm {year} đã có hiệu lực, đề nghị quán triệt"),
        body=N_("{title}. Mở kế hoạch để đọc, rồi xác nhận đã quán triệt."),
        audiences=(RECIPIENTS, DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
        asks=True, moot_at=frozenset({"closed"}),
    ),
    Rule(
        tasks.PlanAcknowledged,
        nobody_because="coverage is a figure on the plan's page; what asked for it is settled",
    ),
    Rule(
        tasks.PlanChanged, category="plan",
        title=N_("Kế hoạch CCHC năm {year} được điều chỉnh"),
        body=N_("{title}. Xem thay đổi và lý do ở lịch sử của kế hoạch."),
        audiences=(DIRECTOR_IN_APP, OFFICE_IN_APP),
    ),
    Rule(
        tasks.PlanChanged, "closed", category="plan",
        title=N_("Kế hoạch CCHC năm {year} đã kết thúc"),
        body=N_("{title}. Việc chưa xong vẫn phải làm, nhưng không nhắc hạn nữa."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        tasks.PlanChanged, "rolled_over", category="plan",
        title=N_("Kế hoạch CCHC năm {year} đã chuyển tiếp sang kế hoạch năm sau"),
        body=N_("{title}. Việc được chuyển làm tiếp ở kế hoạch năm sau."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        tasks.PlanReplaced, category="plan", severity="warning",
        title=N_("Kế hoạch CCHC năm {year} đã được thay thế"),
        body=N_("{title}. Số nhiệm vụ chuyển sang kế hoạch mới: {count}."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        tasks.PlanChanged, "cancelled", category="plan", severity="warning",
        title=N_("Kế hoạch CCHC năm {year} đã bị hủy"),
        body=N_("{title}. Những nhiệm vụ chưa hoàn thành không còn phải thực hiện."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        surveys.QuestionnairePublished,
        nobody_because="it reaches people with the round that uses it (`round_opened`)",
    ),
    Rule(
        surveys.RoundOpened, category="survey",
        title=N_("Đợt khảo sát «{title}» đã mở"),
        body=N_("Nhận phiếu từ {opens_on} đến hết {closes_on}."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        surveys.RoundChanged, category="survey",
        title=N_("Đợt khảo sát «{title}» được điều chỉnh"),
        body=N_("Nhận phiếu từ {opens_on} đến hết {closes_on}."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        surveys.RoundClosed, "cancelled", category="survey", severity="warning",
        title=N_("Đợt khảo sát «{title}» đã bị hủy"),
        body=N_("Không nhận thêm phiếu; phiếu đã nhận không được tính vào chỉ số."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
    Rule(
        surveys.RoundClosed, category="survey",
        title=N_("Đợt khảo sát «{title}» đã đóng"),
        body=N_("Không nhận thêm phiếu; kết quả xem ở trang khảo sát."),
        audiences=(DIRECTOR_IN_APP, UNITS, OFFICE_IN_APP),
    ),
)  # fmt: skip

INDICES = (
    Rule(
        reporting.CriteriaSetPublished, category="criteria",
        title=N_("Bộ tiêu chí năm {year} đã được ban hành"),
        body=N_("{title}. Hãy rà soát việc gắn nhiệm vụ với tiêu chí thành phần."),
        audiences=(OFFICE_IN_APP,),
    ),
    Rule(
        reporting.IndexChanged,
        nobody_because="figures move with every answer; screens follow them live, people are told "
        "when a target is missed or reached again",
    ),
    Rule(
        reporting.TargetMissed, "over", category="index", severity="critical",
        title=N_("{index} năm {year} chưa đạt mục tiêu: {value}"),
        body=N_("Mục tiêu của kế hoạch là trên {target}."),
        audiences=(DIRECTOR, OFFICE), asks=True, moot_at=frozenset({"recovered"}),
    ),
    Rule(
        reporting.TargetMissed, "at_least", category="index", severity="critical",
        title=N_("{index} năm {year} chưa đạt mục tiêu: {value}"),
        body=N_("Mục tiêu của kế hoạch là từ {target} trở lên."),
        audiences=(DIRECTOR, OFFICE), asks=True, moot_at=frozenset({"recovered"}),
    ),
    Rule(
        reporting.TargetRecovered, "over", category="index",
        title=N_("{index} năm {year} đã đạt lại mục tiêu: {value}"),
        body=N_("Mục tiêu của kế hoạch là trên {target}."),
        audiences=(DIRECTOR, OFFICE), moot_at=frozenset({"missed"}),
    ),
    Rule(
        reporting.TargetRecovered, "at_least", category="index",
        title=N_("{index} năm {year} đã đạt lại mục tiêu: {value}"),
        body=N_("Mục tiêu của kế hoạch là từ {target} trở lên."),
        audiences=(DIRECTOR, OFFICE), moot_at=frozenset({"missed"}),
    ),
)  # fmt: skip

UNDELIVERED = Rule(
    MailFailed, category="mail", severity="warning",
    title=N_("Thư gửi {person} không đến được"),
    body=N_(
        "Địa chỉ {address}; máy chủ thư trả lời: {reply}."
        " Hãy sửa địa chỉ trong danh bạ, rồi gửi lại thư."
    ),
    audiences=(Audience(Reason.MAIL_FAILED),), asks=True,
)  # fmt: skip

CONTACT_UNDELIVERED = replace(
    UNDELIVERED, case="partner",
    body=N_(
        "Địa chỉ {address}; máy chủ thư trả lời: {reply}."
        " Hãy sửa thư điện tử liên hệ của hệ thống đối tác này, rồi gửi lại thư."
    ),
)  # fmt: skip

TABLE: tuple[Rule, ...] = (
    *ASSIGNMENTS, *ACTS, *REQUESTS, *LOSSES, *PLANS_AND_SURVEYS, *INDICES, *SHEETS,
    *URGING, *UNIT_REPORTS, *INSPECTIONS, *REPORTS,
    UNDELIVERED, CONTACT_UNDELIVERED,
)  # fmt: skip
RULES: dict[tuple[str, str], Rule] = {(rule.event.type, rule.case): rule for rule in TABLE}


def asking() -> list[str]:
    """Return the types that are about an open request and moot when nothing is asked for."""
    return sorted({rule.event.type for rule in TABLE if rule.while_asked})


def dated() -> list[str]:
    """Return the types that are about one due day and moot when the assignment has another."""
    return sorted({rule.event.type for rule in TABLE if rule.dated})


def contributing() -> list[tuple[str, str]]:
    """Return the types that are about a contribution, each with a status in which it stands."""
    return sorted({(r.event.type, status) for r in TABLE for status in r.while_contribution})
