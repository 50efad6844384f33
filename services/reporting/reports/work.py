"""What a report says of assignments: figures out of the cells and facts, and lists of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.completion.domain import Completion, rate, summarise
from reporting.completion.views import completions
from reporting.indices.views import unit_names
from reporting.reports.domain import folded
from reporting.reports.lists import Column, Listed, counted
from reporting.reports.numbers import Figure, ListCode, Value, figure, plain
from reporting.reports.outline import SectionForm
from reporting.reports.windows import after
from reporting.shown import shown

# As `completion.domain.contribution` counts: what is paused is never due.
_STATES = """
    SELECT f.state ->> 'section' AS section, f.state ->> 'number' AS number,
      f.state ->> 'task_number' AS task_number, f.state ->> 'content' AS content,
      f.state ->> 'product' AS product, f.state ->> 'deadline_text' AS deadline_text,
      f.unit_id, f.state ->> 'status' AS status, f.state ->> 'paused_on' AS paused_on,
      f.state ->> 'deadline_kind' AS deadline_kind, CAST(f.state ->> 'due_on' AS date) AS due_on,
      CAST(f.state ->> 'submitted_on' AS date) AS submitted_on
    FROM assignment_fact f WHERE f.plan_id = ANY(CAST(:plans AS uuid[])) AND f.state IS NOT NULL
"""
_OPEN = "status NOT IN ('done', 'cancelled')"
_SECTIONS = text(f"""
    WITH states AS ({_STATES}), owed AS (
      SELECT * FROM states WHERE deadline_kind <> 'continuous' AND due_on IS NOT NULL
        AND status <> 'cancelled'
    )
    SELECT section, count(*) AS total, count(*) FILTER (WHERE status = 'done') AS done,
      count(*) FILTER (WHERE {_OPEN} AND status <> 'submitted' AND paused_on IS NULL
        AND due_on < :until) AS overdue,
      count(*) FILTER (WHERE status = 'returned') AS returned,
      count(*) FILTER (WHERE due_on BETWEEN :starts AND :ends) AS window_due,
      count(*) FILTER (WHERE due_on BETWEEN :starts AND :ends AND status = 'done') AS window_met,
      count(*) FILTER (WHERE submitted_on BETWEEN :starts AND :ends AND status = 'done')
        AS window_done,
      count(*) FILTER (WHERE submitted_on BETWEEN :starts AND :ends AND status = 'done'
        AND submitted_on > due_on) AS window_late,
      count(*) FILTER (WHERE due_on > :ends AND due_on <= :next AND {_OPEN}) AS next_due
    FROM owed GROUP BY section
    ORDER BY min(CAST(nullif(left(regexp_replace(task_number, '\\D.*', ''), 9), '') AS integer)),
      section
""")  # noqa: S608 - ours
_ROWS = text(f"""
    WITH states AS ({_STATES})
    SELECT states.*, unit.name AS unit_name,
      coalesce(to_char(due_on, 'DD/MM/YYYY'), deadline_text) AS due
    FROM states LEFT JOIN unit ON unit.id = states.unit_id
    ORDER BY unit.sort_order, unit.id, length(number), number
""")  # noqa: S608 - ours
_WORDS = {
    "not_started": "Chưa thực hiện", "in_progress": "Đang thực hiện",
    "submitted": "Chờ duyệt kết quả", "returned": "Trả lại", "cancelled": "Không còn thực hiện",
}  # fmt: skip
ASSIGNMENTS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Số", "text", 30), ("Nhiệm vụ", "text", 58), ("Sản phẩm", "text", 36),
    ("Đơn vị chủ trì", "text", 36), ("Thời hạn", "text", 25), ("Ngày nộp", "day", 25),
    ("Tình trạng", "text", 28),
)  # fmt: skip
OWED: tuple[Column, ...] = (
    ("STT", "count", 14), ("Số", "text", 30), ("Nhiệm vụ", "text", 61),
    ("Đơn vị chủ trì", "text", 34), ("Thời hạn", "text", 26),
)  # fmt: skip
_CODES: tuple[ListCode, ...] = ("assignments", "overdue", "open", "next")
_IN_FULL = ("assignments", "open")
UNITS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Đơn vị", "text", 56), ("Tổng số", "count", 18),
    ("Hoàn thành", "count", 20), ("Đúng hạn", "count", 18), ("Đã đến hạn", "count", 19),
    ("Quá hạn", "count", 18), ("Tỷ lệ (%)", "percent", 20),
)  # fmt: skip
CONTENT: tuple[Column, ...] = (
    ("STT", "count", 14), ("Nội dung", "text", 79), ("Tổng số", "count", 18),
    ("Hoàn thành", "count", 22), ("Quá hạn", "count", 18), ("Tỷ lệ (%)", "percent", 20),
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What is counted: the plans, the period, and `until`: the day as of which."""

    plans: Sequence[UUID]
    starts_on: date
    ends_on: date
    until: date


