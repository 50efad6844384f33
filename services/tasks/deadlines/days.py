"""How days are written for people."""

from datetime import date

from chassis.words import N_, Sentence
from tasks.calendar.domain import SATURDAY, WorkingCalendar

WEEKDAYS = (
    N_("thứ Hai"), N_("thứ Ba"), N_("thứ Tư"), N_("thứ Năm"), N_("thứ Sáu"), N_("thứ Bảy"),
    N_("Chủ nhật"),
)  # fmt: skip


def month_text(month: int) -> str:
    """Write a month 1-12 as Decree 30/2020/NĐ-CP does: 01 and 02 with a zero, others without."""
    return f"{month:02d}" if month <= 2 else str(month)  # noqa: PLR2004


def day_text(day: date) -> str:
    """Write a day as Decree 30/2020/NĐ-CP does: 05/01/2025, 30/6/2025."""
    return f"{day.day:02d}/{month_text(day.month)}/{day.year}"


def due_sentence(due_on: date, calendar: WorkingCalendar) -> Sentence:
    """Name the last allowed day, and the last working day when people do not work on that one."""
    facts = {"due": day_text(due_on), "weekday": WEEKDAYS[due_on.weekday()]}
    if calendar.is_working(due_on):
        return Sentence(N_("hạn cuối {due} ({weekday})"), facts)
    facts["last"] = day_text(calendar.last_working_day_on_or_before(due_on))
    if due_on.weekday() >= SATURDAY:
        return Sentence(N_("hạn cuối {due} ({weekday}), ngày làm việc cuối {last}"), facts)
    return Sentence(N_("hạn cuối {due} ({weekday}, ngày nghỉ), ngày làm việc cuối {last}"), facts)
