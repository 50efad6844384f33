"""The plan itself: what may be done with it, and what looks wrong about its legal bases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text
from tasks.remarks import Remark

PlanStatus = Literal["draft", "active", "closed", "cancelled"]
Act = Literal["change", "activate", "import", "cancel"]

RULES: dict[Act, frozenset[PlanStatus]] = {
    "change": frozenset({"draft", "active"}),
    "activate": frozenset({"draft"}),
    "import": frozenset({"draft", "active"}),
    "cancel": frozenset({"draft", "active"}),
}
CLOSED = ("plan_closed", N_("Kế hoạch đã kết thúc, không sửa được nữa"))
CANCELLED = ("plan_cancelled", N_("Kế hoạch này đã bị hủy, không làm gì thêm được"))
NOT_A_DRAFT = ("plan_active", N_("Kế hoạch này đã có hiệu lực hoặc đã kết thúc"))

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
        code, sentence = NOT_A_DRAFT if act == "activate" and status != "cancelled" else over
        raise RuleBroken(code, Sentence(sentence))


def check_year(status: PlanStatus, tasks: int) -> None:
    """Raise InputRefused when the year can no longer change.

    `tasks`: how many the plan has; their numbers and deadlines carry the year. Source: composed.
    """
    if status == "draft" and not tasks:
        return
    sentence = Sentence(YEAR_ISSUED if status != "draft" else YEAR_IMPORTED, {"tasks": tasks})
    raise InputRefused("plan_year_fixed", sentence, [Problem("/year", sentence)])


def acts_open_in(status: PlanStatus) -> list[Act]:
    """Return the acts the status allows, in the order of the table."""
    return [act for act, statuses in RULES.items() if status in statuses]


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
