"""The full states that events carry, from the rows as they stand."""

from contracts.tasks import (
    AssignmentState,
    CalendarDay,
    CalendarState,
    PersonState,
    PlanState,
    PlanTarget,
    UnitState,
)
from tasks.models import Assignment, CalendarYear, Person, Plan, Unit


def unit_state(unit: Unit) -> UnitState:
    """Return what other services know of a unit."""
    return UnitState(
        unit_id=unit.id,
        version=unit.version,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        parent_id=unit.parent_id,
        aliases=list(unit.aliases),
        sort_order=unit.sort_order,
        active=unit.active,
    )


def person_state(person: Person) -> PersonState:
    """Return what other services know of a person."""
    return PersonState(
        person_id=person.id,
        version=person.version,
        employee_code=person.employee_code,
        name=person.name,
        post=person.post,
        email=person.email,
        role=person.role,
        unit_id=person.unit_id,
        login=person.login,
        active=person.active,
    )


def calendar_state(year: CalendarYear) -> CalendarState:
    """Return the exceptions of one year."""
    days = [CalendarDay.model_validate(day) for day in year.days]
    return CalendarState(calendar_id=year.id, version=year.version, year=year.year, days=days)


def plan_state(plan: Plan) -> PlanState:
    """Return what other services know of a plan."""
    return PlanState(
        plan_id=plan.id,
        version=plan.version,
        year=plan.year,
        title=plan.title,
        unit_id=plan.unit_id,
        status=plan.status,
        closes_on=plan.closes_on,
        targets=[PlanTarget.model_validate(target) for target in plan.targets],
    )


def assignment_state(assignment: Assignment) -> AssignmentState:
    """Return the full state of an assignment, its task's words included."""
    task = assignment.task
    return AssignmentState(
        assignment_id=assignment.id,
        version=assignment.version,
        number=assignment.number,
        plan_id=assignment.plan_id,
        plan_year=assignment.year,
        task_id=assignment.task_id,
        task_number=task.number,
        section=task.section,
        subject_matter=task.subject_matter,
        content=task.content,
        product=task.product,
        unit_id=assignment.unit_id,
        coordinating_unit_ids=list(assignment.coordinating_unit_ids),
        accountable_person_id=assignment.accountable_person_id,
        occurrence=assignment.occurrence,
        deadline_kind=assignment.deadline_kind,
        deadline_text=task.deadline_text,
        starts_on=assignment.starts_on,
        due_on=assignment.due_on,
        last_working_day=assignment.last_working_day,
        status=assignment.status,
        progress_percent=assignment.progress_percent,
        submitted_on=assignment.submitted_on,
        accepted_at=assignment.accepted_at,
    )
