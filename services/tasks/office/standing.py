"""The month's counts: one look at all assignments, and small statements beside it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.assignments.domain import LIVE, OPEN
from tasks.assignments.filters import issued, paused
from tasks.assignments.models import Assignment
from tasks.assignments.urged import Urging, UrgingRow
from tasks.directory.models import Unit
from tasks.office.domain import Month
from tasks.plans.models import Plan

URGED_WITHIN = timedelta(days=30)
HANDED_IN = ("submitted", "done")


async def of_units(session: AsyncSession, month: Month, at: datetime, today: date) -> Sequence[Any]:
    """Return a row for each unit that leads something: what it owes, and what of it is late."""
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
        "extension_requested": and_(owed, Assignment.requested_due_on.is_not(None)),
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
    return (await session.execute(statement)).all()


async def of_reports(session: AsyncSession, month: Month) -> Sequence[Any]:
    """Return each plan in force whose units report by a day of the month, and what they owe it."""
    reporting = select(Plan.id).where(
        Plan.status == "active", Plan.closes_on.between(month.first, month.last)
    )
    counts = (
        select(
            Assignment.plan_id, Assignment.unit_id, func.count().label("all"),
            func.count().filter(Assignment.status.in_(sorted(OPEN))).label("open"),
        )
        .where(
            Assignment.plan_id.in_(reporting), Assignment.status != "cancelled",
            Assignment.carried_to_id.is_(None),
        )
        .group_by(Assignment.plan_id, Assignment.unit_id)
        .subquery()
    )  # fmt: skip
    statement = (
        select(
            Plan.id,
            Plan.title,
            Plan.number,
            Plan.closes_on,
            counts.c.unit_id,
            counts.c.all,
            counts.c.open,
        )
        .join(counts, counts.c.plan_id == Plan.id)
        .join(Unit, Unit.id == counts.c.unit_id)
        .order_by(Plan.closes_on, Plan.id, Unit.sort_order, Unit.id)
    )
    return (await session.execute(statement)).all()


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
