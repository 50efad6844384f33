"""What is said of a deadline, counted at the moment it is said and never when it was announced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chassis.words import N_
from chassis.working_calendar import WorkingCalendar
from notifications.rules.wording import day_text

LEFT = N_("Nhiệm vụ {number} còn {days} ngày làm việc")
ONE_LEFT = N_("Nhiệm vụ {number} chỉ còn 1 ngày làm việc")
LAST_DAY = N_("Hôm nay là ngày làm việc cuối cùng của nhiệm vụ {number}")
ONLY_DAYS_OFF = N_("Nhiệm vụ {number} không còn ngày làm việc nào trước hạn")
OVERDUE = N_("Nhiệm vụ {number} đã quá hạn {days} ngày làm việc")
JUST_OVERDUE = N_("Nhiệm vụ {number} đã quá hạn")

DUE = N_("{subject_matter}. {unit} chủ trì. Thời hạn: {deadline}.")
DUE_ON_A_DAY_OFF = N_(
    "{subject_matter}. {unit} chủ trì. Hạn là {weekday} {deadline},"
    " ngày làm việc cuối cùng trước đó là {last_weekday} {last_day}."
)
WEEKDAYS = (
    N_("thứ Hai"), N_("thứ Ba"), N_("thứ Tư"), N_("thứ Năm"), N_("thứ Sáu"), N_("thứ Bảy"),
    N_("Chủ nhật"),
)  # fmt: skip


@dataclass(frozen=True)
class DeadlineWords:
    """Title and body of a notice about a deadline, and the facts they need beside the notice's."""

    title: str
    body: str
    facts: Mapping[str, str]


def deadline_words(due_on: date, today: date, calendar: WorkingCalendar) -> DeadlineWords:
    """Return what is true of an open assignment's deadline on a day.

    Args:
        due_on: the last allowed day, worked or not.
        today: the local day on which it is said.
        calendar: which days are worked.
    """
    last = calendar.last_working_day_on_or_before(due_on)
    left = calendar.working_days_between(today, last)
    late = calendar.working_days_between(due_on, today)
    facts = {
        "deadline": day_text(due_on),
        "days": str(late if today > due_on else left),
        "weekday": WEEKDAYS[due_on.weekday()],
        "last_weekday": WEEKDAYS[last.weekday()],
        "last_day": day_text(last),
    }
    title = _overdue(late) if today > due_on else _title(left, last, today)
    return DeadlineWords(title, _body(due_on, last), facts)


def _overdue(late: int) -> str:
    """Return the title past the due day: on days off right after it no working day is counted."""
    return OVERDUE if late else JUST_OVERDUE


def _title(left: int, last: date, today: date) -> str:
    if left == 0:
        return LAST_DAY if today == last else ONLY_DAYS_OFF
    return ONE_LEFT if left == 1 else LEFT


def _body(due_on: date, last: date) -> str:
    return DUE if due_on == last else DUE_ON_A_DAY_OFF
