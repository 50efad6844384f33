"""The exceptions of a year as they are entered; what they mean: `chassis.working_calendar`."""

from collections.abc import Sequence
from datetime import date

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from chassis.working_calendar import SATURDAY, WorkingCalendar
from contracts.tasks import CalendarDay

__all__ = ["SATURDAY", "WorkingCalendar", "check_days"]

WRONG_DAY = N_("{day} không thuộc năm {year} hoặc bị lặp lại")


def check_days(year: int, days: Sequence[CalendarDay]) -> None:
    """Raise InputRefused for exceptions of another year, or a day that is named twice."""
    seen: set[date] = set()
    problems: list[Problem] = []
    for position, each in enumerate(days):
        if each.day.year != year or each.day in seen:
            facts = {"day": f"{each.day:%d/%m/%Y}", "year": year}
            problems.append(Problem(f"/days/{position}/day", Sentence(WRONG_DAY, facts)))
        seen.add(each.day)
    if problems:
        raise InputRefused("input_invalid", Sentence(N_("Có ngày chưa đúng")), problems)
