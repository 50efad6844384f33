"""A unit's report: what may be done with it as it stands, whether it is late. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import UnitReportStatus

Act = Literal["change", "refill", "submit", "approve", "return", "accept"]
Returner = Literal["office", "head"]

PLACEHOLDERS = ("don_vi", "ke_hoach", "han_bao_cao", "so_ngay_cham")
"""What words that urge to report may hold: unit, plan, last allowed day, working days late."""
HANDED_IN: frozenset[UnitReportStatus] = frozenset({"approved", "accepted"})
WRITABLE: frozenset[UnitReportStatus] = frozenset({"draft", "returned"})
NOT_YET: frozenset[UnitReportStatus] = frozenset({"owed", "draft", "submitted", "returned"})

FROM: dict[Act, frozenset[UnitReportStatus]] = {
    "change": WRITABLE,
    "refill": WRITABLE,
    "submit": WRITABLE,
    "approve": frozenset({"submitted"}),
    "return": frozenset({"submitted", "approved"}),
    "accept": frozenset({"approved"}),
}
_REFUSALS: dict[UnitReportStatus, tuple[str, str]] = {
    "owed": ("unit_report_not_begun", N_("Đơn vị chưa lập báo cáo này")),
    "draft": ("unit_report_draft", N_("Báo cáo còn là bản thảo: hãy trình phụ trách đơn vị trước")),
    "submitted": (
        "unit_report_submitted",
        N_("Báo cáo đang chờ phụ trách đơn vị duyệt: muốn sửa thì phụ trách đơn vị trả lại trước"),
    ),
    "returned": (
        "unit_report_returned",
        N_("Báo cáo đã được trả lại: hãy sửa theo lý do trả lại rồi trình lại"),
    ),
    "approved": ("unit_report_approved", N_("Báo cáo đã gửi Văn phòng Sở, không sửa được nữa")),
    "accepted": ("unit_report_accepted", N_("Văn phòng Sở đã tiếp nhận báo cáo này")),
}
EXISTS = N_("Đơn vị đã lập báo cáo theo kế hoạch này: hãy mở báo cáo đó")
NOT_OWED = N_("Đơn vị không chủ trì nhiệm vụ nào trong kế hoạch này, nên không phải báo cáo")
NOT_IN_FORCE = N_("Chỉ lập báo cáo theo kế hoạch đang có hiệu lực")
NOT_HANDED_IN = N_("Báo cáo chưa gửi Văn phòng Sở: phụ trách đơn vị còn đang duyệt")
ENDED = N_(
    "Đơn vị đã ngừng hoạt động nên không viết lại báo cáo này được nữa; báo cáo đã gửi thì chỉ "
    "tiếp nhận"
)
REPLACED = N_(
    "Kế hoạch này đã được kế hoạch khác thay thế: đơn vị lập báo cáo theo kế hoạch thay thế; báo "
    "cáo đã gửi thì chỉ tiếp nhận"
)
NO_RESULTS = N_("Chưa ghi kết quả thực hiện: hãy ghi trước khi trình")
UNKNOWN_THEME = N_("Không có nhóm khó khăn «{theme}». Các nhóm đang dùng: {known}")
EMPTY_DIFFICULTY = N_("Khó khăn ở dòng {line} chưa có nội dung: hãy ghi, hoặc bỏ dòng này")
THEME_REMOVED = N_(
    "Nhóm khó khăn «{theme}» đã có trong danh mục: các báo cáo cũ còn dùng, nên không bỏ được; "
    "hãy cho ngừng dùng"
)


def check_standing(act: Act, status: UnitReportStatus) -> None:
    """Raise RuleBroken where its status does not allow the act: `unit_report_submitted` etc."""
    if status not in FROM[act]:
        code, sentence = _REFUSALS[status]
        raise RuleBroken(code, Sentence(sentence))


def check_goes_on(act: Act, *, ended: bool, replaced: bool) -> None:
    """Raise RuleBroken where nobody can write it any more: what was handed in is taken as it is.

    `ended`: its unit. `replaced`: its plan, by another that is reported on instead.
    """
    if act != "accept" and ended:
        raise RuleBroken("unit_report_unit_ended", Sentence(ENDED))
    if act != "accept" and replaced:
        raise RuleBroken("unit_report_plan_replaced", Sentence(REPLACED))


def acts_open_in(status: UnitReportStatus, *, over: bool = False) -> list[Act]:
    """Return the acts the status allows, in the order of the table; whose they are: `access`.

    `over`: its unit has ended, or another plan is reported on instead.
    """
    return [act for act, from_ in FROM.items() if status in from_ and (act == "accept" or not over)]


def check_beginning(status: UnitReportStatus, plan_status: str, assignments: int) -> None:
    """Raise RuleBroken unless a unit may begin its report: in force, owed, not begun."""
    if plan_status != "active":
        raise RuleBroken("plan_not_in_force", Sentence(NOT_IN_FORCE))
    if not assignments:
        raise RuleBroken("unit_report_not_owed", Sentence(NOT_OWED))
    if status != "owed":
        raise RuleBroken("unit_report_exists", Sentence(EXISTS))


def check_returner(by: Returner, *, as_office: bool, own: bool) -> None:
    """Raise RuleBroken where the return is another's: before it is handed in it is the head's.

    `as_office`: who returns it decides for the Office; `own`: and it is their own unit's.
    """
    if by == "head" and not own:
        code, sentence = "unit_report_not_handed_in", NOT_HANDED_IN
        raise RuleBroken(code, Sentence(sentence))
    if by == "office" and not as_office:
        code, sentence = _REFUSALS["approved"]
        raise RuleBroken(code, Sentence(sentence))


def check_complete(results: str) -> None:
    """Raise InputRefused for a report that says nothing of results."""
    if not results.strip():
        sentence = Sentence(NO_RESULTS)
        raise InputRefused("unit_report_incomplete", sentence, [Problem("/results", sentence)])


def check_difficulties(
    given: Sequence[Mapping[str, Any]], themes: Mapping[str, str], kept: Collection[str | None]
) -> None:
    """Raise InputRefused for a difficulty without words, or of a theme that is not in use.

    `themes`: names in use by code. `kept`: codes the report had before, whatever became of them.
    """
    problems = []
    for line, each in enumerate(given):
        theme = each["theme"]
        if not each["text"]:
            facts: dict[str, object] = {"line": line + 1}
            sentence = Sentence(EMPTY_DIFFICULTY, facts)
            problems.append(Problem(f"/difficulties/{line}/text", sentence))
        if theme is not None and theme not in themes and theme not in kept:
            facts = {"theme": theme, "known": ", ".join(themes.values())}
            problems.append(Problem(f"/difficulties/{line}/theme", Sentence(UNKNOWN_THEME, facts)))
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)


def said(difficulty: Mapping[str, Any]) -> dict[str, Any]:
    """Return a difficulty as it is kept: a cause only where there is one."""
    return {name: value for name, value in difficulty.items() if name != "cause" or value}


def check_themes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> None:
    """Raise InputRefused where a theme is dropped: reports that named it go on naming it."""
    left = {each["code"] for each in after}
    for each in before:
        if each["code"] not in left:
            sentence = Sentence(THEME_REMOVED, {"theme": each["name"]})
            raise InputRefused("theme_removed", sentence, [Problem("/themes", sentence)])


def step_of(left: int, steps: Collection[int]) -> int | None:
    """Return the reminder in force with so many working days left; None while none is."""
    return min((step for step in steps if left <= step), default=None)
