"""An assignment (task x unit x occurrence): what may be done with it, and whether it is late."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.calendar.domain import WorkingCalendar

Act = Literal[
    "report_progress", "submit_result", "accept_result", "return_result", "change",
    "request_extension", "decide_extension", "commit", "pause", "resume", "hand_over", "cancel",
    "ask_contribution", "give_contribution", "decide_contribution", "ask_question",
]  # fmt: skip

OpenDay = Literal["due_on", "triggered_on"]
OPEN: frozenset[AssignmentStatus] = frozenset({"not_started", "in_progress", "returned"})
LIVE: frozenset[AssignmentStatus] = OPEN | {"submitted"}

REMINDER_STEPS = (0, 1, 3, 7)
"""Working days before the last one: what is due soon on screen. The clock's are the ladder's."""


@dataclass(frozen=True, slots=True)
class Rule:
    """From which status an act is allowed, and the status after it (None: it stays)."""

    allowed_from: frozenset[AssignmentStatus]
    leads_to: AssignmentStatus | None


RULES: dict[Act, Rule] = {
    "report_progress": Rule(OPEN, "in_progress"),
    "submit_result": Rule(OPEN, "submitted"),
    "accept_result": Rule(frozenset({"submitted"}), "done"),
    "return_result": Rule(frozenset({"submitted"}), "returned"),
    "change": Rule(LIVE, None),
    "request_extension": Rule(OPEN, None),
    "decide_extension": Rule(LIVE, None),
    "commit": Rule(OPEN, None),
    "pause": Rule(OPEN, None),
    "resume": Rule(OPEN, None),
    "hand_over": Rule(OPEN, None),
    "cancel": Rule(LIVE, "cancelled"),
    "ask_contribution": Rule(OPEN, None),
    "give_contribution": Rule(LIVE, None),
    "decide_contribution": Rule(LIVE, None),
    "ask_question": Rule(LIVE, None),
}
WHILE_PAUSED: frozenset[Act] = frozenset(
    {
        "change", "decide_extension", "resume", "hand_over", "cancel", "give_contribution",
        "decide_contribution", "ask_question",
    }
)  # fmt: skip

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
PAUSED = ("assignment_paused", N_("Nhiệm vụ đang tạm dừng: hãy cho tiếp tục trước."))
NOT_PAUSED = ("assignment_not_paused", N_("Nhiệm vụ không tạm dừng, nên không có gì để tiếp tục."))
CARRIED = N_("Nhiệm vụ này đã chuyển sang kế hoạch khác: làm tiếp ở nhiệm vụ nhận chuyển")
DEADLINE_FIXED = N_(
    "Phụ lục đã ghi rõ thời hạn của nhiệm vụ này; thay đổi là gia hạn, không phải nhập hạn"
)

EXTENDED = N_("Nhiệm vụ đã được gia hạn: muốn đổi hạn nữa thì gia hạn tiếp, không nhập lại hạn")
GOES_DOWN = N_("Tiến độ giảm từ {before} % xuống {percent} %: hãy ghi lý do")


def status_after(act: Act, status: AssignmentStatus, *, paused: bool = False) -> AssignmentStatus:
    """Return the status the act leads to. Raises RuleBroken when the status does not allow it.

    What was returned stays so, whatever is reported on it, until a result is handed in again.
    `paused`: then only what ends, moves or resumes it is. Source: composed.
    """
    rule = RULES[act]
    if status not in rule.allowed_from:
        code, sentence = REFUSALS.get(status, NOTHING_SUBMITTED)
        raise RuleBroken(code, Sentence(sentence))
    if paused and act not in WHILE_PAUSED:
        raise RuleBroken(PAUSED[0], Sentence(PAUSED[1]))
    if act == "resume" and not paused:
        raise RuleBroken(NOT_PAUSED[0], Sentence(NOT_PAUSED[1]))
    if (act, status) == ("report_progress", "returned"):
        return status
    return rule.leads_to or status


def check_not_carried(*, carried: bool) -> None:
    """Raise RuleBroken `assignment_carried` where an assignment of another plan goes on with it."""
    if carried:
        raise RuleBroken("assignment_carried", Sentence(CARRIED))


def acts_open_in(status: AssignmentStatus) -> list[Act]:
    """Return the acts the status allows, in the order of the table; whose they are: `access`."""
    return [act for act, rule in RULES.items() if status in rule.allowed_from]


def kind_as_read(task: DeadlineKind, own: DeadlineKind) -> DeadlineKind:
    """Return how the appendix was read for one assignment, whatever a person decided since.

    `task`: as the whole cell was read. A cell with duties of several kinds gives each assignment
    its own; only where a person was needed it may have changed.
    """
    return task if task == "needs_person" else own


def check_deadline_open(kind: DeadlineKind, *, sets_event: bool, extended: bool = False) -> None:
    """Raise RuleBroken `deadline_fixed` where the appendix itself says when.

    `kind`: as the appendix was read. `sets_event`: the day of an event is entered, which only a
    deadline counted from an event has. `extended`: what was granted is not corrected away
    (`deadline_extended`). Source: composed.
    """
    if extended:
        raise RuleBroken("deadline_extended", Sentence(EXTENDED))
    if kind not in {"needs_person", "triggered"} or (sets_event and kind != "triggered"):
        raise RuleBroken("deadline_fixed", Sentence(DEADLINE_FIXED))


def days_open(kind: DeadlineKind, *, ruled: bool, extended: bool) -> list[OpenDay]:
    """Return which days a person enters or corrects, as `check_deadline_open` lets them.

    `kind`: as the appendix was read. `ruled`: its words count the due day from that of the event.
    """
    if extended or kind not in {"needs_person", "triggered"}:
        return []
    if kind == "needs_person":
        return ["due_on"]
    return ["triggered_on"] if ruled else ["triggered_on", "due_on"]


def check_correction(due_on: date | None, reason: str | None) -> None:
    """Raise InputRefused when a day entered before is corrected without a reason."""
    if due_on is not None and not reason:
        raise refused("/reason", N_("Thời hạn đã được nhập trước đó: hãy ghi lý do sửa"))


def check_event_day(happened_on: date | None, today: date) -> None:
    """Raise InputRefused for an event of a day to come."""
    if happened_on is not None and happened_on > today:
        raise refused("/triggered_on", N_("Ngày phát sinh không được sau hôm nay"))


def check_step(before: int, percent: int, note: str) -> None:
    """Raise InputRefused for a percentage that goes down without a word why."""
    if percent < before and not note:
        facts = {"before": before, "percent": percent}
        raise refused("/note", GOES_DOWN, facts)


def check_result(note: str, files: int) -> None:
    """Raise InputRefused for a result without words and without evidence."""
    if not note and not files:
        raise refused("/note", N_("Hãy mô tả kết quả hoặc đính kèm minh chứng"))


def refused(pointer: str, template: str, facts: Mapping[str, Any] | None = None) -> InputRefused:
    """Return the refusal of the one value at `pointer`."""
    sentence = Sentence(template, facts or {})
    return InputRefused("input_invalid", sentence, [Problem(pointer, sentence)])


def assignment_number(year: int, sequence: int) -> str:
    """Return the number people see, `NV-2025-0012`. `sequence`: from 1 within the year."""
    return f"NV-{year}-{sequence:04d}"


def together(statuses: Collection[AssignmentStatus]) -> AssignmentStatus:
    """Return how several assignments of one row stand as one: done only when all are.

    What was cancelled counts only where nothing else is left. Source: composed.
    """
    left = set(statuses) - {"cancelled"}
    if not left:
        return "cancelled"
    return left.pop() if len(left) == 1 else "in_progress"


def on_time(submitted_on: date, due_on: date | None) -> bool:
    """Tell whether a result was in time: by the day it was submitted, due day included.

    `due_on` None: nothing is ever late. Source: composed.
    """
    return due_on is None or submitted_on <= due_on


def on_time_first(
    submitted_on: date | None, first_due_on: date | None, now: bool | None
) -> bool | None:
    """Tell whether it was on time by the deadline before any extension, where `now` is known."""
    if now is None or first_due_on is None or submitted_on is None:
        return now
    return on_time(submitted_on, first_due_on)


def is_overdue(
    status: AssignmentStatus, due_on: date | None, today: date, *, paused: bool = False
) -> bool:
    """Tell whether the due day, worked or not, has passed while the unit still owes a result.

    A submitted result ends that, a returned one lets it be so again. Nothing is owed while paused.
    How late it is, is counted in working days everywhere: `ladder.domain.days_late`, 0 on days off
    right after the due day. Source: composed.
    """
    return due_on is not None and status in OPEN and not paused and due_on < today


def quarter_before(day: date) -> tuple[date, date]:
    """Return the first and the last day of the calendar quarter that ended before a day."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    last = first - timedelta(days=1)
    return last.replace(month=last.month - 2, day=1), last


