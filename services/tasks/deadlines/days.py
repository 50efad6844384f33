"""How days are written for people."""

from datetime import date

from tasks.calendar.domain import SATURDAY, WorkingCalendar

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def month_text(month: int) -> str:
    """Write a month as Decree 30/2020/NĐ-CP does: 01 and 02 with a zero, the others without."""
    return f"{month:02d}" if month <= 2 else str(month)  # noqa: PLR2004


def day_text(day: date) -> str:
    """Write a day as documents do, 05/01/2025, 30/6/2025."""
    return f"{day.day:02d}/{month_text(day.month)}/{day.year}"


def due_text(due_on: date, calendar: WorkingCalendar) -> str:
    """Name the last allowed day, and the last working day when people do not work on that one."""
    weekday = _WEEKDAYS[due_on.weekday()]
    if calendar.is_working(due_on):
        return f"hạn cuối {day_text(due_on)} ({weekday})"
    off = weekday if due_on.weekday() >= SATURDAY else f"{weekday}, ngày nghỉ"
    last = calendar.last_working_day_on_or_before(due_on)
    return f"hạn cuối {day_text(due_on)} ({off}), ngày làm việc cuối {day_text(last)}"
