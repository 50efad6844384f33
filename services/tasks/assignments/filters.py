"""What a list of assignments is narrowed to; every list, count and file asks the same way."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from chassis.access import Actor
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.access import RIGHTS
from tasks.assignments.asked import OWED, Contribution, Question
from tasks.assignments.domain import LIVE, OPEN
from tasks.assignments.indexes import EARLIEST, LATEST
from tasks.assignments.models import (
    AT_WORK,
    LONGEST_WORD,
    Assignment,
    AssignmentWords,
    Result,
    ResultFile,
)
from tasks.assignments.scope import scope
from tasks.directory.models import Person
from tasks.plans.models import Plan, Task
from tasks.words import key

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
HANDED_IN = ("submitted", "done")
_ADDRESSED = {
    "plan_ids": "plan_id", "unit_ids": "unit_id", "statuses": "status",
    "deadline_kinds": "deadline_kind", "words": "q", "ids": "id",
}  # fmt: skip
DRAFTS = select(Plan.id).where(Plan.status == "draft")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; several of one kind: any of them. All kinds together: and.

    `ids`: these alone. `source`: the document that gave it has this in its number or title.
    `person_id`: the accountable person. `late`: overdue, or handed in after the due day.
    `no_evidence`: handed in without a file. `in_force`: of issued plans, and there only what no
    other plan goes on with.
    `contribution_of`: this unit owes a contribution. `contribution_given`: one waits to be decided.
    `unanswered`: a question about it waits for the Office. `update_owed`: continuous, and a quarter
    ended without a word about it.
    `extension_requested`, `extended`: a later deadline is asked for, was granted.
    `extension_to_decide`: one is asked for that whoever looks may decide. `paused`: nobody owes it
    now; `not_paused`: the others. `words`: beginnings of words, in any order, accents aside.
    """

    plan_ids: tuple[UUID, ...] = ()
    unit_ids: tuple[UUID, ...] = ()
    section: str = ""
    source: str = ""
    person_id: UUID | None = None
    statuses: tuple[AssignmentStatus, ...] = ()
    deadline_kinds: tuple[DeadlineKind, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    overdue: bool = False
    late: bool = False
    no_evidence: bool = False
    needs_person: bool = False
    accountable_lost: bool = False
    in_force: bool = False
    extension_requested: bool = False
    extension_to_decide: bool = False
    extended: bool = False
    paused: bool = False
    not_paused: bool = False
    contribution_of: UUID | None = None
    contribution_given: bool = False
    unanswered: bool = False
    update_owed: bool = False
    words: str = ""
    ids: tuple[UUID, ...] = ()

    def query(self) -> str:
        """Return the query of the address of this list."""
        given = (
            (_ADDRESSED.get(one.name, one.name), getattr(self, one.name)) for one in fields(self)
        )
        return urlencode([(n, "true" if v is True else v) for n, v in given if v], doseq=True)


def narrowed(statement: S, actor: Actor, filters: Filters, today: date) -> S:
    """Narrow a statement over `assignment` to what the actor may see of what is asked for."""
    return scope(statement.where(*_asked_by(actor, filters, today)), actor)


def fits(actor: Actor, filters: Filters, today: date) -> ColumnElement[bool]:
    """Return the condition that an assignment of the actor's scope is what is asked for."""
    return and_(true(), *_asked_by(actor, filters, today))


def _asked_by(actor: Actor, filters: Filters, today: date) -> list[ColumnElement[bool]]:
    if actor.reach is not None and (
        filters.accountable_lost or filters.person_id or filters.unanswered
    ):
        return [false()]  # about people and their words: no partner's business
    asked = _conditions(filters, today)
    return [*asked, to_decide(actor)] if filters.extension_to_decide else asked


def overdue(today: date) -> ColumnElement[bool]:
    """Return the condition of what the units still owe past the day."""
    late = and_(Assignment.status.in_(sorted(OPEN)), Assignment.due_on < today)
    return and_(late, issued(), ~paused())


def paused() -> ColumnElement[bool]:
    """Return the condition that nobody owes it for now."""
    return Assignment.paused_on.is_not(None)


def issued() -> ColumnElement[bool]:
    """Return the condition that the plan is no draft: under a draft nothing is due."""
    return Assignment.plan_id.not_in(DRAFTS)


def _conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    given: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
        (filters.plan_ids, Assignment.plan_id.in_),
        (filters.unit_ids, Assignment.unit_id.in_),
        (filters.section, lambda section: Assignment.task_id.in_(_of_section(section))),
        (filters.source.strip(), lambda words: Assignment.task_id.in_(_given_by(words))),
        (filters.person_id, lambda id_: Assignment.accountable_person_id == id_),
        (filters.statuses, Assignment.status.in_),
        (filters.deadline_kinds, Assignment.deadline_kind.in_),
        (filters.due_from, lambda day: and_(_dated(), _due_or(LATEST) >= day)),
        (filters.due_to, _due_to),
        (filters.overdue, lambda _: overdue(today)),
        (filters.late, lambda _: _late(today)),
        (filters.no_evidence, lambda _: _no_evidence()),
        (filters.needs_person, lambda _: Assignment.deadline_kind == "needs_person"),
        (filters.accountable_lost, lambda _: _accountable_lost()),
        (filters.in_force, lambda _: and_(issued(), Assignment.carried_to_id.is_(None))),
        (filters.extension_requested, lambda _: Assignment.requested_due_on.is_not(None)),
        (filters.extended, lambda _: Assignment.first_due_on.is_not(None)),
        (filters.paused, lambda _: paused()),
        (filters.not_paused, lambda _: ~paused()),
        (filters.contribution_of, _contribution_of),
        (filters.contribution_given, lambda _: _contribution_given()),
        (filters.unanswered, lambda _: _unanswered()),
        (filters.update_owed, lambda _: _update_owed()),
        (filters.ids, Assignment.id.in_),
    ]
    return [condition(value) for value, condition in given if value] + _words(filters.words)


