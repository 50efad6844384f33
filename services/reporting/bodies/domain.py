"""What a block and a body may be."""

from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence

Kind = Literal["internal_units", "departments", "vertical_agencies", "communes"]
WithoutSurvey = Literal["zero", "left_out"]
_TAKEN = {
    "block": N_("Mã khối «{code}» đã có: hãy chọn mã khác"),
    "body": N_("Mã cơ quan, đơn vị «{code}» đã có: hãy chọn mã khác"),
}
_UNIT_TAKEN = N_("Đơn vị này đã là «{name}» trong danh sách: mỗi đơn vị chỉ có một phiếu")


def check_code(noun: Literal["block", "body"], code: str, *, taken: bool) -> None:
    """Raise RuleBroken (`block_exists`, `body_exists`) for a code that another one has."""
    if taken:
        raise RuleBroken(f"{noun}_exists", Sentence(_TAKEN[noun], {"code": code}))


def check_unit(name: str | None) -> None:
    """Raise RuleBroken (`body_exists`) for a unit of ours that is a body already, by its `name`."""
    if name is not None:
        raise RuleBroken("body_exists", Sentence(_UNIT_TAKEN, {"name": name}))


def check_people(field: str, people: Sequence[UUID], known: Collection[UUID]) -> None:
    """Raise InputRefused (`person_unknown`) naming everybody who is not in the directory."""
    sentence = Sentence(N_("Không có người này trong danh bạ: hãy chọn một cán bộ đang làm việc"))
    problems = [
        Problem(f"/{field}/{i}", sentence) for i, each in enumerate(people) if each not in known
    ]
    if problems:
        raise InputRefused("person_unknown", sentence, problems)


def check_appraisers(roles: Sequence[str]) -> None:
    """Raise InputRefused (`appraiser_role`) for people of another role, in their order."""
    sentence = Sentence(N_("Người thẩm định phải có vai trò Thẩm định trong danh bạ"))
    problems = [
        Problem(f"/appraisers/{i}", sentence) for i, role in enumerate(roles) if role != "appraiser"
    ]
    if problems:
        raise InputRefused("appraiser_role", sentence, problems)


def check_ineligible(reason: str | None, year: int | None) -> None:
    """Raise InputRefused (`reason_missing`) for a year that says no reason why."""
    if year is not None and reason is None:
        sentence = Sentence(N_("Hãy ghi lý do không đủ điều kiện đánh giá, hoặc bỏ trống năm"))
        raise InputRefused("reason_missing", sentence, [Problem("/ineligible_reason", sentence)])


def check_known(pointer: str, *, known: bool) -> None:
    """Raise InputRefused (`reference_unknown`) for a block or unit that does not exist."""
    if not known:
        sentence = Sentence(N_("Không có khối hoặc đơn vị này: hãy chọn trong danh sách"))
        raise InputRefused("reference_unknown", sentence, [Problem(pointer, sentence)])
