"""Findings, each with what is to remedy it: open until that is accepted, or it is closed."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.clock import local_date
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus, FindingKind
from tasks.assignments.became import followed
from tasks.assignments.models import Assignment
from tasks.directory.models import Person
from tasks.inspections.domain import may_be_closed
from tasks.inspections.models import Finding, Inspection
from tasks.plans.models import Task

_RECORDER, _CLOSER = aliased(Person), aliased(Person)
_OF_REMEDY = ("id", "number", "status", "unit_id", "due_on")


def _remedies() -> Subquery:
    """Select the assignment that remedies a finding now, by the one it became.

    A finding becomes one, which may have gone on in another plan; of a remedy that recurs it is the
    next that is to be done, and what was cancelled only where nothing else is left.
    """
    rows = followed(select(Finding.assignment_id).where(Finding.assignment_id.is_not(None)))
    columns = [getattr(Assignment, name) for name in _OF_REMEDY]
    last = select(rows.c.root_id, *columns, Task.content)
    last = last.join(Assignment, Assignment.id == rows.c.id)
    last = last.join(Task, Task.id == Assignment.task_id)
    last = last.where(rows.c.carried_to_id.is_(None)).ext(distinct_on(rows.c.root_id))
    status = Assignment.status
    next_first = (status == "cancelled", status == "done", Assignment.due_on, Assignment.sequence)
    return last.order_by(rows.c.root_id, *next_first).subquery("remedy")


_REMEDY = _remedies()
REMEDY_STATUS = _REMEDY.c.status


class FindingView(ResponseBody):
    """A finding. `open`: until what is to remedy it was accepted, or it was closed.

    `remedy`: what is to be done about it, in words; null until it is concluded.
    `closed_*`: by the Office, since what was to remedy it was cancelled. `allowed`: `close`.
    """

    id: UUID
    kind: FindingKind
    words: str
    criterion_code: str | None
    evidence: str
    recorded_at: datetime
    recorded_by_name: str | None
    assignment_id: UUID | None
    assignment_number: str | None
    remedy: str | None
    assignment_status: AssignmentStatus | None
    lead_unit_id: UUID | None
    due_on: date | None
    open: bool
    closed_at: datetime | None
    closed_by_name: str | None
    closed_because: str | None
    allowed: list[str]


@dataclass(frozen=True)
class OpenItems:
    """What is open about inspections, for the Office's month."""

    planned: int
    announced: int
    without_conclusion: int
    open_findings: int
    overdue_findings: int


async def findings_of(session: AsyncSession, id_: UUID, *, may_close: bool) -> list[FindingView]:
    """Return findings in the order they were written down, each with what is to remedy it."""
    remedy = [_REMEDY.c[name] for name in (*_OF_REMEDY, "content")]
    chosen = select(
        Finding, _RECORDER.name.label("recorder"), _CLOSER.name.label("closer"), *remedy
    )
    statement = (
        with_remediation(chosen)
        .outerjoin(_RECORDER, _RECORDER.id == Finding.recorded_by)
        .outerjoin(_CLOSER, _CLOSER.id == Finding.closed_by)
        .where(Finding.inspection_id == id_)
        .order_by(Finding.recorded_at, Finding.id)
    )
    rows = await session.execute(statement)
    return [_finding(row[0], row, may_close=may_close) for row in rows]


async def open_items(session: AsyncSession, now: datetime) -> OpenItems:
    """Return what is open about all inspections: for the Office. `now`: to tell what is late."""
    states = select(Inspection.state, func.count().label("n")).group_by(Inspection.state)
    counts = {row.state: row.n for row in await session.execute(states)}
    late = and_(_REMEDY.c.due_on < local_date(now), _REMEDY.c.status != "cancelled")
    left = select(func.count(), func.count().filter(late)).select_from(Finding)
    left = with_remediation(left).where(is_open(), Finding.assignment_id.is_not(None))
    still, overdue = (await session.execute(left)).one()
    return OpenItems(
        planned=counts.get("planned", 0),
        announced=counts.get("announced", 0),
        without_conclusion=counts.get("visited", 0),
        open_findings=still,
        overdue_findings=overdue,
    )


async def counts_of(
    session: AsyncSession, ids: Collection[UUID]
) -> defaultdict[UUID, tuple[int, int]]:
    counted = select(
        Finding.inspection_id, func.count(), func.count().filter(is_open())
    ).select_from(Finding)
    statement = with_remediation(counted).where(Finding.inspection_id.in_(ids))
    rows = await session.execute(statement.group_by(Finding.inspection_id))
    return defaultdict(lambda: (0, 0), {id_: (every, left) for id_, every, left in rows})


def with_remediation(statement: Any) -> Any:
    """Join findings with what remedies them now, in whichever plan that is."""
    return statement.outerjoin(_REMEDY, _REMEDY.c.root_id == Finding.assignment_id)


def is_open() -> ColumnElement[bool]:
    """Return the condition that a finding's remediation is not accepted, nor the finding closed."""
    undone = func.coalesce(_REMEDY.c.status, "not_started") != "done"
    return and_(undone, Finding.closed_at.is_(None))


def _finding(finding: Finding, remedy: Any, *, may_close: bool) -> FindingView:
    names = ("id", "kind", "words", "criterion_code", "evidence", "recorded_at",
             "closed_at", "closed_because")  # fmt: skip
    closed = finding.closed_at is not None
    closable = may_close and may_be_closed(remedy.status, closed=closed)
    return FindingView(
        **{name: getattr(finding, name) for name in names},
        recorded_by_name=remedy.recorder,
        assignment_id=remedy.id,
        assignment_number=remedy.number,
        remedy=remedy.content,
        assignment_status=remedy.status,
        lead_unit_id=remedy.unit_id,
        due_on=remedy.due_on,
        open=remedy.status != "done" and not closed,
        closed_by_name=remedy.closer,
        allowed=["close"] if closable else [],
    )