def to_decide(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a later deadline is asked for that the actor may decide."""
    act, own = "assignment.decide_extension", Assignment.unit_id == actor.unit_id
    at_home = true() if RIGHTS.may(actor, act, actor.unit_id) else false()
    elsewhere = true() if RIGHTS.may(actor, act) else false()
    theirs = or_(and_(own, at_home), and_(~own, elsewhere))
    return and_(Assignment.requested_due_on.is_not(None), theirs)


def _dated() -> ColumnElement[bool]:
    return Assignment.due_on.is_not(None)


def _due_or(day: str) -> ColumnElement[date]:
    """Return the due day as an index has it: a month is found there, not behind all before it."""
    return func.coalesce(Assignment.due_on, literal_column(f"DATE '{day}'", Date))


def _due_to(day: date) -> ColumnElement[bool]:
    """Say it by both indexes: lists that rise end there, those that fall begin."""
    return and_(_dated(), _due_or(LATEST) <= day, _due_or(EARLIEST) <= day)


def _contribution_of(unit_id: UUID) -> ColumnElement[bool]:
    owed = select(Contribution.assignment_id).where(
        Contribution.unit_id == unit_id, Contribution.status.in_(OWED)
    )
    live = Assignment.status.in_(sorted(LIVE))
    return and_(Assignment.id.in_(owed), live, Assignment.carried_to_id.is_(None), ~paused())


def _contribution_given() -> ColumnElement[bool]:
    given = select(Contribution.assignment_id).where(Contribution.status == "given")
    live = Assignment.status.in_(sorted(LIVE))
    return and_(Assignment.id.in_(given), live, Assignment.carried_to_id.is_(None))


def _update_owed() -> ColumnElement[bool]:
    owed = and_(Assignment.status.in_(sorted(OPEN)), Assignment.carried_to_id.is_(None), ~paused())
    silent = Assignment.overdue_announced_for.is_not(None)
    return and_(Assignment.deadline_kind == "continuous", silent, owed)


def _unanswered() -> ColumnElement[bool]:
    open_ones = select(Question.assignment_id).where(Question.status == "open")
    return Assignment.id.in_(open_ones)


def _of_section(section: str) -> Select[UUID]:
    return select(Task.id).where(Task.section == section)


def _given_by(words: str) -> Select[UUID]:
    named = (Task.source_number, Task.source_title)
    return select(Task.id).where(or_(*(each.icontains(words, autoescape=True) for each in named)))


def _words(asked: str) -> list[ColumnElement[bool]]:
    """Look for each word; what is asked for without having one ("%") is found nowhere."""
    words = key(asked).split()
    if asked.strip() and not words:
        return [false()]
    if not words:
        return []
    query = " & ".join(_beginning(word[:LONGEST_WORD]) for word in words)
    asked_for = AssignmentWords.words.bool_op("@@")(cast(cast(literal(query), Text), TSQUERY))
    return [Assignment.id.in_(select(AssignmentWords.assignment_id).where(asked_for))]


def _beginning(word: str) -> str:
    """Ask for what begins so; also for the word itself, whose number of rows the planner knows.

    `key` leaves letters and digits only: nothing in a word can end its quotes.
    """
    return f"('{word}' | '{word}':*)"


def _late(today: date) -> ColumnElement[bool]:
    handed_in = Assignment.status.in_(HANDED_IN)
    after = and_(handed_in, Assignment.submitted_on > Assignment.due_on, issued())
    return or_(overdue(today), after)


def _no_evidence() -> ColumnElement[bool]:
    with_file = (
        select(ResultFile.file_id)
        .join(Result, Result.id == ResultFile.result_id)
        .where(Result.assignment_id == Assignment.id, Result.status != "returned")
    )
    return and_(Assignment.status.in_(HANDED_IN), ~exists(with_file))


def _accountable_lost() -> ColumnElement[bool]:
    """Say of many at once what `Assignment.accountable_lost` says of one."""
    counted_on = select(Person.id, Person.unit_id).where(Person.active, Person.role.in_(AT_WORK))
    person = tuple_(Assignment.accountable_person_id, Assignment.unit_id)
    named = Assignment.accountable_person_id.is_not(None)
    return and_(Assignment.status.in_(sorted(LIVE)), named, person.not_in(counted_on))
