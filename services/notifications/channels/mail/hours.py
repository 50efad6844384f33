"""When mail may come to people: in working hours of working days, unless it is critical. Pure."""

from dataclasses import dataclass
from datetime import datetime, time

from chassis.clock import TIME_ZONE
from chassis.working_calendar import WorkingCalendar

ALWAYS = "always"


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
        begins, dash, ends = setting.partition("-")
        hours = cls(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()))
        if not dash or str(hours.begins) >= str(hours.ends):
            raise ValueError(f"{setting}: expected like 07:00-17:00, or {ALWAYS}")
        return hours

    def open_at(self, now: datetime, calendar: WorkingCalendar) -> bool:
        """Whether mail that is not critical may be sent now."""
        if self.begins is None or self.ends is None:
            return True
        local = now.astimezone(TIME_ZONE)
        return calendar.is_working(local.date()) and self.begins <= local.time() < self.ends
