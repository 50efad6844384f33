"""A row's document and KPI, written beside an appendix that has no column for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import AssignmentChanged
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change_by, take
from tasks.assignments.staleness import check_seen
from tasks.by_hand.domain import Source
from tasks.calendar.moment import moment
from tasks.imports.expansion import search_text
from tasks.plans.models import KpiGroup, Task

_FOUND_BY = text("""
    UPDATE assignment SET search_text = given.words
    FROM unnest(CAST(:ids AS uuid[]), CAST(:words AS text[])) AS given(id, words)
    WHERE assignment.id = given.id
""")


@dataclass(frozen=True)
class Origin:
    """What a row says of itself beside the appendix's words."""

    source: Source
    kpi_group: KpiGroup | None
    kpi_code: str | None

    def facts(self) -> Mapping[str, Any]:
        """Return it by the names of the row's columns; what is empty is not known."""
        given = {
            "source_number": self.source.number,
            "source_issued_on": self.source.issued_on,
            "source_title": self.source.title,
            "kpi_group": self.kpi_group,
            "kpi_code": self.kpi_code,
        }
        return {name: value or None for name, value in given.items()}


async def set_origin(
    session: AsyncSession,
    actor: Actor,
    asked: Assignment,
    seen: int,
    origin: Origin,
    reason: str | None,
) -> None:
    """Set where an assignment's row is from: for all assignments that were made of the row.

    Raises StaleVersion when somebody else wrote the same about it meanwhile.
    """
    task = await session.get_one(Task, asked.task_id, with_for_update=True)
    rows = await _of_task(session, task.id)
    changes = [
        {"field": name, "before": before, "after": value}
        for name, value in origin.facts().items()
        if (before := getattr(task, name)) != value
    ]
    if not changes:
        return
    locked = next(row for row in rows if row.id == asked.id)
    await check_seen(session, locked, seen, fields=origin.facts().keys())
    for change in changes:
        setattr(task, str(change["field"]), change["after"])
    facts = {"changes": to_jsonable_python(changes), "reason": reason}
    steps = [Step(row, "changed", AssignmentChanged, facts, row.state()) for row in rows]
    await change_by(session, steps, await moment(session), actor)
    await _let_be_found(session, rows, task)


async def _of_task(session: AsyncSession, task_id: UUID) -> Sequence[Assignment]:
    """Lock all assignments of a row, in one order for everybody."""
    rows = select(Assignment).where(Assignment.task_id == task_id).order_by(Assignment.id)
    return await take(session, rows.with_for_update(of=Assignment))


async def _let_be_found(session: AsyncSession, rows: Sequence[Assignment], task: Task) -> None:
    """Lists find an assignment by the number of its document and its KPI code."""
    words = [search_text(row.number, row.occurrence, task) for row in rows]
    await session.execute(_FOUND_BY, {"ids": [row.id for row in rows], "words": words})
