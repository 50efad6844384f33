"""The columns a list of assignments can be taken away with, and the follow-up sheet among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import QueryableAttribute, aliased

from chassis.documents.sheet import Kind, Value
from chassis.errors import BadRequest
from chassis.i18n import Language, say
from chassis.words import N_
from contracts.tasks import AssignmentStatus
from tasks.assignments.domain import OPEN, is_overdue
from tasks.assignments.models import Assignment, Entry, Result
from tasks.directory.models import Person
from tasks.ladder.domain import Lateness
from tasks.plans.models import Plan, Task

FOLLOW_UP = "follow_up"
USUAL = (
    "number", "content", "product", "unit", "coordinating", "person", "deadline_kind", "due_on",
    "status", "progress",
)  # fmt: skip
FOLLOWED = (
    "number", "content", "head", "unit", "coordinating", "person", "starts_on", "due_on", "section",
    "source", "status", "result", "progress", "difficulty", "proposal", "id", "assigned_by",
    "schedule", "updated", "finished", "extensions", "old_due_on", "approved_by", "days_overdue",
    "remark",
)  # fmt: skip
"""What a superior's unit asks for; what is not kept here stays empty, to be filled in by hand."""
_UNKNOWN = N_("Không có cột «{asked}». Các cột xuất được: {known}, hoặc {ready}")
_REPEATED = N_("Cột «{asked}» được ghi nhiều lần")

STATUS_WORDS: dict[AssignmentStatus, str] = {
    "not_started": N_("Chưa thực hiện"),
    "in_progress": N_("Đang thực hiện"),
    "submitted": N_("Chờ duyệt kết quả"),
    "returned": N_("Trả lại"),
    "done": N_("Hoàn thành"),
    "cancelled": N_("Đã hủy"),
}
KIND_WORDS: dict[str, str] = {
    "fixed": N_("Ngày cố định"),
    "recurring": N_("Định kỳ"),
    "continuous": N_("Thường xuyên"),
    "triggered": N_("Theo sự kiện"),
    "needs_person": N_("Cần người xác định"),
}
PAUSED = N_("Tạm dừng")
DONE_LATE, DONE_IN_TIME = N_("Hoàn thành quá hạn"), N_("Hoàn thành đúng hạn")
NOT_DONE_LATE = N_("Quá hạn chưa hoàn thành")

Reads = Sequence[ColumnElement[Any] | QueryableAttribute[Any]]


@dataclass(frozen=True)
class Reader:
    """What values are made with: day, lateness, language, and the names of units by id."""

    today: date
    late: Lateness
    language: Language
    units: Mapping[UUID, str]


@dataclass(frozen=True)
class Taken:
    """A column to take away: what it reads, from which joins, and what stands in the cell.

    `value` takes the reader and what was read; None: what was read, as it is.
    """

    heading: str
    width: int
    reads: Reads = ()
    kind: Kind = "text"
    value: Callable[..., Value] | None = None
    joins: tuple[str, ...] = ()


def columns_of(asked: str) -> list[Taken]:
    """Return the columns of `number,content`, of a ready view, or the usual ones.

    Raises BadRequest `column_unknown`.
    """
    ready = {"": USUAL, FOLLOW_UP: FOLLOWED}
    names = ready.get(asked) or [name.strip() for name in asked.split(",") if name.strip()]
    for name in names:
        if name not in COLUMNS:
            known = ", ".join(sorted(COLUMNS))
            raise _refused(_UNKNOWN, asked=name, known=known, ready=FOLLOW_UP)
        if list(names).count(name) > 1:
            raise _refused(_REPEATED, asked=name)
    return [COLUMNS[name] for name in names]


def selected(columns: Sequence[Taken]) -> Select[Any]:
    """Return a select over `assignment` of everything the columns read, one after the other."""
    reads = [read for column in columns for read in column.reads]
    statement: Select[Any] = select(*reads).select_from(Assignment)
    for name in dict.fromkeys(name for column in columns for name in column.joins):
        statement = _JOINS[name](statement)
    return statement


