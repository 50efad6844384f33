"""Which assignments a list holds, and how many there are."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus
from tasks.assignments.domain import LIVE, OPEN
from tasks.assignments.models import Assignment
from tasks.assignments.scope import scope
from tasks.directory.models import Person
from tasks.words import key


class ActedOn(NamedTuple):
    """A later deadline is asked for, or was granted; nobody owes it for now."""

    extension_requested: bool
    extended: bool
    paused: bool


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; `words` are looked for in any order, accents aside."""

    plan_id: UUID | None
    unit_id: UUID | None
    status: AssignmentStatus | None
    overdue: bool
    needs_person: bool
    accountable_lost: bool
    words: str
    acted_on: ActedOn


class Counts(ResponseBody):
    """Assignments the caller sees. `all`, `due`: with a due day, neither cancelled nor continuous.

    Of plans in force, or of the one named; of a draft nothing is due and nothing overdue.
    `overdue`: past the day without a result handed in. `waiting`: the Office must decide. What is
    paused stays in `all` and is neither due nor overdue. `extension_requested`: a later deadline
    is asked for.
    """

    all: int
    done: int
    due: int
    done_due: int
    overdue: int
    waiting: int
    needs_person: int
    extension_requested: int
    extended: int
    paused: int


def listed(actor: Actor, filters: Filters, today: date) -> Select[Any]:
    """Select assignments with the accountable person's name."""
    statement: Any = select(Assignment, Person.name).outerjoin(
        Person, Person.id == Assignment.accountable_person_id
    )
    for condition in _conditions(filters, today):
        statement = statement.where(condition)
    if actor.reach is not None and filters.accountable_lost:
        statement = statement.where(false())  # about people: no partner's business
    narrowed: Select[Any] = scope(statement, actor)
    return narrowed


def _conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    given = [
        (filters.plan_id, Assignment.plan_id == filters.plan_id),
        (filters.unit_id, Assignment.unit_id == filters.unit_id),
        (filters.status, Assignment.status == filters.status),
        (filters.overdue, _overdue(today)),
        (filters.needs_person, Assignment.deadline_kind == "needs_person"),
        (filters.accountable_lost, _accountable_lost()),
        (filters.acted_on.extension_requested, Assignment.requested_due_on.is_not(None)),
        (filters.acted_on.extended, Assignment.first_due_on.is_not(None)),
        (filters.acted_on.paused, _paused()),
    ]
    return [condition for value, condition in given if value] + _words(filters.words)


def _words(asked: str) -> list[ColumnElement[bool]]:
    """Look for each word; what is asked for without having one ("%") is found nowhere."""
    words = key(asked).split()
    if asked.strip() and not words:
        return [false()]
    return [Assignment.search_text.contains(word, autoescape=True) for word in words]


def _overdue(today: date) -> ColumnElement[bool]:
    late = and_(Assignment.status.in_(sorted(OPEN)), Assignment.due_on < today)
    return and_(late, ~Assignment.in_draft, ~_paused())


def _paused() -> ColumnElement[bool]:
    return Assignment.paused_on.is_not(None)


def _accountable_lost() -> ColumnElement[bool]:
    live = Assignment.status.in_(sorted(LIVE))
    return and_(live, Assignment.accountable_lost.is_not(None))


async def count(session: AsyncSession, actor: Actor, plan_id: UUID | None, today: date) -> Counts:
    """Count in one statement."""
    counted = and_(
        Assignment.due_on.is_not(None),
        Assignment.status != "cancelled",
        Assignment.deadline_kind != "continuous",
    )
    due = and_(Assignment.due_on <= today, ~Assignment.in_draft, ~_paused())
    done = Assignment.status == "done"
    conditions = {
        "all": counted,
        "done": and_(counted, done),
        "due": and_(counted, due),
        "done_due": and_(counted, due, done),
        "overdue": _overdue(today),
        "waiting": Assignment.status == "submitted",
        "needs_person": Assignment.deadline_kind == "needs_person",
        "extension_requested": Assignment.requested_due_on.is_not(None),
        "extended": Assignment.first_due_on.is_not(None),
        "paused": _paused(),
    }
    columns = [func.count().filter(test).label(name) for name, test in conditions.items()]
    statement = select(*columns).select_from(Assignment)
    of_plans = ~Assignment.in_draft if plan_id is None else Assignment.plan_id == plan_id
    statement = statement.where(of_plans)
    row = (await session.execute(scope(statement, actor))).one()
    return Counts.model_validate(row)
