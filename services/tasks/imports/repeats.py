"""What the plan has already of the rows of a file: an edited copy brings nothing twice unasked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.words import N_, Sentence
from tasks.deadlines.days import day_text
from tasks.imports.domain import same_task
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.standing import Twin
from tasks.plans.models import Task
from tasks.remarks import Remark, in_a_row
from tasks.words import key

ALIKE = 0.6  # of 1: words that a person would take for an edited version; source: composed

OTHERWISE = N_(
    "đã có trong kế hoạch (STT {number}) với {what}. Nhiệm vụ cũ vẫn còn: bỏ dòng này, hoặc xác "
    "nhận là đúng để tạo thêm một nhiệm vụ."
)
KEPT = N_("đã có trong kế hoạch, kế hoạch giữ {what}; xác nhận không đổi điều này.")
TWICE = N_(
    "giống hệt dòng STT {stt} của tệp này. Bỏ dòng này, hoặc xác nhận là đúng nếu là hai việc."
)
LACKS = N_("Tệp này không có {count} nhiệm vụ mà kế hoạch đã có; chúng vẫn giữ nguyên: {named}.")
OF_ROW = N_("STT {stt}, {remark}")
OTHER = {
    "content": N_("nội dung khác: “{words}”"),
    "lead_text": N_("đơn vị chủ trì khác: “{words}”"),
    "deadline_text": N_("hạn khác: “{words}”"),
}
OLD = {
    "product": N_("sản phẩm “{words}”"),
    "coordinating_text": N_("đơn vị phối hợp “{words}”"),
    "deadline_text": N_("hạn “{words}”, {days}"),
}
Key = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Planned:
    """A task of the plan from another import, and the row it was made of, where that is kept."""

    task: Task
    row: AppendixRow | None
    keys: frozenset[Key]

    def written(self, name: str) -> set[str]:
        """Return what stands there, as the plan has it and as its file had it."""
        sources = self.row.sources if self.row else []
        return {key(getattr(self.task, name)), *(key(str(one[name])) for one in sources)}


class Repeats:
    """The rows of an import beside the tasks that the plan has from elsewhere.

    `twins`: by number of the row; rows that are confirmed or left out have none. `lacking`: tasks
    of an import that this file is a copy of, which no row of it names.
    """

    def __init__(self, planned: Sequence[Planned], rows: Sequence[AppendixRow]) -> None:
        """Compare; `rows`: all of the import, in their order."""
        self.twins: dict[int, Twin] = {}
        self.lacking: list[Planned] = []
        self._by_key: dict[Key, list[Planned]] = defaultdict(list)
        self._by_content: dict[str, list[Planned]] = defaultdict(list)
        self._by_number: dict[str, list[Planned]] = defaultdict(list)
        for one in planned:
            self._by_number[one.task.number].append(one)
            for each in one.keys:
                self._by_key[each].append(one)
            for words in one.written("content") - {""}:
                self._by_content[words].append(one)
        self._taken: dict[tuple[Planned, Key], AppendixRow] = {}
        there = [row for row in rows if row.left_out_by != "reader"]
        self._met = {one for row in there for one in self._same(row)}
        self._copied = {one.task.import_id for one in self._met}
        self._compare([row for row in rows if not row.left_out_by])
        if self._copied:
            known = self._met | {one for row in there for one in self._of_number(row)}
            self.lacking = [
                one for one in planned if one.task.import_id in self._copied and one not in known
            ]

    def _compare(self, rows: Sequence[AppendixRow]) -> None:
        first: dict[Key, AppendixRow] = {}
        for row in rows:
            earlier = first.setdefault(_identity(row), row)
            if row.task_id is None:
                self.twins[row.row_number] = self._twin(row, earlier)

    def _twin(self, row: AppendixRow, earlier: AppendixRow) -> Twin:
        found = self._take(row)
        if found is not None:
            return Twin(planned=True, remarks=_kept(row, found))
        taken_by = next((self._taken[one, k] for k in _keys(row) for one in self._by_key[k]), None)
        if row.content and (taken_by or earlier is not row):
            stt = (taken_by or earlier).stt
            return Twin(
                remarks=(_of_row(row, "row_same_as_another", Sentence(TWICE, {"stt": stt})),)
            )
        near = [*self._by_content[key(row.content)], *self._of_number(row)]
        return Twin(remarks=(_otherwise(row, near[0]),)) if near else Twin()

    def _take(self, row: AppendixRow) -> Planned | None:
        """Return the task that the row is, each only once for equal rows."""
        free: dict[Planned, list[Key]] = defaultdict(list)
        for each in _keys(row):
            for one in self._by_key[each]:
                if (one, each) not in self._taken:
                    free[one].append(each)
        best = max(free, key=lambda one: len(free[one]), default=None)
        if best is not None:
            self._taken |= {(best, each): row for each in free[best]}
        return best

    def _same(self, row: AppendixRow) -> Iterator[Planned]:
        for each in _keys(row):
            yield from self._by_key[each]
        yield from self._by_content[key(row.content)]

    def _of_number(self, row: AppendixRow) -> list[Planned]:
        """Return the task that had the number, unless another row is that task.

        Other appendices have the same numbers: only in a copy, or with words alike, does it count.
        """
        found = [one for one in self._by_number[row.stt] if row.stt and one not in self._met]
        beside = [one for one in found if key(one.task.section) == key(row.section)]
        if not beside and len(found) == 1:
            beside = found
        return [
            one
            for one in beside
            if one.task.import_id in self._copied or _alike(one.task.content, row.content)
        ]


async def repeats(
    session: AsyncSession, started: AppendixImport, rows: Sequence[AppendixRow]
) -> Repeats:
    """Compare the rows of an import, all of them, with what other imports brought to the plan.

    A row is known by the words of a task, by those its file had before somebody corrected, split or
    merged them, and by the units that lead, however they are written: the same file, and the file
    as it was corrected, bring nothing twice.
    """
    tasks = (
        select(Task, AppendixRow)
        .join(AppendixImport, AppendixImport.id == Task.import_id)
        .outerjoin(AppendixRow, AppendixRow.task_id == Task.id)
        .where(*_elsewhere(started))
        .order_by(Task.import_id, Task.position)
    )
    found = (await session.execute(tasks)).all()
    return Repeats([Planned(task, row, _all_keys(task, row)) for task, row in found], rows)


def lacking(found: Repeats) -> list[Remark]:
    """Say which tasks the copy lacks."""
    if not found.lacking:
        return []
    named = "; ".join(f"STT {one.task.number} “{one.task.content}”" for one in found.lacking)
    facts = {"count": len(found.lacking), "named": named}
    return [Remark("import_lacks_planned", Sentence(LACKS, facts))]


def _elsewhere(started: AppendixImport) -> tuple[ColumnElement[bool], ...]:
    return (
        Task.plan_id == started.plan_id,
        AppendixImport.id != started.id,
        AppendixImport.state != "discarded",
    )


def _all_keys(task: Task, row: AppendixRow | None) -> frozenset[Key]:
    said = [] if row is None else row.sources
    return frozenset(
        {
            same_task(task.content, task.lead_text, task.deadline_text),
            *(_keys(row) if row else ()),
            *(same_task(one["content"], one["lead_text"], one["deadline_text"]) for one in said),
        }
    )


def _keys(row: AppendixRow) -> Iterator[Key]:
    yield same_task(row.content, row.lead_text, row.deadline_text)
    if row.lead_unit_ids:
        yield ("units", *same_task(row.content, _units(row.lead_unit_ids), row.deadline_text))


def _identity(row: AppendixRow) -> Key:
    """Return what two rows of one file share when nothing tells them apart."""
    words = (row.product, row.subject_matter, row.coordinating_text, _units(row.lead_unit_ids))
    more = tuple(map(key, words))
    return (*same_task(row.content, row.lead_text, row.deadline_text), *more, *_days(row.deadline))


def _units(ids: Iterable[UUID]) -> str:
    return " ".join(sorted(map(str, ids)))


def _days(deadline: Mapping[str, Any]) -> list[str]:
    return [str(one["due_on"]) for one in deadline["occurrences"]]


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, key(one), key(other), autojunk=False).ratio() >= ALIKE


def _otherwise(row: AppendixRow, planned: Planned) -> Remark:
    """Ask: the plan has the task with other words."""
    what = [
        Sentence(OTHER[name], {"words": getattr(planned.task, name)})
        for name in OTHER
        if key(getattr(row, name)) not in planned.written(name)
    ]
    facts = {"number": planned.task.number, "what": in_a_row(what or [Sentence("…")], ", ")}
    return _of_row(row, "row_planned_otherwise", Sentence(OTHERWISE, facts))


def _kept(row: AppendixRow, planned: Planned) -> tuple[Remark, ...]:
    """Say what the plan keeps although the file now says otherwise."""
    facts = {name: {"words": getattr(planned.task, name)} for name in OLD}
    before = planned.row.deadline if planned.row else row.deadline
    facts["deadline_text"]["days"] = ", ".join(
        day_text(date.fromisoformat(one["due_on"])) if one["due_on"] else "–"
        for one in before["occurrences"]
    )
    what = [Sentence(OLD[name], facts[name]) for name in OLD if _changed(row, planned, name)]
    if not what:
        return ()
    sentence = Sentence(KEPT, {"what": in_a_row(what, "; ")})
    return (_of_row(row, "row_plan_keeps", sentence),)


def _changed(row: AppendixRow, planned: Planned, name: str) -> bool:
    if name == "deadline_text":
        return planned.row is not None and _days(planned.row.deadline) != _days(row.deadline)
    if key(getattr(row, name)) in planned.written(name):
        return False
    if name == "product" or planned.row is None or not row.coordinating_unit_ids:
        return True
    return set(row.coordinating_unit_ids) != set(planned.row.coordinating_unit_ids)


def _of_row(row: AppendixRow, code: str, remark: Sentence) -> Remark:
    return Remark(code, Sentence(OF_ROW, {"stt": row.stt, "remark": remark}))
