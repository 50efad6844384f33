"""How days are written for people, and which of them a person may have meant."""

from collections.abc import Iterator
from datetime import date

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from tasks.calendar.domain import SATURDAY, WorkingCalendar

WEEKDAYS = (
    N_("thứ Hai"), N_("thứ Ba"), N_("thứ Tư"), N_("thứ Năm"), N_("thứ Sáu"), N_("thứ Bảy"),
    N_("Chủ nhật"),
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2000, 2100
NO_YEAR_OF_OURS = N_(
    "Ngày {day} không trong các năm từ {first} đến {last}: kiểm tra lại năm đã ghi"
)


def of_no_year(pointer: str, day: date) -> Iterator[Problem]:
    """Yield the problem of a day of no year of ours: a year was mistyped. Source: composed."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        facts = {"day": day_text(day), "first": FIRST_YEAR, "last": LAST_YEAR}
        yield Problem(pointer, Sentence(NO_YEAR_OF_OURS, facts))


def check_year_of(pointer: str, day: date | None) -> None:
    """Raise InputRefused for a day of no year of ours, at its field."""
    problems = list(of_no_year(pointer, day)) if day else []
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)


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
