"""Wordings without a day of their own: all the time, or when something happens."""

from datetime import date

from chassis.words import N_, Sentence
from tasks.deadlines import vocabulary
from tasks.deadlines.days import day_text, due_sentence
from tasks.deadlines.domain import DaysAfter, Deadline, Frame, Occurrence, Unreadable, Wording
from tasks.words import fold, pattern

DAYS_AFTER = N_("{days} ngày sau ngày {event}, tính từ ngày kế tiếp; cần nhập ngày {event}.")
WORKING_DAYS_AFTER = N_(
    "{days} ngày làm việc sau ngày {event}, tính từ ngày kế tiếp; cần nhập ngày {event}."
)
AFTER_ISSUE = N_("{words}: kế hoạch ban hành ngày {issued}, {due}.")

_SAYS_WHEN = pattern(vocabulary.TIME_IN_A_TAIL)
_OF_THE_PLAN = pattern(vocabulary.ISSUE_OF_THE_PLAN)
NO_DAY = Occurrence("", None, None)


def continuous(wording: Wording) -> Deadline:
    """All the time: no due day, so never overdue."""
    check_year(wording)
    reading = Sentence(N_("Thường xuyên: không có hạn cuối, cập nhật tiến độ định kỳ."))
    return Deadline("continuous", wording.words, (NO_DAY,), reading)


def continuous_from(wording: Wording, start: date) -> Deadline:
    """From a day on, without an end."""
    reading = Sentence(
        N_("Thường xuyên từ {start}: không có hạn cuối, cập nhật tiến độ định kỳ."),
        {"start": day_text(start)},
    )
    return Deadline("continuous", wording.words, (Occurrence("", start, None),), reading)


def check_year(wording: Wording) -> None:
    """Raise Unreadable for "hàng tháng trong năm 2026" in the plan of another year."""
    year = wording.match["of"]
    if year and int(year) != wording.frame.year:
        template = N_("“{words}” nói năm {year}, kế hoạch là năm {plan_year}")
        plan_year = wording.frame.year
        raise Unreadable(template, words=wording.words, year=year, plan_year=plan_year)


def on_event(wording: Wording) -> Deadline | None:
    """When something happens: not counted until the Office enters its day and the deadline."""
    if _tail_says_when(wording):
        return None
    reading = Sentence(N_("Theo sự việc: chưa có hạn cho đến khi phát sinh."))
    return Deadline("triggered", wording.words, (NO_DAY,), reading)


def days_after(wording: Wording) -> Deadline | None:
    """So many days after something happened; the first day counted is the day after."""
    if _tail_says_when(wording):
        return None
    event = wording.written("event")
    rule = DaysAfter(int(wording.match["days"]), wording.match["working"] is not None, event)
    if wording.frame.issued_on and _OF_THE_PLAN.fullmatch(fold(event)):
        return _after_issue(wording, rule, wording.frame.issued_on, wording.frame)
    template = WORKING_DAYS_AFTER if rule.working else DAYS_AFTER
    reading = Sentence(template, {"days": rule.days, "event": event})
    return Deadline("triggered", wording.words, (NO_DAY,), reading, rule)


def _after_issue(wording: Wording, rule: DaysAfter, issued_on: date, frame: Frame) -> Deadline:
    due_on = rule.due_on(issued_on, frame.calendar)
    facts = {
        "words": wording.shown,
        "issued": day_text(issued_on),
        "due": due_sentence(due_on, frame.calendar),
    }
    reading = Sentence(AFTER_ISSUE, facts)
    return Deadline("fixed", wording.words, (Occurrence("", None, due_on),), reading)


def _tail_says_when(wording: Wording) -> bool:
    """A free tail ends where the words say when again: that is a duty of its own."""
    return bool(_SAYS_WHEN.search(wording.match["free"] or ""))
