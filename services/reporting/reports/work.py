"""What a report says of assignments: figures out of facts as of a day, and lists of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.completion.domain import rate
from reporting.indices.views import unit_names
from reporting.reports.counting import Scope, Told, told_of
from reporting.reports.domain import folded
from reporting.reports.lists import Column, Listed, listed
from reporting.reports.numbers import Figure, ListCode, Value, dated, figure, plain
from reporting.reports.outline import SectionForm
from reporting.shown import shown

UNITS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Đơn vị", "text", 56), ("Tổng số", "count", 18),
    ("Hoàn thành", "count", 20), ("Đúng hạn", "count", 18), ("Đã đến hạn", "count", 19),
    ("Quá hạn", "count", 18), ("Tỷ lệ (%)", "percent", 20),
)  # fmt: skip
CONTENT: tuple[Column, ...] = (
    ("STT", "count", 14), ("Nội dung", "text", 79), ("Tổng số", "count", 18),
    ("Hoàn thành", "count", 22), ("Quá hạn", "count", 18), ("Tỷ lệ (%)", "percent", 20),
)  # fmt: skip


_SUMS = {
    "work.all": "total", "work.done": "done", "work.on_time": "on_time", "work.waiting": "waiting",
    "work.overdue": "overdue", "work.due": "due", "work.done_due": "done_due",
    "work.paused": "paused", "window.due": "window_due", "window.due_done": "window_met",
    "window.done": "window_done", "window.done_late": "window_late",
}  # fmt: skip
_WITHOUT_A_DAY = {
    "work.returned": "returned", "work.extended": "extended", "work.continuous": "continuous",
    "work.untriggered": "untriggered", "work.needs_person": "needs_person",
}  # fmt: skip
"""What is told with no day since when it is so: of a period that is over, it is of today."""


@dataclass(frozen=True)
class Work:
    """Everything told of assignments. `rows`: the counts of each section and unit.

    `next_due`: with what of other years' plans comes next, None where nothing is known.
    """

    scope: Scope
    rows: Sequence[Any]
    next_due: int | None
    told: Told
    names: dict[UUID, str]

    def figures(self) -> list[Figure]:
        """Return the figures over everything; nothing is known where there is no plan."""
        values = {**_sums(self.rows, _SUMS), **_rates(self.rows), **self._units(), **self._helped()}
        undated = _sums(self.rows, _WITHOUT_A_DAY)
        if not self.scope.plans and not self.rows:
            values, undated = dict.fromkeys(values), dict.fromkeys(undated)
        values["next.due"] = self.next_due
        found = [figure(id_, value) for id_, value in values.items()]
        beside = [figure(id_, value) for id_, value in undated.items()]
        as_of = self.scope.as_of
        return found + (dated(beside, as_of.today) if as_of.is_past else beside)

    def of_sections(self, outline: Sequence[SectionForm]) -> list[Figure]:
        """Return the figures of sections over the assignments that their words choose."""
        areas = [each for section in outline if section.words for each in self._area(section)]
        return [*areas, figure("work.elsewhere", self._elsewhere(outline))] if areas else areas

    def _elsewhere(self, outline: Sequence[SectionForm]) -> int | None:
        """Return how many assignments no section of the outline speaks of."""
        words = [folded(word) for section in outline for word in section.words]
        rest = [r for r in self.rows if not any(word in folded(r.section) for word in words)]
        return _sum(rest, "total") if self.rows else None

    def _area(self, section: SectionForm) -> list[Figure]:
        words = [folded(word) for word in section.words]
        rows = [r for r in self.rows if any(word in folded(r.section) for word in words)]
        total, done = _sum(rows, "total"), _sum(rows, "done")
        values = {
            "area.all": total, "area.done": done, "area.paused": _sum(rows, "paused"),
            "area.open": total - done - _sum(rows, "paused"), "area.overdue": _sum(rows, "overdue"),
        }  # fmt: skip
        return [
            figure(id_, value if total else None, section=section.id, about=section.heading)
            for id_, value in values.items()
        ]

    def _units(self) -> dict[str, object]:
        told = ("total", "continuous", "untriggered", "needs_person")
        given = [row for row in self.rows if any(getattr(row, name) for name in told)]
        return {
            "units.count": len({row.unit_id for row in given}),
            "units.late": len({row.unit_id for row in self.rows if row.overdue}),
        }

    def _helped(self) -> dict[str, object]:
        due, in_time = self.told.helped.due, self.told.helped.in_time
        if not self.told.helped.asked:
            return {"help.due": None, "help.in_time": None, "help.rate": None}
        return {"help.due": due, "help.in_time": in_time, "help.rate": shown(rate(in_time, due))}

    def units_list(self) -> Listed:
        """Return where each unit stands."""
        columns = ("total", "done", "on_time", "due", "overdue")
        rows: list[list[Value]] = []
        for id_, name in self.names.items():
            if own := [row for row in self.rows if row.unit_id == id_]:
                sums = [_sum(own, column) for column in columns]
                rows.append([name, *sums, _rate(own)])
        return listed("units", UNITS, rows)

    def sections_list(self) -> Listed:
        """Return where each section of the plans stands."""
        rows: list[list[Value]] = []
        for section in dict.fromkeys(row.section for row in self.rows):
            own = [row for row in self.rows if row.section == section]
            if _sum(own, "total"):
                sums = [_sum(own, column) for column in ("total", "done", "overdue")]
                rows.append([section, *sums, _rate(own)])
        return listed("sections", CONTENT, rows)


def _sum(rows: Iterable[Any], column: str) -> int:
    return sum(getattr(row, column) for row in rows)


def _rate(rows: Sequence[Any]) -> Value:
    return plain(shown(rate(_sum(rows, "done"), _sum(rows, "total"))))


def _sums(rows: Sequence[Any], columns: dict[str, str]) -> dict[str, object]:
    return {id_: _sum(rows, column) for id_, column in columns.items()}


def _rates(rows: Sequence[Any]) -> dict[str, object]:
    """Return what follows from the sums: what is done, open or paused makes up all."""
    total, done, due = _sum(rows, "total"), _sum(rows, "done"), _sum(rows, "due")
    return {
        "work.late": done - _sum(rows, "on_time"),
        "work.open": total - done - _sum(rows, "paused"),
        "work.rate_all": shown(rate(done, total)),
        "work.rate_due": shown(rate(_sum(rows, "done_due"), due)),
    }


async def work_of(session: AsyncSession, scope: Scope, lists: Collection[ListCode]) -> Work:
    """Count what a report says of assignments, and list what is wanted of them."""
    told = await told_of(session, scope, lists)
    next_due = _sum(told.counts, "next_due") if scope.plans or told.counts else None
    own = [row for row in told.counts if row.mine]
    return Work(scope, own, next_due, told, await unit_names(session))
