"""What may become of an entry of the directory: who may stand in for whom, and when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from contracts.tasks import Role

STAFF: frozenset[Role] = frozenset({"unit_head", "unit_officer"})
ABSENCE = ("substitute_id", "absent_from", "absent_until")

ENDS_WITHOUT_REASON = N_("Ghi lý do ngừng hoạt động hoặc thôi việc")
HALF_AN_ABSENCE = N_("Ghi đủ người thay, ngày đầu và ngày cuối, hoặc để trống cả ba")
DAYS_BACKWARDS = N_("Ngày cuối {last} trước ngày đầu {first}: hãy sửa một trong hai")
NO_SUCH_SUBSTITUTE = N_("Không có cán bộ này, hoặc đã thôi việc: hãy chọn người đang làm việc")
ONESELF = N_("Không ai tự thay mình: hãy chọn người khác")
NO_RIGHT_TO_STAND_IN = N_(
    "{name} không làm thay được: người thay phải tự có quyền làm việc đó, tức là cùng đơn vị (với "
    "lãnh đạo và cán bộ đơn vị), hoặc cùng vai trò"
)
AWAY_TOO = N_("{name} cũng vắng trong những ngày này: hãy chọn người khác")


@dataclass(frozen=True, slots=True)
class Worker:
    """What an absence is judged by. `absent`: first and last day; None: at work."""

    person_id: UUID
    name: str
    role: Role
    unit_id: UUID
    active: bool
    absent: tuple[date, date] | None = None


def check_ending(*, was_active: bool, facts: Mapping[str, Any], reason: str | None) -> None:
    """Raise InputRefused at `/reason` for an entry that ends without a word why."""
    if was_active and facts.get("active") is False and not reason:
        raise _refused("/reason", ENDS_WITHOUT_REASON)


def check_absence(
    person: Worker, substitute: Worker | None, first: date | None, last: date | None, *, named: bool
) -> None:
    """Raise InputRefused for an absence that cannot be.

    Standing in gives no right: who does it must have it already. Source: composed, after the rule
    that neither the issuer nor the directory raises anybody alone.

    Args:
        person: who is away, as they will be.
        substitute: None when nobody is named, or nobody is found.
        first, last: both included.
        named: an id was given.
    """
    if (first is None, last is None) == (True, True) and not named:
        return
    if first is None or last is None or not named:
        pointer = "/substitute_id" if not named else f"/absent_{'from' if not first else 'until'}"
        raise _refused(pointer, HALF_AN_ABSENCE)
    if last < first:
        facts = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        raise _refused("/absent_until", DAYS_BACKWARDS, facts)
    _check_substitute(person, substitute, first, last)


def _check_substitute(person: Worker, substitute: Worker | None, first: date, last: date) -> None:
    if substitute is None or not substitute.active:
        raise _refused("/substitute_id", NO_SUCH_SUBSTITUTE)
    if substitute.person_id == person.person_id:
        raise _refused("/substitute_id", ONESELF)
    if not may_stand_in(person, substitute):
        raise _refused("/substitute_id", NO_RIGHT_TO_STAND_IN, {"name": substitute.name})
    if substitute.absent and first <= substitute.absent[1] and substitute.absent[0] <= last:
        raise _refused("/substitute_id", AWAY_TOO, {"name": substitute.name})


class Placed(Protocol):
    """What says whether somebody may stand in: their role and their unit."""

    @property
    def role(self) -> str: ...

    @property
    def unit_id(self) -> UUID: ...


def may_stand_in(person: Placed, substitute: Placed) -> bool:
    """Tell whether somebody has by themselves what standing in for a person takes.

    Asked when an absence is entered, and again when somebody is told: people move meanwhile.
    """
    if person.role in STAFF:
        return substitute.role in STAFF and substitute.unit_id == person.unit_id
    return substitute.role == person.role


def _refused(pointer: str, template: str, facts: Mapping[str, Any] | None = None) -> InputRefused:
    sentence = Sentence(template, facts or {})
    return InputRefused("input_invalid", sentence, [Problem(pointer, sentence)])