def working_days_left(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Count the working days after today, up to the deadline's last working day; 0 when none."""
    return calendar.working_days_between(today, calendar.last_working_day_on_or_before(due_on))


def reminder_step(
    status: AssignmentStatus,
    due_on: date | None,
    today: date,
    calendar: WorkingCalendar,
    steps: Sequence[int] = REMINDER_STEPS,
) -> int | None:
    """Return the reminder now in force, of the ladder's steps before the due day; None: none is.

    It stays in force until the next, so that a clock that slept through a day still reminds;
    whoever sends it remembers the last step sent. 0: today is the last working day, or only days
    off remain. Source: composed.
    """
    if due_on is None or status not in OPEN or today > due_on:
        return None
    left = working_days_left(due_on, today, calendar)
    return next((step for step in sorted(steps) if left <= step), None)


@dataclass(frozen=True, slots=True)
class Flags:
    """What is derived and never stored. `on_time` None: nothing was accepted or submitted yet."""

    overdue: bool
    due_soon: bool
    on_time: bool | None


def flags(
    *,
    status: AssignmentStatus,
    due_on: date | None,
    submitted_on: date | None,
    today: date,
    calendar: WorkingCalendar,
    in_draft: bool = False,
    paused: bool = False,
) -> Flags:
    """Derive the flags of an assignment as of `today` (the department's local date).

    `in_draft`: its plan is not in force yet; then nothing is due and nothing late. `paused`: the
    same, but what was handed in before keeps its word.
    """
    if in_draft:
        return Flags(overdue=False, due_soon=False, on_time=None)
    handed_in = status in ("submitted", "done") and submitted_on is not None
    return Flags(
        overdue=is_overdue(status, due_on, today, paused=paused),
        due_soon=not paused and reminder_step(status, due_on, today, calendar) is not None,
        on_time=on_time(submitted_on, due_on) if handed_in and submitted_on else None,
    )
