"""docs/deadlines.md: how wordings of deadlines are read, for people; its wordings are tested."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from chassis.i18n import say
from contracts.tasks import CalendarDay
from tasks.calendar.domain import WorkingCalendar
from tasks.deadlines import Deadline, Frame, read_deadline
from tasks.deadlines.days import day_text

WORDINGS = Path("tests/tasks/deadline_wordings.yaml")
CALENDAR = Path("demo/calendar.yaml")
YEAR, CLOSES = 2025, date(2025, 11, 29)
SHOWN = 4  # due days of one row; more of them are a first, a last and a number
HEAD = """# How deadlines in words are read

Generated from `tests/tasks/deadline_wordings.yaml` by `make contracts WRITE=1`; do not edit.
The days are those of the demo's plan: year {year}, last reports on {closes}, its calendar.
`tests/tasks/test_deadlines_table.py` keeps every row true against days worked out by hand:
{understood} of {rows} wordings are understood, {asked} are left to a person, none is read as
another day.

- **Every word counts.** What is understood only in part is left to a person, with the reason.
- *trước* excludes its day; *chậm nhất*, *đến hết*, *không quá* and a bare day include it.
- A day is dd/mm. One given for several months counts for each (*ngày 15 tháng 3, tháng 6*);
  *ngày 15/3, tháng 6* is asked about.
- What has no year is of the plan's; *cả năm* ends when the plan takes its last reports.
- Several duties in one cell become several assignments, each of its own kind.
- What comes back begins with the first due day in the plan's year; what is left out is said.
- Another year, a weekday that does not fit its day, a day before the plan was issued: read, and
  warned about.
- An hour makes its day the last one: *trước 15h00 ngày 28/11* is the 28th. Deadlines are followed
  by day.
"""


def as_markdown(root: Path) -> str:
    """Return the page."""
    table = yaml.safe_load((root / WORDINGS).read_text())
    frame = Frame(YEAR, CLOSES, _calendar(root))
    rows = [row for rows in table.values() for row in rows]
    asked = sum(row[1] == "needs_person" for row in rows)
    head = HEAD.format(
        year=YEAR,
        closes=day_text(CLOSES),
        rows=len(rows),
        asked=asked,
        understood=len(rows) - asked,
    )
    return head + "".join(_section(name, rows, frame) for name, rows in table.items())


def _calendar(root: Path) -> WorkingCalendar:
    years = yaml.safe_load((root / CALENDAR).read_text())["years"].values()
    days = (CalendarDay(**day) for year in years for day in year["days"])
    return WorkingCalendar.of(days)


def _section(name: str, rows: Sequence[Sequence[Any]], frame: Frame) -> str:
    lines = [f"\n## {name[:1].upper()}{name[1:]}\n"]
    lines += ["| words | read as | due | kind |", "|---|---|---|---|"]
    lines += [_row(row[0], row[3] if len(row) > 3 else {}, frame) for row in rows]  # noqa: PLR2004
    return "\n".join(lines) + "\n"


def _row(words: str, more: dict[str, Any], frame: Frame) -> str:
    found = read_deadline(words, frame, more.get("above"))
    shown = " ⏎ ".join(words.split("\n"))
    if "above" in more:
        shown = f"{shown} (under “{more['above']}”)"
    says = "<br>".join([say(found.reading), *(f"⚠ {say(w.sentence)}" for w in _beside(found))])
    return f"| {shown} | {says} | {_days(found)} | {found.kind} |"


def _beside(found: Deadline) -> list[Any]:
    """The warnings that say more than the reading does."""
    return [] if found.kind == "needs_person" else list(found.warnings)


def _days(found: Deadline) -> str:
    days = [day_text(one.due_on) if one.due_on else "–" for one in found.occurrences]
    if len(days) > SHOWN + 2:
        return f"{days[0]} … {days[-1]} ({len(days)})"
    return ", ".join(days)
