"""A later deadline: which day may be asked for and granted, and what to look at about it. Pure."""

from datetime import date

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from tasks.assignments.domain import refused
from tasks.calendar.domain import WorkingCalendar
from tasks.deadlines.days import WEEKDAYS, check_year_of, day_text
from tasks.remarks import Remark

NO_DEADLINE = N_("Nhiệm vụ chưa có thời hạn, nên chưa có gì để gia hạn")
ALREADY_ASKED = N_("Đề nghị gia hạn đến {day} đang chờ duyệt: mỗi lúc chỉ có một đề nghị")
DECIDED = N_("Đề nghị gia hạn này đã được quyết định hoặc không còn hiệu lực")
NOT_LATER = N_("Ngày mới phải sau thời hạn hiện nay, {due}")
PASSED = N_("Ngày {day} đã qua: hãy chọn từ hôm nay trở đi")
DAY_OFF = N_("{day} ({weekday}) là ngày nghỉ; ngày làm việc cuối cùng trước đó là {last}.")
NO_WORKING_DAY = N_("Từ thời hạn {due} đến {day} không có thêm ngày làm việc nào.")
AFTER_PLAN = N_("{day} sau ngày kế hoạch kết thúc, {closes}.")
CALENDAR_MISSING = N_("Chưa nhập lịch làm việc năm {year}: ngày nghỉ lễ chưa được tính.")


def check_asking(due_on: date | None, requested_due_on: date | None) -> date:
    """Return the deadline an extension is asked for.

    Raises RuleBroken `deadline_missing`, `extension_open`. Source: composed.
    """
    if due_on is None:
        raise RuleBroken("deadline_missing", Sentence(NO_DEADLINE))
    if requested_due_on is not None:
        facts = {"day": day_text(requested_due_on)}
        raise RuleBroken("extension_open", Sentence(ALREADY_ASKED, facts))
    return due_on


def check_later(due_on: date, day: date, today: date) -> None:
    """Raise InputRefused for a day that is not after the deadline, before today, or of no year.

    A day off is allowed (an official deadline may fall on one); `remarks` says so. Source:
    composed.
    """
    if day <= due_on:
        raise refused("/due_on", NOT_LATER, {"due": day_text(due_on)})
    if day < today:
        raise refused("/due_on", PASSED, {"day": day_text(day)})
    check_year_of("/due_on", day)


def decided() -> RuleBroken:
    """Return the refusal of a second decision about one request."""
    return RuleBroken("extension_decided", Sentence(DECIDED))


def remarks(due_on: date, day: date, closes_on: date, calendar: WorkingCalendar) -> list[Remark]:
    """Return what a person should look at about a later day; none of it refuses.

    Args:
        due_on: the deadline now.
        day: the one asked for.
        closes_on: the last day of the plan.
        calendar: which days are worked.
    """
    facts = {
        "day": day_text(day),
        "due": day_text(due_on),
        "weekday": WEEKDAYS[day.weekday()],
        "closes": day_text(closes_on),
        "last": day_text(calendar.last_working_day_on_or_before(day)),
        "year": day.year,
    }
    found = {
        "day_off": (not calendar.is_working(day), DAY_OFF),
        "no_working_day": (not calendar.working_days_between(due_on, day), NO_WORKING_DAY),
        "after_plan": (day > closes_on, AFTER_PLAN),
        "calendar_missing": (not calendar.knows(day.year), CALENDAR_MISSING),
    }
    return [Remark(code, Sentence(said, facts)) for code, (holds, said) in found.items() if holds]
