"""The plan itself: what may be done with it, and what looks wrong about its legal bases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text
from tasks.remarks import Remark

PlanStatus = Literal["draft", "active", "closed"]
Act = Literal["change", "activate", "import"]

RULES: dict[Act, frozenset[PlanStatus]] = {
    "change": frozenset({"draft", "active"}),
    "activate": frozenset({"draft"}),
    "import": frozenset({"draft", "active"}),
}
CLOSED = ("plan_closed", N_("Kế hoạch đã kết thúc, không sửa được nữa"))
NOT_A_DRAFT = ("plan_active", N_("Kế hoạch này đã có hiệu lực hoặc đã kết thúc"))

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
        code, sentence = NOT_A_DRAFT if act == "activate" else CLOSED
        raise RuleBroken(code, Sentence(sentence))


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
