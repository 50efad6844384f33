"""When mail may come to people: in working hours of working days, unless it is critical. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, time

from chassis.clock import TIME_ZONE
from chassis.working_calendar import WorkingCalendar

ALWAYS = "always"
_TIME = "((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_FORM = re.compile(rf"{_TIME}\s*-\s*{_TIME}")


@dataclass(frozen=True)
class MailHours:
    """From `begins` until just before `ends` on working days, local time; both None: always."""

    begins: time | None = None
    ends: time | None = None

    @classmethod
    def of(cls, setting: str) -> "MailHours":
        """Read `07:00-17:00`, or `always`. Raises ValueError for anything else."""
        if setting == ALWAYS:
            return cls()
        found = _FORM.fullmatch(setting.strip())
        begins, ends = map(time.fromisoformat, found.groups()) if found else (time(), time())
        if begins >= ends:
            raise ValueError(
                f"MAIL_HOURS={setting}: expected like 07:00-17:00 (local time, two digits each,"
                f" the earlier first), or {ALWAYS}"
            )
        return cls(begins, ends)

    def open_at(self, now: datetime, calendar: WorkingCalendar) -> bool:
        """Whether mail that is not critical may be sent now."""
        if self.begins is None or self.ends is None:
            return True
        local = now.astimezone(TIME_ZONE)
        return calendar.is_working(local.date()) and self.begins <= local.time() < self.ends
