"""What a row says of itself beside the appendix's words: its document, its KPI, who helps."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ResponseBody
from tasks.assignments.models import Assignment
from tasks.directory.models import Person
from tasks.plans.models import KpiGroup


class SourceView(ResponseBody):
    """The document that gave a task, where it is not the plan itself."""

    number: str | None
    issued_on: date | None
    title: str | None


class HelperView(ResponseBody):
    """One of the lead unit who works on it beside the accountable person."""

    id: UUID
    name: str


class Origin(ResponseBody):
    """Where an assignment is from and who works on it; of the people a partner is told nothing."""

    source: SourceView | None
    kpi_group: KpiGroup | None
    kpi_code: str | None
    helpers: list[HelperView]


async def origin_of(session: AsyncSession, assignment: Assignment, *, with_people: bool) -> Origin:
    """Return what is known of an assignment beside the appendix's words."""
    task = assignment.task
    source = SourceView(
        number=task.source_number, issued_on=task.source_issued_on, title=task.source_title
    )
    known = any(source.model_dump().values())
    return Origin(
        source=source if known else None,
        kpi_group=task.kpi_group,
        kpi_code=task.kpi_code,
        helpers=await _helpers(session, assignment.helper_ids) if with_people else [],
    )


async def _helpers(session: AsyncSession, ids: list[UUID]) -> list[HelperView]:
    if not ids:
        return []
    found = select(Person.id, Person.name).where(Person.id.in_(ids)).order_by(Person.sort_key)
    return [HelperView.model_validate(row) for row in (await session.execute(found)).all()]
