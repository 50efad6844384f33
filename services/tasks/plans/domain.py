"""The plan itself: what may be done with it, and what looks wrong about its legal bases."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text
from tasks.remarks import Remark

PlanStatus = Literal["draft", "active", "closed", "cancelled"]
Act = Literal["change", "activate", "import", "cancel", "close", "replace", "roll_over"]

RULES: dict[Act, frozenset[PlanStatus]] = {
    "change": frozenset({"draft", "active"}),
    "activate": frozenset({"draft"}),
    "import": frozenset({"draft", "active"}),
    "cancel": frozenset({"draft", "active"}),
    "close": frozenset({"active"}),
    "replace": frozenset({"active"}),
    "roll_over": frozenset({"active", "closed"}),
}
OF_ISSUED: frozenset[Act] = frozenset({"close", "replace", "roll_over"})
CLOSED = ("plan_closed", N_("Kế hoạch đã kết thúc, không sửa được nữa"))
CANCELLED = ("plan_cancelled", N_("Kế hoạch này đã bị hủy, không làm gì thêm được"))
NOT_A_DRAFT = ("plan_active", N_("Kế hoạch này đã có hiệu lực hoặc đã kết thúc"))
NOT_IN_FORCE: dict[str, tuple[str, str]] = {
    "draft": (
        "plan_draft",
        N_("Kế hoạch này chưa ban hành: hãy chọn kế hoạch đang có hiệu lực, hoặc ban hành trước"),
    ),
    "closed": ("plan_closed", N_("Kế hoạch này đã kết thúc: hãy chọn kế hoạch đang có hiệu lực")),
    "cancelled": (
        "plan_cancelled",
        N_("Kế hoạch này đã bị hủy: hãy chọn kế hoạch đang có hiệu lực"),
    ),
}
DRAFT = ("plan_draft", N_("Kế hoạch chưa ban hành; bản dự thảo không dùng nữa thì hủy"))
GONE_ON = (
    "plan_carried",
    N_("Kế hoạch này đã được thay thế hoặc chuyển tiếp sang kế hoạch khác, không làm lại được"),
)

# What an issued document has (Nghị định 30/2020/NĐ-CP): no issue without any of them.
OF_THE_DOCUMENT = {
    "number": N_("Chưa có số, ký hiệu: ghi như trên văn bản, ví dụ 45/KH-SNV"),
    "issued_on": N_("Chưa có ngày ban hành"),
    "signer_post": N_("Chưa có chức vụ của người ký, ví dụ PHÓ GIÁM ĐỐC"),
    "signer_name": N_("Chưa có họ tên người ký"),
    "signed_copy_id": N_("Chưa có bản đã ký: tải lên tệp PDF hoặc ảnh của văn bản đã ký, đóng dấu"),
}
INCOMPLETE = N_("Chưa ban hành được: kế hoạch còn thiếu thông tin của văn bản")
ISSUED_LATER = N_("Ngày ban hành {day} ở sau hôm nay")
EMPTIED = N_("Kế hoạch đã ban hành: sửa được chỗ này, nhưng không để trống")
REASON_MISSING = N_("Kế hoạch đang có hiệu lực: hãy ghi lý do thay đổi")
AUTHORITY = N_(
    "Quyền hạn bắt đầu bằng TM., KT., TL., TUQ. hoặc Q. rồi đến chức vụ, ví dụ KT. GIÁM ĐỐC; "
    "người đứng đầu tự ký thì để trống"
)
_AUTHORITY = re.compile(r"(TM|KT|TL|TUQ|Q)\.\s*[^\W\d_]", re.UNICODE)

YEAR_ISSUED = N_(
    "Kế hoạch đã ban hành nên không đổi được năm; hãy hủy kế hoạch này và lập kế hoạch mới"
)
YEAR_IMPORTED = N_(
    "Kế hoạch đã có {tasks} nhiệm vụ đánh số và tính hạn theo năm này nên không đổi được năm; hãy "
    "hủy bản dự thảo này và lập kế hoạch mới"
)

AFTER_ISSUE = N_(
    "Căn cứ {number} ghi ngày {issued}, sau ngày ban hành kế hoạch ({limit}): kiểm tra lại ngày "
    "của văn bản, có thể nhầm năm."
)
AFTER_CLOSE = N_(
    "Căn cứ {number} ghi ngày {issued}, sau ngày kết thúc kế hoạch ({limit}): kiểm tra lại ngày "
    "của văn bản, có thể nhầm năm."
)


def check_status(act: Act, status: PlanStatus) -> None:
    """Raise RuleBroken when the plan's status does not allow the act."""
    if status not in RULES[act]:
        over = CANCELLED if status == "cancelled" else CLOSED
        if status == "draft":
            over = DRAFT
        code, sentence = NOT_A_DRAFT if act == "activate" and status != "cancelled" else over
        raise RuleBroken(code, Sentence(sentence))


