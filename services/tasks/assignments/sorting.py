"""In which order a list of assignments comes: any column, up or down, several in a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from sqlalchemy import ColumnElement, Date, Select, case, func, literal_column
from sqlalchemy.orm import QueryableAttribute

from chassis.errors import BadRequest
from chassis.words import N_
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.assignments.indexes import EARLIEST, LATEST
from tasks.assignments.models import Assignment
from tasks.directory.models import Person, Unit
from tasks.plans.models import Task

Key = ColumnElement[Any] | QueryableAttribute[Any]
MOST = 4
_UNKNOWN = N_("Không sắp xếp được theo «{asked}». Các cột sắp xếp được: {known}")
_TWICE = N_("Cột «{asked}» được ghi nhiều lần trong thứ tự sắp xếp")
_TOO_MANY = N_("Chỉ sắp xếp theo nhiều nhất {most} cột")


@dataclass(frozen=True)
class Sorting:
    """What one column sorts by. `falling`: by what downwards, where that is not the reverse.

    What has no value stands last both ways. `joins`: the table the keys are in.
    """

    rising: tuple[Key, ...]
    falling: tuple[Key, ...] | None = None
    joins: Any = None

    def keys(self, *, falls: bool) -> tuple[Key, ...]:
        """Return the keys of one direction."""
        if not falls:
            return self.rising
        return self.falling or tuple(key.desc() for key in self.rising)


@dataclass(frozen=True)
class Order:
    """The keys of a list, ending in the id, and the tables they need."""

    keys: tuple[Key, ...]
    joins: tuple[Any, ...]

    def joined(self, statement: Select[Any]) -> Select[Any]:
        """Join what the keys are in."""
        for table in self.joins:
            statement = _JOINS[table](statement)
        return statement


def order_of(sort: str) -> Order:
    """Return the order of `due_on,-unit`; by number where none is asked for.

    Raises BadRequest `sort_unknown`.
    """
    asked = [name.strip() for name in sort.split(",") if name.strip()] or ["number"]
    names = [name.removeprefix("-") for name in asked]
    _check(names)
    keys: list[Key] = []
    for whole, name in zip(asked, names, strict=True):
        keys += SORTINGS[name].keys(falls=whole.startswith("-"))
    last: Key = Assignment.id.desc() if asked[-1].startswith("-") else Assignment.id
    joins = dict.fromkeys(SORTINGS[name].joins for name in names if SORTINGS[name].joins)
    return Order((*keys, last), tuple(joins))


def _check(names: Sequence[str]) -> None:
    for name in names:
        if name not in SORTINGS:
            raise _refused(_UNKNOWN, asked=name, known=", ".join(sorted(SORTINGS)))
        if names.count(name) > 1:
            raise _refused(_TWICE, asked=name)
    if len(names) > MOST:
        raise _refused(_TOO_MANY, most=MOST)


def _refused(template: str, **facts: Any) -> BadRequest:
    return BadRequest(template, code="sort_unknown", **facts)


def _day(column: QueryableAttribute[date | None]) -> Sorting:
    """Sort by a day; written as the indexes are, so that they serve."""
    last, first = (literal_column(f"DATE '{day}'", Date) for day in (LATEST, EARLIEST))
    return Sorting((func.coalesce(column, last),), (func.coalesce(column, first).desc(),))


def _ranked(column: QueryableAttribute[Any], words: Any) -> Sorting:
    """Sort by the order in which a contract names its words."""
    ranks = {word: rank for rank, word in enumerate(get_args(words))}
    return Sorting((case(ranks, value=column, else_=len(ranks)),))


_NOBODY = case((Person.id.is_(None), 1), else_=0)
_NAME = func.coalesce(Person.sort_key, "")
_SOURCE = func.coalesce(Task.source_number, Task.source_title, "")
_OF_PLAN = case((_SOURCE == "", 1), else_=0)
SORTINGS: dict[str, Sorting] = {
    "number": Sorting((Assignment.year, Assignment.sequence)),
    "plan": Sorting((Assignment.year, Assignment.plan_id)),
    "section": Sorting((Assignment.year, Assignment.plan_id, Task.position), joins=Task),
    "content": Sorting((Task.content_key,), joins=Task),
    "source": Sorting((_OF_PLAN, _SOURCE), (_OF_PLAN, _SOURCE.desc()), joins=Task),
    "unit": Sorting((Unit.sort_order, Unit.id), joins=Unit),
    "person": Sorting((_NOBODY, _NAME), (_NOBODY, _NAME.desc()), joins=Person),
    "deadline_kind": _ranked(Assignment.deadline_kind, DeadlineKind),
    "starts_on": _day(Assignment.starts_on),
    "due_on": _day(Assignment.due_on),
    "status": _ranked(Assignment.status, AssignmentStatus),
    "progress": Sorting((Assignment.progress_percent,)),
    "submitted_on": _day(Assignment.submitted_on),
}
_JOINS: dict[Any, Callable[[Select[Any]], Select[Any]]] = {
    Task: lambda s: s.join(Task, Task.id == Assignment.task_id),
    Unit: lambda s: s.join(Unit, Unit.id == Assignment.unit_id),
    Person: lambda s: s.outerjoin(Person, Person.id == Assignment.accountable_person_id),
}
