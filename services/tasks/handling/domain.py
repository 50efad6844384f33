"""What a handling proposal must say, and that it is decided once. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text

WHO = N_("Hãy chọn một cán bộ, hoặc một đơn vị để đề nghị về người đứng đầu: chỉ một trong hai")
PERSON_UNKNOWN = N_("Không có cán bộ này, hoặc cán bộ không còn làm việc")
NO_HEAD = N_("Danh bạ chưa có người đứng đầu của đơn vị này: hãy chọn đích danh cán bộ")
KIND_UNKNOWN = N_("Không có loại «{kind}» trong danh mục đang dùng: {kinds}")
FINDING_UNKNOWN = N_("Không có tồn tại, hạn chế này")
ASSIGNMENT_UNKNOWN = N_("Không có nhiệm vụ này")
FILE_UNKNOWN = N_("Không tìm thấy tệp này: hãy tải tệp lên, và chỉ dùng cho đề nghị này")
DECIDED = N_("Đề nghị này đã được quyết định")
TO_COME = N_("Ngày {day} chưa đến: hãy ghi từ hôm nay trở về trước")
TOO_EARLY = N_("Ngày {day} trước ngày viết đề nghị ({first})")
ABOUT_ONESELF = N_("Không ai viết đề nghị về chính mình: hãy để người khác của Văn phòng viết")
IN_USE = N_("Loại «{kind}» đã có đề nghị dùng nên không bỏ được: hãy ghi là không dùng nữa")


def check_who(person_id: UUID | None, head_of_unit_id: UUID | None) -> None:
    """Raise InputRefused unless exactly one of both is named."""
    if (person_id is None) == (head_of_unit_id is None):
        refuse([Problem("/person_id", Sentence(WHO))])


def check_kind(kind: str, kinds: Mapping[str, str]) -> None:
    """Raise InputRefused for a kind that is not in use. `kinds`: names of those by code."""
    if kind not in kinds:
        facts = {"kind": kind, "kinds": "; ".join(kinds.values())}
        refuse([Problem("/kind", Sentence(KIND_UNKNOWN, facts))])


def check_references(
    field: str, ids: Sequence[UUID], known: Collection[UUID], template: str
) -> None:
    """Raise InputRefused, all at once, for references to what is not there."""
    refuse(
        [
            Problem(f"/{field}/{place}", Sentence(template))
            for place, id_ in enumerate(ids)
            if id_ not in known
        ]
    )


def check_about(person_id: UUID, writer_id: UUID | None) -> None:
    """Raise InputRefused for a proposal about whoever writes it, who could not read it."""
    if person_id == writer_id:
        refuse([Problem("/person_id", Sentence(ABOUT_ONESELF))])


def check_deciding(decided_on: date | None, day: date, today: date, first: date) -> None:
    """Raise RuleBroken `handling_decided` the second time, InputRefused for an impossible day.

    `first`: the day on which it was proposed.
    """
    if decided_on is not None:
        raise RuleBroken("handling_decided", Sentence(DECIDED))
    if day > today:
        refuse([Problem("/decided_on", Sentence(TO_COME, {"day": day_text(day)}))])
    if day < first:
        facts = {"day": day_text(day), "first": day_text(first)}
        refuse([Problem("/decided_on", Sentence(TOO_EARLY, facts))])


def check_kept(codes: Collection[str], used: Collection[str]) -> None:
    """Raise InputRefused where a kind that proposals have would be gone."""
    gone = sorted(set(used) - set(codes))
    refuse([Problem("/kinds", Sentence(IN_USE, {"kind": kind})) for kind in gone])


def refuse(problems: Sequence[Problem]) -> None:
    """Raise InputRefused for these, if there are any."""
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)
