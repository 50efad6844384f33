"""Writing a row by hand: a task of the plan, and an assignment for each unit and occurrence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from contracts.tasks import AssignmentCreated
from tasks.assignments.models import Assignment
from tasks.assignments.numbers import take_numbers
from tasks.assignments.record import Step, create
from tasks.by_hand.domain import Row, check
from tasks.calendar.moment import Moment, moment
from tasks.deadlines import Deadline, read_deadline
from tasks.directory.models import Person, Unit
from tasks.imports.expansion import assignment_of
from tasks.imports.frame import frame_of
from tasks.plans.actions import find
from tasks.plans.domain import check_status
from tasks.plans.models import Plan, Task


@dataclass(frozen=True)
class Entered:
    """What a row became. `names`: of the accountable people, by id."""

    deadline: Deadline
    assignments: Sequence[Assignment]
    names: Mapping[UUID, str]
    at: Moment


async def enter(
    session: AsyncSession, actor: Actor, plan_id: UUID, row: Row, *, preview: bool
) -> Entered:
    """Write a row into a plan; in one that is in force its people are told at once.

    `preview`: read it, and keep nothing. Raises NotFound, RuleBroken `plan_closed` (and
    for other statuses), InputRefused for units and people that cannot be.
    """
    if not preview:
        return await _enter(session, actor, plan_id, row)
    async with session.begin_nested() as point:
        entered = await _enter(session, actor, plan_id, row)
        await point.rollback()
    return entered


async def _enter(session: AsyncSession, actor: Actor, plan_id: UUID, row: Row) -> Entered:
    plan = await find(session, plan_id, lock=True)
    check_status("import", plan.status)
    units, people = await _units(session, row), await _people(session, row)
    check(row, units, {id_: person.unit_id for id_, person in people.items()})
    deadline = read_deadline(row.deadline_text, await frame_of(session, plan, by_hand=True))
    at = await moment(session)
    task = _task(row, plan, deadline, units, await _last_position(session, plan))
    session.add(task)
    await session.flush()
    made = await _assignments(session, row, task, plan, deadline, people, at)
    facts = {"draft": plan.status == "draft"}
    steps = [Step(assignment, "created", AssignmentCreated, facts) for assignment in made]
    await create(session, steps, at, actor)
    numbers = {"plan_id": plan.id, "first": made[0].number, "last": made[-1].number}
    after = {**numbers, "created": len(made)}
    await traces.leave(session, actor, "assignment.create", task.id, now=at.now, after=after)
    return Entered(deadline, made, {id_: person.name for id_, person in people.items()}, at)


async def _units(session: AsyncSession, row: Row) -> dict[UUID, str]:
    ids = [*row.lead_unit_ids, *row.coordinating_unit_ids]
    found = select(Unit.id, Unit.name).where(Unit.id.in_(ids), Unit.active)
    return {row.id: row.name for row in (await session.execute(found)).all()}


async def _people(session: AsyncSession, row: Row) -> dict[UUID, Person]:
    ids = [*row.helper_ids, *([row.accountable_person_id] if row.accountable_person_id else [])]
    if not ids:
        return {}
    found = await session.scalars(select(Person).where(Person.id.in_(ids), Person.active))
    return {person.id: person for person in found}


async def _last_position(session: AsyncSession, plan: Plan) -> int:
    last = select(func.coalesce(func.max(Task.position), 0)).where(Task.plan_id == plan.id)
    return int((await session.execute(last)).scalar_one())


def _task(row: Row, plan: Plan, deadline: Deadline, units: Mapping[UUID, str], last: int) -> Task:
    return Task(
        id=new_id(),
        plan_id=plan.id,
        import_id=None,
        position=last + 1,
        number=row.number,
        section=row.section,
        subject_matter=row.subject_matter,
        content=row.content,
        product=row.product,
        lead_text="; ".join(units[id_] for id_ in row.lead_unit_ids),
        coordinating_text="; ".join(units[id_] for id_ in row.coordinating_unit_ids),
        accountable_unit_id=None,
        deadline_text=deadline.text,
        deadline_kind=deadline.kind,
        deadline_rule=to_jsonable_python(deadline.rule),
        source_number=row.source.number,
        source_issued_on=row.source.issued_on,
        source_title=row.source.title,
        kpi_group=row.kpi_group,
        kpi_code=row.kpi_code,
    )


async def _assignments(
    session: AsyncSession,
    row: Row,
    task: Task,
    plan: Plan,
    deadline: Deadline,
    people: Mapping[UUID, Person],
    at: Moment,
) -> list[Assignment]:
    occurrences: list[dict[str, Any]] = to_jsonable_python(deadline.occurrences)
    count = len(row.lead_unit_ids) * len(occurrences)
    numbers = iter(await take_numbers(session, plan.year, count))
    made = []
    for unit_id in row.lead_unit_ids:
        own = [id_ for id_, person in people.items() if person.unit_id == unit_id]
        for each in occurrences:
            helping = row.coordinating_unit_ids
            new = assignment_of(task, plan, unit_id, helping, each, next(numbers), at)
            new.helper_ids = [id_ for id_ in row.helper_ids if id_ in own]
            if row.accountable_person_id in own:
                new.accountable_person_id = row.accountable_person_id
            _count_from_event(new, row, deadline, at)
            new.in_draft = plan.status == "draft"  # for whoever shows it: it is not read back
            made.append(new)
    return made


def _count_from_event(new: Assignment, row: Row, deadline: Deadline, at: Moment) -> None:
    """Set the due day that so many days after a known event is."""
    if row.happened_on is None or deadline.rule is None:
        return
    due_on = deadline.rule.due_on(row.happened_on, at.calendar)
    new.triggered_on = new.starts_on = row.happened_on
    new.trigger_document, new.due_on = row.happened_in, due_on
    new.last_working_day = at.calendar.last_working_day_on_or_before(due_on)
