"""One page of a list of assignments, and how many there are."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Uuid,
    and_,
    case,
    cast,
    func,
    select,
    text,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import Paging, ResponseBody, paginate
from contracts.tasks import AssignmentStatus
from tasks.access import RIGHTS
from tasks.assignments.domain import OPEN, RULES
from tasks.assignments.filters import DRAFTS, Filters, narrowed
from tasks.assignments.models import Assignment
from tasks.assignments.sorting import Order
from tasks.directory.models import Person

STATUSES: tuple[AssignmentStatus, ...] = get_args(AssignmentStatus)
# A plan for any filter fits none: one word stands in three rows, another in all of them.
PLANNED_EACH_TIME = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), "
    "set_config('jit', 'off', true)"
)


class Counts(ResponseBody):
    """Assignments the caller sees under the filters of the list.

    `listed`: as many as the list holds. All others: of plans in force, or of the plans named; of a
    draft nothing is due and nothing overdue. `all`, `due`: with a due day, neither cancelled nor
    continuous. `overdue`: past the day without a result handed in. `waiting`: the Office must
    decide. What is paused stays in `all` and is neither due nor overdue.
    `extension_requested`: a later deadline is asked for. `by_status`: of `listed`, how many are in
    each. `allowed`: what the caller may do with some of them, or to the list.
    """

    listed: int
    all: int
    done: int
    due: int
    done_due: int
    overdue: int
    waiting: int
    needs_person: int
    extension_requested: int
    extended: int
    paused: int
    by_status: dict[AssignmentStatus, int]
    allowed: list[str]


async def page(
    session: AsyncSession,
    actor: Actor,
    filters: Filters,
    order: Order,
    paging: Paging,
    today: date,
) -> tuple[Sequence[Any], str | None]:
    """Return one page of assignments with the accountable person's name, and the next cursor.

    Which ones is found by narrow columns; only those of the page are read whole.
    """
    await session.execute(PLANNED_EACH_TIME)
    ids = order.joined(narrowed(select(Assignment.id), actor, filters, today))
    found, cursor = await paginate(session, ids, paging, *order.keys)
    return await whole(session, found), cursor


def first_ids(
    actor: Actor, filters: Filters, order: Order, most: int, today: date
) -> ColumnElement[list[UUID]]:
    """Select the ids of the first assignments of a list, beside whatever else is asked."""
    ids = order.joined(narrowed(select(Assignment.id), actor, filters, today))
    first = ids.order_by(*order.keys).limit(most)
    return func.array(first.scalar_subquery(), type_=ARRAY(Uuid))


async def whole(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Any]:
    """Read assignments with all they have, in the order of the ids."""
    if not ids:
        return []
    statement = (
        select(Assignment, Person.name)
        .outerjoin(Person, Person.id == Assignment.accountable_person_id)
        .where(Assignment.id.in_(ids))
    )
    rows = {row[0].id: row for row in (await session.execute(statement)).all()}
    return [rows[id_] for id_ in ids]


async def count(session: AsyncSession, actor: Actor, filters: Filters, today: date) -> Counts:
    """Count in one statement."""
    await session.execute(PLANNED_EACH_TIME)
    kinds = _kinds_of(actor, filters, today)
    statement = select(*(_sum(kinds, test).label(name) for name, test in _tests(kinds, filters)))
    row = (await session.execute(statement)).mappings().one()
    by_status = {one: row[f"is_{one}"] for one in STATUSES}
    allowed = RIGHTS.allowed(actor, "assignment", [*RULES, "create", "urge"], actor.unit_id)
    return Counts.model_validate({**row, "by_status": by_status, "allowed": allowed})


def _kinds_of(actor: Actor, filters: Filters, today: date) -> FromClause:
    """Gather the assignments by all that a count asks of them: a few hundred kinds of thousands.

    `dueness`: before today, today or after it; None: no due day.
    """
    due_on = Assignment.due_on
    dueness = case((due_on < today, -1), (due_on == today, 0), (due_on > today, 1))
    columns = [
        Assignment.plan_id,
        Assignment.status,
        Assignment.deadline_kind,
        dueness.label("dueness"),
        Assignment.paused_on.is_not(None).label("paused"),
        Assignment.requested_due_on.is_not(None).label("asked"),
        Assignment.first_due_on.is_not(None).label("extended"),
    ]
    every = select(*columns, func.count().label("number")).select_from(Assignment)
    return narrowed(every, actor, filters, today).group_by(*columns).subquery("kinds")


def _tests(kinds: FromClause, filters: Filters) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Yield what each count counts."""
    of, issued = kinds.c, kinds.c.plan_id.not_in(DRAFTS)
    of_plans = of.plan_id.in_(filters.plan_ids) if filters.plan_ids else issued
    dated = and_(of_plans, of.dueness.is_not(None))
    counted = and_(dated, of.status != "cancelled", of.deadline_kind != "continuous")
    owed_now = and_(issued, ~of.paused)
    due = and_(counted, of.dueness <= 0, owed_now)
    late = and_(of.dueness < 0, of.status.in_(sorted(OPEN)), owed_now)
    done = of.status == "done"
    yield "listed", true()
    yield "all", counted
    yield "done", and_(counted, done)
    yield "due", due
    yield "done_due", and_(due, done)
    yield "overdue", and_(of_plans, late)
    yield "waiting", and_(of_plans, of.status == "submitted")
    yield "needs_person", and_(of_plans, of.deadline_kind == "needs_person")
    yield "extension_requested", and_(of_plans, of.asked)
    yield "extended", and_(of_plans, of.extended)
    yield "paused", and_(of_plans, of.paused)
    yield from ((f"is_{one}", of.status == one) for one in STATUSES)


def _sum(kinds: FromClause, test: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(kinds.c.number).filter(test), 0), BigInteger)