@dataclass(frozen=True)
class Work:
    """Everything counted of assignments."""

    scope: Scope
    found: dict[str, Completion]
    sections: Sequence[Any]
    names: dict[UUID, str]

    def figures(self) -> list[Figure]:
        """Return the figures over everything; nothing is known where there is no plan."""
        known = bool(self.scope.plans)
        whole = self.found.get("plan") or summarise([], self.scope.until)
        values = {**_whole(whole), **self._window(), **self._units(), **self._helped()}
        return [figure(id_, value if known else None) for id_, value in values.items()]

    def of_sections(self, outline: Sequence[SectionForm]) -> list[Figure]:
        """Return the figures of sections over the assignments that their words choose."""
        return [each for section in outline if section.words for each in self._area(section)]

    def _area(self, section: SectionForm) -> list[Figure]:
        words = [folded(word) for word in section.words]
        rows = [r for r in self.sections if any(word in folded(r.section) for word in words)]
        total, done = sum(r.total for r in rows), sum(r.done for r in rows)
        values = {
            "area.all": total, "area.done": done, "area.open": total - done,
            "area.overdue": sum(r.overdue for r in rows),
        }  # fmt: skip
        known = bool(rows)
        return [
            figure(id_, value if known else None, section=section.id, about=section.heading)
            for id_, value in values.items()
        ]

    def _window(self) -> dict[str, int]:
        columns = {
            "work.returned": "returned", "window.due": "window_due",
            "window.due_done": "window_met", "window.done": "window_done",
            "window.done_late": "window_late", "next.due": "next_due",
        }  # fmt: skip
        return {id_: sum(getattr(r, name) for r in self.sections) for id_, name in columns.items()}

    def _units(self) -> dict[str, int]:
        units = [each for scope, each in self.found.items() if scope.startswith("unit:")]
        return {"units.count": len(units), "units.late": sum(1 for each in units if each.overdue)}

    def _helped(self) -> dict[str, object]:
        helped = self.found.get("helps")
        if helped is None:
            return {"help.due": None, "help.in_time": None, "help.rate": None}
        due, in_time = helped.due.total, helped.due.done_on_time
        return {"help.due": due, "help.in_time": in_time, "help.rate": shown(rate(in_time, due))}

    def units_list(self) -> Listed:
        """Return where each unit stands."""
        lines = [
            (name, self.found[f"unit:{id_}"])
            for id_, name in self.names.items()
            if f"unit:{id_}" in self.found
        ]
        rows = [
            [name, c.counts.total, c.counts.done, c.counts.done_on_time, c.due.total, c.overdue,
             plain(shown(c.rate_all))]
            for name, c in lines
        ]  # fmt: skip
        return Listed("units", UNITS, counted(rows))

    def sections_list(self) -> Listed:
        """Return where each section of the plans stands."""
        rows = [
            [r.section, r.total, r.done, r.overdue, plain(shown(rate(r.done, r.total)))]
            for r in self.sections
        ]
        return Listed("sections", CONTENT, counted(rows))


def _whole(found: Completion) -> dict[str, object]:
    counts, due = found.counts, found.due
    return {
        "work.all": counts.total, "work.done": counts.done, "work.on_time": counts.done_on_time,
        "work.late": counts.done - counts.done_on_time, "work.open": counts.total - counts.done,
        "work.waiting": counts.waiting, "work.overdue": found.overdue, "work.due": due.total,
        "work.done_due": due.done, "work.extended": counts.extended, "work.paused": counts.paused,
        "work.continuous": counts.continuous, "work.untriggered": counts.untriggered,
        "work.needs_person": counts.needs_person, "work.rate_all": shown(found.rate_all),
        "work.rate_due": shown(found.rate_due),
    }  # fmt: skip


async def work_of(session: AsyncSession, scope: Scope) -> Work:
    """Count what a report says of assignments."""
    found = await completions(session, scope.plans, scope.until)
    rows = await session.execute(_SECTIONS, {
        "plans": list(scope.plans), "until": scope.until, "starts": scope.starts_on,
        "ends": scope.ends_on, "next": after(scope.starts_on, scope.ends_on),
    })  # fmt: skip
    return Work(scope, found, rows.all(), await unit_names(session))


async def assignment_lists(session: AsyncSession, scope: Scope, wanted: set[str]) -> list[Listed]:
    """Return those of the lists of assignments that are wanted, read once."""
    chosen = [code for code in _CODES if code in wanted]
    if not chosen:
        return []
    rows = (await session.execute(_ROWS, {"plans": list(scope.plans)})).all()
    return await asyncio.to_thread(_lists, chosen, rows, scope)  # a year's rows take a second


def _lists(chosen: Sequence[ListCode], rows: Sequence[Any], scope: Scope) -> list[Listed]:
    return [_listed(code, [row for row in rows if _in(code, row, scope)], scope) for code in chosen]


def _listed(code: ListCode, rows: Sequence[Any], scope: Scope) -> Listed:
    if code in _IN_FULL:
        return Listed(code, ASSIGNMENTS, counted(_line(row, scope) for row in rows))
    return Listed(code, OWED, counted(_short_line(row) for row in rows))


def _in(code: str, row: Any, scope: Scope) -> bool:
    if code == "assignments":
        return True
    if row.status in ("done", "cancelled") or row.deadline_kind == "continuous":
        return False
    if code == "open":
        return row.due_on is not None
    if code == "overdue":
        return _overdue(row, scope)
    return bool(row.due_on and scope.ends_on < row.due_on <= after(scope.starts_on, scope.ends_on))


def _overdue(row: Any, scope: Scope) -> bool:
    waits = row.status == "submitted" or row.paused_on is not None
    return not waits and row.due_on is not None and row.due_on < scope.until


def _short_line(row: Any) -> list[Value]:
    return [row.number, row.content, row.unit_name or "", row.due]


def _line(row: Any, scope: Scope) -> list[Value]:
    return [
        row.number, row.content, row.product, row.unit_name or "", row.due,
        plain(row.submitted_on) or "", _state(row, scope),
    ]  # fmt: skip


def _state(row: Any, scope: Scope) -> str:
    if row.status == "done":
        late = row.due_on and row.submitted_on and row.submitted_on > row.due_on
        return "Hoàn thành quá hạn" if late else "Hoàn thành đúng hạn"
    if row.paused_on is not None:
        return "Tạm dừng"
    if row.status not in ("done", "cancelled") and row.deadline_kind != "continuous":
        return "Quá hạn chưa hoàn thành" if _overdue(row, scope) else _WORDS[row.status]
    return _WORDS[row.status]
