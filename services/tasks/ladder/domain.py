"""What a ladder may be, and when it is climbed. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from chassis.working_calendar import WorkingCalendar

Told = Literal["person", "head", "office", "director"]
TOLD: tuple[Told, ...] = ("person", "head", "office", "director")
PLACEHOLDERS = ("don_vi", "so_nhiem_vu", "so_qua_han", "danh_sach")
IN_BRACES = re.compile(r"\{([^{}]*)\}")
FURTHEST, MOST_BEFORE = 60, 10  # working days; steps before the due day

_TWICE = N_("Mốc {days} ngày làm việc có hai lần: mỗi mốc chỉ ghi một lần")
_LEVEL_TWICE = N_("Mỗi cấp chỉ được báo ở một mốc: hãy bỏ bớt mốc trùng cấp")
_NOT_LATER = N_("Cấp trên phải được báo muộn hơn cấp dưới: {days} ngày làm việc không sau {before}")
_HOURS = N_("Giờ kết thúc {until} phải sau giờ bắt đầu {start}")

_UNKNOWN_PLACEHOLDER = N_("Lời đôn đốc có chỗ điền không hợp lệ «{name}»: chỉ dùng {allowed}")


@dataclass(frozen=True, slots=True)
class Step:
    """From so many working days after the due day on, somebody is told."""

    working_days: int
    told: Told


def check_before(days: Sequence[int]) -> None:
    """Raise InputRefused for a step before the due day that stands there twice."""
    for place, one in enumerate(days):
        if one in days[:place]:
            raise _refused(f"/before/{place}", Sentence(_TWICE, {"days": one}))


def check_escalation(steps: Sequence[Step]) -> None:
    """Raise InputRefused unless each level is told once, and a higher one later than a lower.

    Source: composed.
    """
    by_level = sorted(steps, key=lambda step: TOLD.index(step.told))
    if len({step.told for step in steps}) < len(steps):
        raise _refused("/escalation", Sentence(_LEVEL_TWICE))
    for lower, higher in pairwise(by_level):
        if higher.working_days <= lower.working_days:
            facts = {"days": higher.working_days, "before": lower.working_days}
            raise _refused("/escalation", Sentence(_NOT_LATER, facts))


def check_hours(start: int, until: int) -> None:
    """Raise InputRefused for hours that end before they begin."""
    if until <= start:
        raise _refused("/work_until", Sentence(_HOURS, {"until": until, "start": start}))


def latest_due_day(today: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Return the latest due day that is, today, at least so many working days past.

    Args:
        today: the local day, itself counted when it is worked.
        working_days: 1 or more.
        calendar: which days are worked.
    """
    day, left = today, working_days
    while left > 0:
        left -= calendar.is_working(day)
        day -= timedelta(days=1)
    return day


def days_late(due_on: date | None, today: date, calendar: WorkingCalendar) -> int:
    """Return how many working days past its due day something is on a day; 0 when it is not.

    What is due on a Friday may come on the Sunday after; a make-up Saturday counts. Source:
    composed.
    """
    return calendar.working_days_between(due_on, today) if due_on else 0


class Lateness:
    """How many working days past a due day a day is; counted once for each, many share one."""

    def __init__(self, today: date, calendar: WorkingCalendar) -> None:
        """Take the day, itself counted when it is worked."""
        self.today, self.calendar = today, calendar
        self._known: dict[date | None, int] = {}

    def of(self, due_on: date | None) -> int:
        """Return the working days since a due day; 0 when it has not passed."""
        if due_on not in self._known:
            self._known[due_on] = days_late(due_on, self.today, self.calendar)
        return self._known[due_on]


def check_words(words: str, pointer: str = "/words", known: Sequence[str] = PLACEHOLDERS) -> None:
    """Raise InputRefused for a placeholder that is none, or a brace that is left open."""
    names = IN_BRACES.findall(words)
    strange = next((name for name in names if name not in known), None)
    if strange is None and re.search(r"[{}]", IN_BRACES.sub("", words)):
        strange = "{"
    if strange is not None:
        allowed = ", ".join(f"{{{name}}}" for name in known)
        sentence = Sentence(_UNKNOWN_PLACEHOLDER, {"name": strange, "allowed": allowed})
        raise _refused(pointer, sentence)


def filled_in(words: str, facts: Mapping[str, str]) -> str:
    """Return the words with each placeholder replaced by its fact."""
    return IN_BRACES.sub(lambda found: facts[found.group(1)], words)


def _refused(pointer: str, sentence: Sentence) -> InputRefused:
    return InputRefused("input_invalid", sentence, [Problem(pointer, sentence)])