def check_in_force(status: PlanStatus) -> None:
    """Raise RuleBroken `plan_draft`, `plan_closed`, `plan_cancelled`: units are told at once."""
    if status in NOT_IN_FORCE:
        code, sentence = NOT_IN_FORCE[status]
        raise RuleBroken(code, Sentence(sentence))


def check_year(status: PlanStatus, tasks: int) -> None:
    """Raise InputRefused when the year can no longer change.

    `tasks`: how many the plan has; their numbers and deadlines carry the year. Source: composed.
    """
    if status == "draft" and not tasks:
        return
    sentence = Sentence(YEAR_ISSUED if status != "draft" else YEAR_IMPORTED, {"tasks": tasks})
    raise InputRefused("plan_year_fixed", sentence, [Problem("/year", sentence)])


def check_goes_on(*, carried: bool) -> None:
    """Raise RuleBroken `plan_carried` where another plan has already taken over what is open."""
    if carried:
        code, sentence = GONE_ON
        raise RuleBroken(code, Sentence(sentence))


def missing(facts: Mapping[str, Any], today: date) -> list[Problem]:
    """Return what the document lacks to be issued, each at its field.

    `facts`: those of OF_THE_DOCUMENT. Source: Nghị định 30/2020/NĐ-CP; which are demanded is
    composed.
    """
    problems = [
        Problem(f"/{name}", Sentence(sentence))
        for name, sentence in OF_THE_DOCUMENT.items()
        if not facts[name]
    ]
    issued: date | None = facts["issued_on"]
    if issued is not None and issued > today:
        later = Sentence(ISSUED_LATER, {"day": day_text(issued)})
        problems.append(Problem("/issued_on", later))
    return problems


def check_complete(facts: Mapping[str, Any], today: date) -> None:
    """Raise InputRefused `plan_incomplete`, every lack at its field."""
    if problems := missing(facts, today):
        raise InputRefused("plan_incomplete", Sentence(INCOMPLETE), problems)


def check_change_in_force(
    before: Mapping[str, Any], changed: Mapping[str, Any], reason: str | None
) -> None:
    """Raise InputRefused for a change of a plan in force without reason, or that empties it.

    `before`: the facts until now. `changed`: those that differ, as they shall be. Source: composed.
    """
    problems = [
        Problem(f"/{name}", Sentence(EMPTIED))
        for name in OF_THE_DOCUMENT
        if name in changed and before[name] and not changed[name]
    ]
    if not reason:
        problems.append(Problem("/reason", Sentence(REASON_MISSING)))
    if problems:
        raise InputRefused("plan_in_force", problems[0].sentence, problems)


def check_authority(written: str | None) -> None:
    """Raise InputRefused unless it reads as on a document. None: the head of the body signs."""
    if written and not _AUTHORITY.match(written):
        sentence = Sentence(AUTHORITY)
        raise InputRefused("input_invalid", sentence, [Problem("/signer_authority", sentence)])


def acts_open_in(status: PlanStatus, *, carried: bool = False) -> list[Act]:
    """Return the acts the status allows, in the order of the table.

    `carried`: another plan has taken over what was open.
    """
    gone: frozenset[Act] = OF_ISSUED if carried else frozenset()
    return [act for act, statuses in RULES.items() if status in statuses and act not in gone]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A decision the plan rests on, by its number, else its title."""

    number: str
    issued_on: date | None


def legal_basis_warnings(
    bases: Iterable[LegalBasis], issued_on: date | None, closes_on: date
) -> list[Remark]:
    """Return a remark for each basis dated after the plan: nothing rests on what is to come.

    `issued_on` None: the plan's own day is still blank; then only a basis after the plan closes is
    surely wrong. The text is never corrected by us: a person looks it up. Source: composed.
    """
    limit, template = (issued_on, AFTER_ISSUE) if issued_on else (closes_on, AFTER_CLOSE)
    return [
        Remark("legal_basis_after_plan", Sentence(template, _facts(basis, basis.issued_on, limit)))
        for basis in bases
        if basis.issued_on and basis.issued_on > limit
    ]


def _facts(basis: LegalBasis, issued_on: date, limit: date) -> dict[str, str]:
    return {"number": basis.number, "issued": day_text(issued_on), "limit": day_text(limit)}