def values(columns: Sequence[Taken], reader: Reader) -> Callable[[Sequence[Any]], list[Value]]:
    """Return what makes the cells of a line out of a row of `selected`."""
    places, start = [], 0
    for column in columns:
        places.append((column.value, start, start + len(column.reads)))
        start += len(column.reads)

    def line(row: Sequence[Any]) -> list[Value]:
        return [
            row[begin] if value is None else value(reader, *row[begin:end])
            for value, begin, end in places
        ]

    return line


def _refused(template: str, **facts: Any) -> BadRequest:
    return BadRequest(template, code="column_unknown", **facts)


# ---------------------------------------------------------------- what is read

_task, _plan, _person = aliased(Task), aliased(Plan), aliased(Person)
_decider, _head = aliased(Person), aliased(Person)
_result = (
    select(Result.note, Result.decided_by, Result.status)
    .where(Result.assignment_id == Assignment.id)
    .order_by(Result.submitted_at.desc(), Result.id.desc())
    .limit(1)
    .lateral("latest_result")
)
_entry = (
    select(Entry.at)
    .where(Entry.assignment_id == Assignment.id)
    .order_by(Entry.version.desc())
    .limit(1)
    .lateral("latest_entry")
)
_trouble = (
    select(Entry.difficulty)
    .where(Entry.assignment_id == Assignment.id, Entry.difficulty.is_not(None))
    .order_by(Entry.version.desc())
    .limit(1)
    .lateral("latest_difficulty")
)
_leader = (
    select(_head.name)
    .where(_head.unit_id == Assignment.unit_id, _head.role == "unit_head", _head.active)
    .order_by(_head.sort_key, _head.id)
    .limit(1)
    .scalar_subquery()
)
_JOINS: dict[str, Callable[[Select[Any]], Select[Any]]] = {
    "task": lambda s: s.join(_task, _task.id == Assignment.task_id),
    "plan": lambda s: s.join(_plan, _plan.id == Assignment.plan_id),
    "person": lambda s: s.outerjoin(_person, _person.id == Assignment.accountable_person_id),
    "result": lambda s: s.outerjoin(_result, true()),
    "decider": lambda s: s.outerjoin(_decider, _decider.id == _result.c.decided_by),
    "entry": lambda s: s.outerjoin(_entry, true()),
    "trouble": lambda s: s.outerjoin(_trouble, true()),
}


# ---------------------------------------------------------------- what stands in a cell


def _unit(reader: Reader, id_: UUID) -> str:
    return reader.units.get(id_, "")


def _units(reader: Reader, ids: Sequence[UUID]) -> str:
    return "; ".join(reader.units.get(id_, "") for id_ in ids)


def _kind(reader: Reader, kind: str) -> str:
    return say(KIND_WORDS[kind], reader.language)


def _standing(
    reader: Reader,
    status: AssignmentStatus,
    due_on: date | None,
    submitted_on: date | None,
    paused_on: date | None,
    plan_status: str,
) -> str:
    """Return the status in words, with the deadline in it: as officials write it."""
    words = STATUS_WORDS[status]
    if due_on is not None and plan_status != "draft":
        if status == "done" and submitted_on is not None:
            words = DONE_LATE if submitted_on > due_on else DONE_IN_TIME
        elif paused_on is not None:
            words = PAUSED
        elif status in OPEN and due_on < reader.today:
            words = NOT_DONE_LATE
    return say(words, reader.language)


def _overdue(
    reader: Reader,
    status: AssignmentStatus,
    due_on: date | None,
    paused_on: date | None,
    plan_status: str,
) -> int | None:
    if due_on is None or plan_status == "draft":
        return None
    late = is_overdue(status, due_on, reader.today, paused=paused_on is not None)
    return reader.late.of(due_on) if late else None


def _nothing(_: Reader) -> None:
    return None


def _source(_: Reader, number: str | None, title: str) -> str:
    return number or title


def _given_by(
    _: Reader, number: str | None, title: str | None, plan_number: str | None, plan_title: str
) -> str:
    """Return the document that gave it: its own, else the plan."""
    return number or title or plan_number or plan_title


def _schedule(_: Reader, words: str, occurrence: str) -> str:
    return f"{words} ({occurrence})" if occurrence else words


def _id(_: Reader, id_: UUID) -> str:
    return str(id_)


