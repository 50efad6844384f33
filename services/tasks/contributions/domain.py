"""A contribution: what may be done with it as it stands, and whether it came in time. Pure."""

from collections.abc import Collection
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import ContributionStatus
from tasks.assignments.domain import refused
from tasks.deadlines.days import check_year_of, day_text

Act = Literal["give", "accept", "return", "withdraw"]

PASSED = N_("Ngày {day} đã qua: hãy chọn từ hôm nay trở đi")
NOT_COORDINATING = N_("Đơn vị này không phối hợp thực hiện nhiệm vụ")
IN_DRAFT = N_("Kế hoạch chưa ban hành, nên chưa đề nghị đơn vị nào phối hợp được")
NOTHING_GIVEN = N_("Hãy mô tả đóng góp hoặc đính kèm tệp")

FROM: dict[Act, frozenset[ContributionStatus]] = {
    "give": frozenset({"asked", "returned"}),
    "accept": frozenset({"given"}),
    "return": frozenset({"given"}),
    "withdraw": frozenset({"asked", "returned"}),
}
_REFUSALS: dict[ContributionStatus, tuple[str, str]] = {
    "asked": ("contribution_not_given", N_("Đơn vị phối hợp chưa gửi đóng góp này.")),
    "returned": ("contribution_not_given", N_("Đóng góp này đã được trả lại và chưa gửi lại.")),
    "given": ("contribution_given", N_("Đóng góp này đã được gửi và đang chờ xem.")),
    "accepted": ("contribution_accepted", N_("Đóng góp này đã được nhận.")),
    "withdrawn": ("contribution_withdrawn", N_("Đóng góp này không còn cần nữa.")),
}


def check_asking(
    unit_id: UUID, coordinating: Collection[UUID], due_on: date, today: date, *, in_draft: bool
) -> None:
    """Raise RuleBroken `plan_draft`; InputRefused for a unit or a day that cannot be."""
    if in_draft:
        raise RuleBroken("plan_draft", Sentence(IN_DRAFT))
    if unit_id not in coordinating:
        raise refused("/unit_id", NOT_COORDINATING)
    if due_on < today:
        raise refused("/due_on", PASSED, {"day": day_text(due_on)})
    check_year_of("/due_on", due_on)


def check_standing(act: Act, status: ContributionStatus) -> None:
    """Raise RuleBroken where its status does not allow the act: `contribution_given` and so on."""
    if status not in FROM[act]:
        code, sentence = _REFUSALS[status]
        raise RuleBroken(code, Sentence(sentence))


def check_given(note: str, files: int) -> None:
    """Raise InputRefused for a contribution without words and without a file."""
    if not note and not files:
        raise refused("/note", NOTHING_GIVEN)
