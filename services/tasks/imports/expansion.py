"""What one row of an appendix becomes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.ids import new_id
from tasks.assignments.domain import assignment_number
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.imports.models import AppendixRow
from tasks.plans.models import Plan, Task
from tasks.words import key


def expansion(row: AppendixRow) -> int:
    """Return how many assignments the row becomes: lead units by occurrences."""
    return len(row.lead_unit_ids) * len(row.deadline["occurrences"])


def task_of(row: AppendixRow, plan: Plan) -> Task:
    """Return the task in the appendix's own words."""
    return Task(
        id=new_id(),
        plan_id=plan.id,
        import_id=row.import_id,
        position=row.position,
        number=row.stt,
        section=row.section,
        subject_matter=row.subject_matter,
        content=row.content,
        product=row.product,
        lead_text=row.lead_text,
        coordinating_text=row.coordinating_text,
        accountable_unit_id=row.accountable_unit_id,
        deadline_text=row.deadline_text,
        deadline_kind=row.deadline["kind"],
        deadline_rule=row.deadline.get("rule"),
    )


def assignment_of(
    task: Task,
    plan: Plan,
    unit_id: UUID,
    coordinating: Sequence[UUID],
    occurrence: Mapping[str, Any],
    sequence: int,
    at: Moment,
) -> Assignment:
    """Return the assignment of one unit for one occurrence, not started."""
    due_on = _day(occurrence["due_on"])
    number = assignment_number(plan.year, sequence)
    return Assignment(
        id=new_id(),
        version=0,  # the record counts
        year=plan.year,
        sequence=sequence,
        number=number,
        plan_id=plan.id,
        task_id=task.id,
        task=task,
        unit_id=unit_id,
        coordinating_unit_ids=list(coordinating),
        accountable_person_id=None,
        occurrence=occurrence["label"],
        deadline_kind=occurrence.get("kind") or task.deadline_kind,
        starts_on=_day(occurrence["starts_on"]),
        due_on=due_on,
        last_working_day=due_on and at.calendar.last_working_day_on_or_before(due_on),
        triggered_on=None,
        status="not_started",
        progress_percent=0,
        submitted_on=None,
        accepted_at=None,
        search_text=search_text(number, occurrence["label"], task),
        created_at=at.now,
        extended_times=0,
        former_unit_ids=[],
        contributions=[],
        helper_ids=[],
        no_longer_applicable=False,
    )


def search_text(number: str, occurrence: str, task: Task) -> str:
    """Return the words people look for, without accents, number included."""
    words = (number, task.number, task.section, task.subject_matter, task.content, task.product)
    source = (task.source_number or "", task.kpi_code or "")
    return key(" ".join((*words, occurrence, *source)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
