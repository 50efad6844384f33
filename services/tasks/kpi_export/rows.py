"""The rows of a KPI month: what was owed or handed in between two closing days."""

from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select, true

from tasks.assignments.models import Assignment, Result, ResultFile
from tasks.directory.models import Unit
from tasks.kpi_export.domain import Month
from tasks.plans.models import Plan, Task
from tasks.plans.scope import issued

A = Assignment


def rows_of(month: Month) -> Select[Any]:
    """Select what units were to do in a month, in the order of units, groups and codes.

    Due by its end and not handed in before it, or handed in within it. A result counts by the day
    it was handed in, while it is not returned. What was due before the month comes after what is
    the month's own. `sent_after`: when it was handed in after all. Source: composed.
    """
    latest = (
        select(Result.id, Result.note, Result.status, Result.submitted_on)
        .where(
            Result.assignment_id == A.id,
            Result.status != "returned",
            Result.submitted_on <= month.closes_on,
        )
        .order_by(Result.submitted_at.desc(), Result.id.desc())
        .limit(1)
        .lateral("handed_in")
    )
    after = (
        select(func.min(Result.submitted_on))
        .where(
            Result.assignment_id == A.id,
            Result.status != "returned",
            Result.submitted_on > month.closes_on,
        )
        .scalar_subquery()
    )
    evidence = (
        select(func.count())
        .select_from(ResultFile)
        .where(ResultFile.result_id == latest.c.id)
        .scalar_subquery()
    )
    carried = func.coalesce(month.carries(A.due_on), false())
    owed = and_(latest.c.id.is_(None), A.due_on <= month.closes_on, A.paused_on.is_(None))
    return (
        select(
            Unit.name.label("unit"), Task.kpi_group, Task.kpi_code, A.number, Task.content,
            A.occurrence, Task.product, latest.c.note, latest.c.status, latest.c.submitted_on,
            evidence.label("evidence"), A.first_due_on, A.due_on, after.label("sent_after"),
        )
        .select_from(A)
        .join(Task, Task.id == A.task_id)
        .join(Plan, Plan.id == A.plan_id)
        .join(Unit, Unit.id == A.unit_id)
        .outerjoin(latest, true())
        .where(
            issued(), A.status != "cancelled", A.carried_to_id.is_(None),
            or_(latest.c.submitted_on >= month.first, owed),
        )
        .order_by(
            Unit.sort_order, Unit.id, carried, Task.kpi_group.asc().nulls_last(),
            Task.kpi_code.asc().nulls_last(), A.year, A.sequence,
        )
    )  # fmt: skip
