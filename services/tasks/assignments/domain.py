"""An assignment (task x unit x occurrence): what may be done with it, and whether it is late."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentStatus, Role
from tasks.calendar.domain import WorkingCalendar

Act = Literal[
    "report_progress", "submit_result", "accept_result", "return_result", "change", "cancel"
]

OPEN: frozenset[AssignmentStatus] = frozenset({"not_started", "in_progress", "returned"})
LIVE: frozenset[AssignmentStatus] = OPEN | {"submitted"}
UNIT: frozenset[Role] = frozenset({"unit_head", "unit_officer", "office"})  # each for the own unit
OFFICE: frozenset[Role] = frozenset({"office"})

REMINDER_STEPS = (0, 1, 3, 7)  # working days before the last working day, nearest first


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do it, from which status, and the status after (None: it stays)."""

    roles: frozenset[Role]
    allowed_from: frozenset[AssignmentStatus]
    leads_to: AssignmentStatus | None


RULES: dict[Act, Rule] = {
    "report_progress": Rule(UNIT, OPEN, "in_progress"),
    "submit_result": Rule(UNIT, OPEN, "submitted"),
    "accept_result": Rule(OFFICE, frozenset({"submitted"}), "done"),
    "return_result": Rule(OFFICE, frozenset({"submitted"}), "returned"),
    "change": Rule(OFFICE, LIVE, None),
    "cancel": Rule(OFFICE, LIVE, "cancelled"),
}

REFUSALS: dict[AssignmentStatus, tuple[str, str]] = {
    "done": ("assignment_done", N_("Nhiệm vụ đã hoàn thành, không thay đổi được nữa.")),
    "cancelled": ("assignment_cancelled", N_("Nhiệm vụ đã được hủy.")),
    "submitted": (
        "assignment_submitted",
        N_("Kết quả đang chờ Văn phòng Sở duyệt, chưa cập nhật thêm được."),
    ),
}
NOTHING_SUBMITTED = (
    "assignment_not_submitted",
    N_("Đơn vị chưa gửi kết quả, nên chưa có gì để duyệt hoặc trả lại."),
)


def may(role: Role, act: Act) -> bool:
    """Tell whether the role is one that does this at all; for whose unit is access's question."""
    return role in RULES[act].roles


def status_after(act: Act, status: AssignmentStatus) -> AssignmentStatus:
    """Return the status the act leads to. Raises RuleBroken when the status does not allow it."""
    rule = RULES[act]
    if status not in rule.allowed_from:
        code, sentence = REFUSALS.get(status, NOTHING_SUBMITTED)
        raise RuleBroken(code, Sentence(sentence))
    return rule.leads_to or status


def acts_open_to(role: Role, status: AssignmentStatus) -> tuple[Act, ...]:
    """Return what this role may do next, in the order of the table: the buttons of the page."""
    return tuple(a for a, rule in RULES.items() if may(role, a) and status in rule.allowed_from)


def assignment_number(year: int, sequence: int) -> str:
    """Return the number people see, `NV-2025-0012`. `sequence` counts from 1 within the year."""
    return f"NV-{year}-{sequence:04d}"


def on_time(submitted_on: date, due_on: date | None) -> bool:
    """Tell whether a result was in time: by the day it was submitted, due day included."""
    return due_on is None or submitted_on <= due_on


def overdue_by(status: AssignmentStatus, due_on: date | None, today: date) -> int:
    """Return how many calendar days past the due day the unit still owes a result, else 0.

    A submitted result stops the count, a returned one lets it run again from the due day.
    """
    if due_on is None or status not in OPEN:
        return 0
    return max((today - due_on).days, 0)


def working_days_left(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Return the working days after today, up to the last working day of the deadline."""
    return calendar.working_days_between(today, calendar.last_working_day_on_or_before(due_on))


def reminder_step(
    status: AssignmentStatus, due_on: date | None, today: date, calendar: WorkingCalendar
) -> int | None:
    """Return the reminder now in force: 7, 3, 1 or 0 working days; None when none is.

    It stays in force until the next, so that a clock that slept through a day still reminds;
    whoever sends it remembers the last step sent. 0: today is the last working day, or only days
    off remain.
    """
    if due_on is None or status not in OPEN or today > due_on:
        return None
    left = working_days_left(due_on, today, calendar)
    return next((step for step in REMINDER_STEPS if left <= step), None)


@dataclass(frozen=True, slots=True)
class Flags:
    """What is derived and never stored. `on_time` None: nothing was accepted or submitted yet."""

    overdue_days: int
    due_soon: bool
    on_time: bool | None


def flags(
    *,
    status: AssignmentStatus,
    due_on: date | None,
    submitted_on: date | None,
    today: date,
    calendar: WorkingCalendar,
) -> Flags:
    """Derive the flags of an assignment as of `today` (the department's local date)."""
    handed_in = status in ("submitted", "done") and submitted_on is not None
    return Flags(
        overdue_days=overdue_by(status, due_on, today),
        due_soon=reminder_step(status, due_on, today, calendar) is not None,
        on_time=on_time(submitted_on, due_on) if handed_in and submitted_on else None,
    )