A = Assignment
_STANDING: Reads = (A.status, A.due_on, A.submitted_on, A.paused_on, _plan.status)
COLUMNS: dict[str, Taken] = {
    "number": Taken(N_("Số"), 14, (A.number,)),
    "plan": Taken(N_("Kế hoạch"), 24, (_plan.number, _plan.title), value=_source, joins=("plan",)),
    "section": Taken(N_("Mục"), 24, (_task.section,), joins=("task",)),
    "task_number": Taken(N_("Số thứ tự trong phụ lục"), 10, (_task.number,), joins=("task",)),
    "content": Taken(N_("Nội dung nhiệm vụ"), 50, (_task.content,), joins=("task",)),
    "product": Taken(N_("Sản phẩm"), 30, (_task.product,), joins=("task",)),
    "occurrence": Taken(N_("Kỳ"), 14, (A.occurrence,)),
    "unit": Taken(N_("Đơn vị chủ trì"), 24, (A.unit_id,), value=_unit),
    "coordinating": Taken(N_("Đơn vị phối hợp"), 30, (A.coordinating_unit_ids,), value=_units),
    "person": Taken(N_("Người chịu trách nhiệm"), 22, (_person.name,), joins=("person",)),
    "head": Taken(N_("Lãnh đạo đơn vị phụ trách"), 22, (_leader,)),
    "deadline_kind": Taken(N_("Loại thời hạn"), 14, (A.deadline_kind,), value=_kind),
    "schedule": Taken(
        N_("Thời hạn theo kế hoạch"), 24, (_task.deadline_text, A.occurrence),
        value=_schedule, joins=("task",),
    ),
    "starts_on": Taken(N_("Ngày bắt đầu"), 12, (A.starts_on,), "day"),
    "due_on": Taken(N_("Hạn hoàn thành"), 12, (A.due_on,), "day"),
    "status": Taken(N_("Tình trạng"), 18, _STANDING, value=_standing, joins=("plan",)),
    "progress": Taken(N_("Mức độ hoàn thành"), 12, (A.progress_percent,), "percent"),
    "submitted_on": Taken(N_("Ngày gửi kết quả"), 12, (A.submitted_on,), "day"),
    "finished": Taken(N_("Ngày hoàn thành thực tế"), 17, (A.accepted_at,), "instant"),
    "days_overdue": Taken(
        N_("Số ngày làm việc quá hạn"), 10, (A.status, A.due_on, A.paused_on, _plan.status),
        "number", _overdue, ("plan",),
    ),
    "source": Taken(
        N_("Văn bản giao nhiệm vụ"), 24,
        (_task.source_number, _task.source_title, _plan.number, _plan.title),
        value=_given_by, joins=("task", "plan"),
    ),
    "kpi_group": Taken(N_("Nhóm KPI"), 8, (_task.kpi_group,), joins=("task",)),
    "kpi_code": Taken(N_("Mã KPI"), 12, (_task.kpi_code,), joins=("task",)),
    "result": Taken(N_("Kết quả thực hiện"), 40, (_result.c.note,), joins=("result",)),
    "approved_by": Taken(
        N_("Người duyệt"), 22, (_decider.name,), joins=("result", "decider")
    ),
    "difficulty": Taken(
        N_("Khó khăn, vướng mắc"), 30, (_trouble.c.difficulty,), joins=("trouble",)
    ),
    "updated": Taken(N_("Cập nhật lần cuối"), 17, (_entry.c.at,), "instant", joins=("entry",)),
    "assigned_by": Taken(
        N_("Đơn vị giao"), 24, (_plan.unit_id,), value=_unit, joins=("plan",)
    ),
    "id": Taken(N_("Mã định danh"), 38, (A.id,), value=_id),
    "proposal": Taken(N_("Đề xuất, kiến nghị"), 30, value=_nothing),
    "extensions": Taken(N_("Số lần gia hạn"), 10, (A.extended_times,), "number"),
    "old_due_on": Taken(N_("Hạn trước khi gia hạn"), 12, (A.first_due_on,), "day"),
    "remark": Taken(N_("Ghi chú"), 24, value=_nothing),
}  # fmt: skip
