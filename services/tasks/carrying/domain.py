"""What may be carried from one plan to another, and how it stands there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.assignments.domain import OPEN
from tasks.plans.domain import PlanStatus

How = Literal["replace", "roll_over"]

SAME = N_("Hãy chọn một kế hoạch khác")
NOT_OPEN = N_("Kế hoạch nhận phải là bản dự thảo hoặc đang có hiệu lực")
OTHER_YEAR = N_(
    "Kế hoạch thay thế giữa năm phải cùng năm {year}; sang năm sau thì dùng chuyển tiếp"
)
NOT_LATER = N_("Kế hoạch nhận chuyển tiếp phải của năm sau năm {year}")
OUTDATED = N_(
    "Danh sách đã thay đổi sau khi mở trang: {numbers} không còn chuyển được. "
    "Hãy xem lại danh sách."
)
UNDECIDED = N_("Kết quả đang chờ duyệt: duyệt hoặc trả lại trước khi chuyển")
TAKEN = N_("Đã chuyển sang kế hoạch khác")


def check_successor(how: How, *, same: bool, status: PlanStatus, year: int, old_year: int) -> None:
    """Raise InputRefused for a plan that cannot take over. Source: composed.

    `same`: it is the plan itself. `status`, `year`: of the plan that is to take over.
    """
    if same:
        sentence = Sentence(SAME)
    elif status not in {"draft", "active"}:
        sentence = Sentence(NOT_OPEN)
    elif how == "replace" and year != old_year:
        sentence = Sentence(OTHER_YEAR, {"year": old_year})
    elif how == "roll_over" and year <= old_year:
        sentence = Sentence(NOT_LATER, {"year": old_year})
    else:
        return
    raise InputRefused("successor_refused", sentence, [Problem("/successor_id", sentence)])


def why_not(status: AssignmentStatus, *, carried: bool) -> Sentence | None:
    """Return why an assignment cannot be carried; None when it can. Done ones are never asked."""
    if carried:
        return Sentence(TAKEN)
    return None if status in OPEN else Sentence(UNDECIDED)


def outdated(numbers: Iterable[str]) -> RuleBroken:
    """Return the refusal of a list that no longer holds."""
    return RuleBroken("carry_outdated", Sentence(OUTDATED, {"numbers": ", ".join(numbers)}))


@dataclass(frozen=True, slots=True)
class Deadline:
    """The kind of a deadline, and its last allowed day, inclusive."""

    kind: DeadlineKind
    due_on: date | None


def deadline_after(
    how: How, kind: DeadlineKind, due_on: date | None, given: date | None
) -> Deadline:
    """Return the deadline where it is carried to.

    `given`: the day that the Office has entered. A replacing plan keeps the day; in a later year
    the old day says nothing, so a person must enter one. What has no day of itself keeps none.
    Source: composed.
    """
    if given is not None:
        return Deadline("fixed" if kind in {"needs_person", "continuous"} else kind, given)
    if how == "replace" or kind in {"continuous", "triggered"}:
        return Deadline(kind, due_on if how == "replace" else None)
    return Deadline("needs_person", None)


def status_after_carrying(status: AssignmentStatus, percent: int) -> AssignmentStatus:
    """Return the status it begins with: what was begun is in progress, a return is history."""
    begun = percent > 0 or status in {"in_progress", "returned"}
    return "in_progress" if begun else "not_started"
