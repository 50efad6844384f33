"""How much of a plan an act would touch, and what still stands against issuing it."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from tasks.assignments.domain import LIVE, OPEN
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.directory.models import Person, Unit
from tasks.plans.actions import document
from tasks.plans.domain import missing
from tasks.plans.models import Plan, Task
from tasks.plans.objectives import unserved

TOLD = ("director", "office", "unit_head")
"""Whose bell says that a plan takes effect, changes or is cancelled: docs/notifications.md."""
MOST_NAMED = 100


class OfUnit(ResponseBody):
    """What a unit gets. `people`: who of it is told; `asked`: who is to take note of the plan."""

    unit_id: UUID
    unit_name: str
    assignments: int
    overdue: int
    needs_person: int
    people: int
    asked: int


class Waiting(ResponseBody):
    """An assignment whose deadline waits for a person."""

    id: UUID
    number: str
    content: str
    unit_name: str
    deadline_text: str


class Lacking(ResponseBody):
    """What the document lacks to be issued. `pointer`: the field of the plan."""

    pointer: str
    message: str


class Consequences(ResponseBody):
    """What issuing or cancelling a plan touches.

    `assignments`: all it has. `live`: not done, so that cancelling ends them. `overdue`: past their
    day, so that their units are reminded at once. `units`: that lead one. `people`: who is told.
    `asked`: who is to take note. `waiting`: the first whose deadline waits for a person, of
    `needs_person`. `missing`: what must be entered before the plan can be issued.
    """

    assignments: int
    live: int
    overdue: int
    units: int
    people: int
    asked: int
    needs_person: int
    by_unit: list[OfUnit]
    waiting: list[Waiting]
    objectives_without_task: list[str]
    missing: list[Lacking]


async def consequences(
    session: AsyncSession, actor: Actor, plan: Plan, at: Moment, language: Language
) -> Consequences:
    """Count for one plan."""
    by_unit = await _by_unit(session, actor, plan, at.today)
    mine = Assignment.plan_id == plan.id
    live = select(func.count()).where(mine, Assignment.status.in_(sorted(LIVE)))
    lacking = missing(document(plan), at.today) if plan.status == "draft" else []
    return Consequences(
        assignments=sum(each.assignments for each in by_unit),
        live=(await session.execute(live)).scalar_one(),
        overdue=sum(each.overdue for each in by_unit),
        units=sum(each.assignments > 0 for each in by_unit),
        people=sum(each.people for each in by_unit),
        asked=sum(each.asked for each in by_unit),
        needs_person=sum(each.needs_person for each in by_unit),
        by_unit=by_unit,
        waiting=await _waiting(session, plan.id),
        objectives_without_task=unserved(plan.objectives),
        missing=[
            Lacking(pointer=each.pointer, message=say(each.sentence, language)) for each in lacking
        ],
    )


async def _by_unit(session: AsyncSession, actor: Actor, plan: Plan, today: date) -> list[OfUnit]:
    owed = Assignment.status.in_(sorted(OPEN)) & Assignment.paused_on.is_(None)
    late = owed & (Assignment.due_on < today)
    counts = (
        select(
            Assignment.unit_id.label("unit_id"),
            func.count().label("assignments"),
            func.count().filter(late).label("overdue"),
            func.count().filter(_needs_person()).label("needs_person"),
        )
        .where(Assignment.plan_id == plan.id)
        .group_by(Assignment.unit_id)
        .subquery()
    )
    asked = Person.unit_id.in_(plan.recipient_unit_ids) & (Person.role != "external_system")
    others = Person.id != actor.person_id
    people = (
        select(
            Person.unit_id.label("unit_id"),
            func.count().filter(or_(Person.role.in_(TOLD), asked) & others).label("people"),
            func.count().filter(asked).label("asked"),
        )
        .where(Person.active)
        .group_by(Person.unit_id)
        .subquery()
    )
    names = ("assignments", "overdue", "needs_person")
    columns = [func.coalesce(counts.c[name], 0).label(name) for name in names]
    told = [func.coalesce(people.c[name], 0).label(name) for name in ("people", "asked")]
    statement = (
        select(Unit.id.label("unit_id"), Unit.name.label("unit_name"), *columns, *told)
        .outerjoin(counts, counts.c.unit_id == Unit.id)
        .outerjoin(people, people.c.unit_id == Unit.id)
        .where(or_(counts.c.assignments > 0, people.c.people > 0, people.c.asked > 0))
        .order_by(Unit.sort_order, Unit.id)
    )
    rows = (await session.execute(statement)).all()
    return [OfUnit.model_validate(row) for row in rows]


async def _waiting(session: AsyncSession, plan_id: UUID) -> list[Waiting]:
    statement = (
        select(
            Assignment.id,
            Assignment.number,
            Task.content,
            Unit.name.label("unit_name"),
            Task.deadline_text,
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.plan_id == plan_id, _needs_person())
        .order_by(Assignment.year, Assignment.sequence)
        .limit(MOST_NAMED)
    )
    rows = (await session.execute(statement)).all()
    return [Waiting.model_validate(row) for row in rows]


def _needs_person() -> ColumnElement[bool]:
    open_ = Assignment.status.in_(sorted(LIVE))
    return (Assignment.deadline_kind == "needs_person") & open_
