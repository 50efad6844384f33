"""The month's counts: one look at all assignments, and small statements beside it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import TIME_ZONE
from tasks.assignments.became import followed
from tasks.assignments.domain import LIVE, OPEN
from tasks.assignments.filters import issued, paused, to_decide
from tasks.assignments.models import Assignment
from tasks.assignments.urged import Urging, UrgingRow
from tasks.inspections.models import Inspection
from tasks.instructions.models import Instruction
from tasks.office.domain import Month
from tasks.plans.models import Plan

URGED_WITHIN = timedelta(days=30)
HANDED_IN = ("submitted", "done")
MOST = 200  # letters and inspections of a month


class UnitCounts(NamedTuple):
    """What a unit owes, and what of it is late. `oldest`: the first day of what is overdue."""

    open: int = 0
    due: int = 0
    handed_in: int = 0
    overdue: int = 0
    not_urged: int = 0
    submitted: int = 0
    returned: int = 0
    needs_person: int = 0
    extension_to_decide: int = 0
    oldest: date | None = None


async def of_units(
    session: AsyncSession, actor: Actor, month: Month, at: datetime, today: date
) -> dict[UUID, UnitCounts]:
    """Return the counts of each unit that leads something of the month, as the actor reads it."""
    owed = and_(Assignment.status.in_(sorted(OPEN)), ~paused())
    late = and_(owed, Assignment.due_on < today, Assignment.due_on <= month.last)
    within = Assignment.due_on.between(month.first, month.last)
    handed_in = Assignment.status.in_(HANDED_IN)
    counted = {
        "open": owed,
        "due": and_(within, owed | handed_in),
        "handed_in": and_(within, handed_in),
        "overdue": late,
        "not_urged": and_(late, Assignment.id.not_in(_urged_since(at - URGED_WITHIN))),
        "submitted": Assignment.status == "submitted",
        "returned": and_(Assignment.status == "returned", ~paused()),
        "needs_person": and_(owed, Assignment.deadline_kind == "needs_person"),
        "extension_to_decide": to_decide(actor),
    }
    statement = (
        select(
            Assignment.unit_id,
            *(func.count().filter(condition).label(name) for name, condition in counted.items()),
            func.min(Assignment.due_on).filter(late).label("oldest"),
        )
        .where(
            Assignment.carried_to_id.is_(None), issued(), Assignment.status != "cancelled",
            _concerns(month),
        )
        .group_by(Assignment.unit_id)
    )  # fmt: skip
    return {row[0]: UnitCounts(*row[1:]) for row in await session.execute(statement)}


async def of_plans(session: AsyncSession, month: Month) -> Sequence[Any]:
    """Return the plans in force whose units report by a day of the month, or did before."""
    statement = select(Plan.id, Plan.title, Plan.number, Plan.closes_on).where(
        Plan.status == "active", Plan.closes_on <= month.last
    )
    return (await session.execute(statement.order_by(Plan.closes_on, Plan.id))).all()


async def of_reports(session: AsyncSession, plan_ids: Sequence[UUID]) -> Sequence[Any]:
    """Return how many assignments each unit leads in some plans, and how many are still owed."""
    statement = (
        select(
            Assignment.plan_id, Assignment.unit_id, func.count().label("all"),
            func.count().filter(Assignment.status.in_(sorted(OPEN))).label("open"),
        )
        .where(
            Assignment.plan_id.in_(plan_ids), Assignment.status != "cancelled",
            Assignment.carried_to_id.is_(None),
        )
        .group_by(Assignment.plan_id, Assignment.unit_id)
    )  # fmt: skip
    return (await session.execute(statement)).all()


async def of_letters(session: AsyncSession, month: Month) -> Sequence[Any]:
    """Return the letters that went out in the month."""
    statement = select(
        Urging.id.label("urging_id"), Urging.letter_number.label("number"),
        Urging.letter_issued_on.label("issued_on"), Urging.row_count,
    ).where(
        Urging.letter_number.is_not(None),
        Urging.letter_issued_on.between(month.first, month.last),
    )  # fmt: skip
    ordered = statement.order_by(Urging.letter_issued_on, Urging.id).limit(MOST)
    return (await session.execute(ordered)).all()


async def of_inspections(session: AsyncSession, month: Month) -> Sequence[Any]:
    """Return the inspections on days of the month, in their order."""
    statement = select(
        Inspection.id, Inspection.unit_id, Inspection.body, Inspection.subject,
        Inspection.starts_on, Inspection.ends_on, Inspection.state,
    ).where(
        Inspection.starts_on <= month.last, Inspection.ends_on >= month.first,
        Inspection.state != "cancelled",
    )  # fmt: skip
    ordered = statement.order_by(Inspection.starts_on, Inspection.id).limit(MOST)
    return (await session.execute(ordered)).all()


async def of_instructions(session: AsyncSession, month: Month) -> tuple[int, int]:
    """Return how many instructions were issued in the month, and how many are still open.

    Open is one while anything is that became of it, in whatever plan that stands now.
    """
    day = func.date(func.timezone(f"{TIME_ZONE}", Instruction.issued_at))
    within = day.between(month.first, month.last)
    rows = followed(select(Instruction.assignment_id).where(within))
    still = Assignment.status.in_(sorted(LIVE)) & Assignment.carried_to_id.is_(None)
    left = select(func.count(rows.c.root_id.distinct()))
    left = left.join(Assignment, Assignment.id == rows.c.id)
    issued = select(func.count()).select_from(Instruction).where(within)
    both = select(issued.scalar_subquery(), left.where(still).scalar_subquery())
    counted = (await session.execute(both)).one()
    return counted[0], counted[1]


def _concerns(month: Month) -> ColumnElement[bool]:
    """What is live, or was due in the month: of what was done before nobody asks here."""
    live = Assignment.status.in_(sorted(LIVE))
    return live | Assignment.due_on.between(month.first, month.last)


def _urged_since(since: datetime) -> Select[UUID]:
    return (
        select(UrgingRow.assignment_id)
        .join(Urging, Urging.id == UrgingRow.urging_id)
        .where(Urging.made_at > since)
    )
