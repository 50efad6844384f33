"""The list to review before a plan gives way: what is open, and what is proposed of each."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.i18n import Language, say
from chassis.web import ResponseBody
from contracts.tasks import AssignmentStatus, DeadlineKind
from tasks.assignments.domain import LIVE, is_overdue
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.carrying import matching
from tasks.carrying.domain import why_not
from tasks.directory.models import Unit
from tasks.ladder.domain import days_late
from tasks.plans.actions import document
from tasks.plans.domain import missing
from tasks.plans.models import Plan
from tasks.plans.views import PlanView


class CarryRow(ResponseBody):
    """Something open. `proposed`: ticked unless the Office unticks it; else `why_not` says why.

    `same_as`: the number of what the other plan has already under the same words; that goes on.
    """

    assignment_id: UUID
    number: str
    content: str
    occurrence: str
    unit_id: UUID
    unit_name: str
    status: AssignmentStatus
    progress_percent: int
    paused_on: date | None
    deadline_kind: DeadlineKind
    due_on: date | None
    overdue: bool
    overdue_days: int
    proposed: bool
    why_not: str | None
    same_as: str | None


class Candidate(ResponseBody):
    """A plan that may take over. `missing`: what it lacks to be issued, for a draft."""

    id: UUID
    title: str
    year: int
    number: str | None
    status: str
    missing: list[str]


class CarryList(ResponseBody):
    """All that is open in a plan, in the order of its numbers, and the plans that may take over."""

    rows: list[CarryRow]
    replacing: list[Candidate]
    next_year: list[Candidate]


class CarriedView(PlanView):
    """The plan that gave way; `carried`: how many assignments went along."""

    carried: int


async def carry_list(
    session: AsyncSession, plan: Plan, successor_id: UUID | None, at: Moment, language: Language
) -> CarryList:
    """Return the list. `successor_id`: the plan that is to take over, once it is chosen."""
    statement = (
        select(Assignment, Unit.name)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.plan_id == plan.id, Assignment.status.in_(sorted(LIVE)))
        .order_by(Assignment.year, Assignment.sequence)
    )
    rows = (await session.execute(statement)).all()
    there = await matching.of_plan(session, successor_id) if successor_id else []
    same = matching.matched((each for each, _ in rows), there)
    return CarryList(
        rows=[_row(each, name, same.get(each.id), at, language) for each, name in rows],
        replacing=await _candidates(session, plan, Plan.year == plan.year, at, language),
        next_year=await _candidates(session, plan, Plan.year > plan.year, at, language),
    )


def _row(
    assignment: Assignment,
    unit_name: str,
    same: Assignment | None,
    at: Moment,
    language: Language,
) -> CarryRow:
    why = why_not(assignment.status, carried=assignment.carried_to_id is not None)
    paused = assignment.paused_on is not None
    late = is_overdue(assignment.status, assignment.due_on, at.today, paused=paused)
    return CarryRow(
        assignment_id=assignment.id,
        number=assignment.number,
        content=assignment.task.content,
        occurrence=assignment.occurrence,
        unit_id=assignment.unit_id,
        unit_name=unit_name,
        status=assignment.status,
        progress_percent=assignment.progress_percent,
        paused_on=assignment.paused_on,
        deadline_kind=assignment.deadline_kind,
        due_on=assignment.due_on,
        overdue=late,
        overdue_days=days_late(assignment.due_on, at.today, at.calendar) if late else 0,
        proposed=why is None,
        why_not=say(why, language) if why else None,
        same_as=same.number if same else None,
    )


async def _candidates(
    session: AsyncSession, plan: Plan, of_year: ColumnElement[bool], at: Moment, language: Language
) -> list[Candidate]:
    statement = (
        select(Plan)
        .where(of_year, Plan.id != plan.id, Plan.status.in_(("draft", "active")))
        .order_by(Plan.year, Plan.id.desc())
    )
    return [_candidate(each, at, language) for each in await session.scalars(statement)]


def _candidate(plan: Plan, at: Moment, language: Language) -> Candidate:
    lacking = missing(document(plan), at.today) if plan.status == "draft" else []
    return Candidate(
        id=plan.id, title=plan.title, year=plan.year, number=plan.number, status=plan.status,
        missing=[say(each.sentence, language) for each in lacking],
    )  # fmt: skip
