"""What one carried row becomes: an assignment of the other plan, and a line on the old one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from contracts.tasks import AssignmentCancelled, AssignmentChanged, AssignmentCreated
from tasks.assignments.domain import assignment_number
from tasks.assignments.models import Assignment
from tasks.assignments.numbers import take_numbers
from tasks.assignments.record import Step
from tasks.calendar.moment import Moment
from tasks.carrying.domain import Deadline, How, deadline_after, status_after_carrying
from tasks.imports.expansion import search_text
from tasks.plans.models import Plan, Task


class Order(Protocol):
    """How, and each row's new day."""

    @property
    def how(self) -> How: ...

    @property
    def rows(self) -> Mapping[UUID, date | None]: ...


@dataclass(frozen=True)
class Carried:
    """A row of the old plan, what goes on with it, and what is written of that."""

    old: Assignment
    new: Assignment
    step: Step
    is_new: bool


async def made_there(
    session: AsyncSession,
    successor: Plan,
    order: Order,
    old: Sequence[Assignment],
    found: Mapping[UUID, Assignment],
    at: Moment,
) -> list[Carried]:
    """Return for each row what goes on with it: what the other plan has already, or a new one.

    `found`: by the old one's id, those that are there.
    """
    lacking = [each for each in old if each.id not in found]
    numbers = (
        iter(await take_numbers(session, successor.year, len(lacking))) if lacking else iter(())
    )
    tasks = await _copies(session, successor, lacking, order)
    made = []
    for each in old:
        if each.id in found:
            made.append(_joined(each, found[each.id]))
        else:
            new = _copy(each, tasks[each.task_id], successor, order, next(numbers), at)
            step = Step(new, "created", AssignmentCreated, {"changes": [_from(each)]})
            made.append(Carried(each, new, step, is_new=True))
    return made


def left_behind(carried: Carried, how: How, reason: str) -> Step:
    """Return the step of the old row: where it went.

    In mid-year it counts in the plan that goes on with it, so it is cancelled here; the figures of
    a year that is over stay, so there it keeps its state, a pause too.
    """
    old, before = carried.old, carried.old.state()
    old.carried_to_id = carried.new.id
    changes = [{"field": "carried_to", "before": None, "after": carried.new.number}]
    facts: dict[str, Any] = {"reason": reason, "changes": changes}
    if how == "roll_over":
        return Step(old, "changed", AssignmentChanged, facts, before)
    old.status, old.paused_on = "cancelled", None
    facts["because"] = "carried_over"
    return Step(old, "cancelled", AssignmentCancelled, facts, before)


async def _copies(
    session: AsyncSession, successor: Plan, old: Sequence[Assignment], order: Order
) -> dict[UUID, Task]:
    """Write the tasks of these rows into the other plan, at its end; by the old task's id."""
    last = select(func.coalesce(func.max(Task.position), 0)).where(Task.plan_id == successor.id)
    position = (await session.execute(last)).scalar_one()
    made: dict[UUID, Task] = {}
    for each in old:
        if each.task_id not in made:
            position += 1
            made[each.task_id] = _task(each.task, successor, position)
        if _deadline(each, order).kind == "needs_person":  # so that a person may enter it there
            made[each.task_id].deadline_kind = "needs_person"
    session.add_all(made.values())
    await session.flush()
    return made


def _deadline(old: Assignment, order: Order) -> Deadline:
    return deadline_after(order.how, old.deadline_kind, old.due_on, order.rows[old.id])


def _task(task: Task, plan: Plan, position: int) -> Task:
    return Task(
        id=new_id(),
        plan_id=plan.id,
        import_id=None,
        position=position,
        number=task.number,
        section=task.section,
        subject_matter=task.subject_matter,
        content=task.content,
        product=task.product,
        lead_text=task.lead_text,
        coordinating_text=task.coordinating_text,
        accountable_unit_id=task.accountable_unit_id,
        deadline_text=task.deadline_text,
        deadline_kind=task.deadline_kind,
        deadline_rule=task.deadline_rule,
        source_number=task.source_number,
        source_issued_on=task.source_issued_on,
        source_title=task.source_title,
        kpi_group=task.kpi_group,
        kpi_code=task.kpi_code,
    )


def _copy(
    old: Assignment, task: Task, plan: Plan, order: Order, sequence: int, at: Moment
) -> Assignment:
    number = assignment_number(plan.year, sequence)
    deadline = _deadline(old, order)
    due = deadline.due_on
    kept = due is not None and due == old.due_on and order.how == "replace"
    return Assignment(
        id=new_id(),
        version=0,  # the record counts
        year=plan.year,
        sequence=sequence,
        number=number,
        plan_id=plan.id,
        task_id=task.id,
        task=task,
        unit_id=old.unit_id,
        coordinating_unit_ids=list(old.coordinating_unit_ids),
        accountable_person_id=old.accountable_person_id,
        occurrence=old.occurrence,
        deadline_kind=deadline.kind,
        starts_on=old.starts_on if order.how == "replace" else None,
        due_on=due,
        last_working_day=due and at.calendar.last_working_day_on_or_before(due),
        triggered_on=old.triggered_on if order.how == "replace" else None,
        trigger_document=old.trigger_document if order.how == "replace" else None,
        status=status_after_carrying(old.status, old.progress_percent),
        progress_percent=old.progress_percent,
        submitted_on=None,
        accepted_at=None,
        search_text=search_text(number, old.occurrence, task),
        created_at=at.now,
        first_due_on=old.first_due_on if kept else None,
        extended_times=old.extended_times if kept else 0,
        paused_on=old.paused_on,
        former_unit_ids=[],
        contributions=[],
        helper_ids=list(old.helper_ids),
        no_longer_applicable=False,
        carried_from_id=old.id,
        carried_to_id=None,
    )


def _joined(old: Assignment, new: Assignment) -> Carried:
    """Let what the other plan has already go on with the row: its own words and day stay.

    A pause goes along: nobody owes it before somebody resumes it.
    """
    before = new.state()
    new.carried_from_id = old.id
    if new.status == "not_started":
        new.status = status_after_carrying(old.status, old.progress_percent)
        new.progress_percent = old.progress_percent
    new.accountable_person_id = new.accountable_person_id or old.accountable_person_id
    new.paused_on = new.paused_on or old.paused_on
    step = Step(new, "changed", AssignmentChanged, {"changes": [_from(old)]}, before)
    return Carried(old, new, step, is_new=False)


def _from(old: Assignment) -> dict[str, str | None]:
    return {"field": "carried_from", "before": None, "after": old.number}
