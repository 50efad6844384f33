"""How a report went: every round of it, out of the audit."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.tables import audit_entry
from chassis.web import ResponseBody
from tasks.directory.models import Person
from tasks.unit_reports.domain import Returner

StepAct = Literal["create", "submit", "approve", "return", "accept"]
_ACTS: dict[str, StepAct] = {
    f"unit_report.{act}": act for act in ("create", "submit", "approve", "return", "accept")
}


class StepView(ResponseBody):
    """A step that a report took. `reason`, `returned_by`: of a return alone."""

    act: StepAct
    by_name: str | None
    at: datetime
    reason: str | None
    returned_by: Returner | None


async def steps_of(session: AsyncSession, id_: UUID, *, own: bool) -> list[StepView]:
    """Return the steps in their order. Why the head returned it, its unit reads alone (`own`)."""
    entry = audit_entry.c
    statement = (
        select(entry.action, entry.recorded_at, entry.reason, entry.before, Person.name)
        .outerjoin_from(audit_entry, Person, Person.id == entry.actor_id)
        .where(entry.subject_id == id_, entry.action.in_(_ACTS))
        .order_by(entry.id)
    )
    found = []
    for row in await session.execute(statement):
        act = _ACTS[row.action]
        by: Returner | None = None
        if act == "return":
            by = "office" if (row.before or {}).get("status") == "approved" else "head"
        reason = row.reason if own or by == "office" else None
        found.append(
            StepView(act=act, by_name=row.name, at=row.recorded_at, reason=reason, returned_by=by)
        )
    return found
