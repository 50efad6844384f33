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
from tasks.assignments.scope import EVERYTHING, visible
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
    each. `of_everything`: not only of what the caller's own unit is concerned with.
    `allowed`: what the caller may do with some of them, or to the list.
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
    of_everything: bool
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
    counts = _tests(kinds, filters)
    statement = select(*(_sum(number, test).label(name) for name, number, test in counts))
    row = (await session.execute(statement)).mappings().one()
    by_status = {one: row[f"is_{one}"] for one in STATUSES}
    allowed = RIGHTS.allowed(actor, "assignment", [*RULES, "create", "urge"], actor.unit_id)
    facts = {"by_status": by_status, "of_everything": visible(actor) is EVERYTHING}
    return Counts.model_validate({**row, **facts, "allowed": allowed})


def _kinds_of(actor: Actor, filters: Filters, today: date) -> FromClause:
    """Gather the assignments by what is asked of their texts: a few dozen kinds of thousands.

    `dated`: those with a due day; `due`, `late`: owed now, up to today and before it.
    """
    due_on, owed = Assignment.due_on, Assignment.paused_on.is_(None)
    columns = [Assignment.plan_id, Assignment.status, Assignment.deadline_kind]
    numbers = {
        "number": func.count(),
        "dated": func.count(due_on),
        "due": func.count().filter(due_on <= today, owed),
        "late": func.count().filter(due_on < today, owed),
        "paused": func.count(Assignment.paused_on),
        "asked": func.count(Assignment.requested_due_on),
        "extended": func.count(Assignment.first_due_on),
    }
    every = select(*columns, *(each.label(name) for name, each in numbers.items()))
    gathered = narrowed(every.select_from(Assignment), actor, filters, today)
    return gathered.group_by(*columns).subquery("kinds")


Counted = tuple[str, ColumnElement[int], ColumnElement[bool]]


def _tests(kinds: FromClause, filters: Filters) -> Iterator[Counted]:
    """Yield each count's name, which of the numbers of a kind it adds up, and of which kinds."""
    of, issued = kinds.c, kinds.c.plan_id.not_in(DRAFTS)
    of_plans = of.plan_id.in_(filters.plan_ids) if filters.plan_ids else issued
    counted = and_(of_plans, of.status != "cancelled", of.deadline_kind != "continuous")
    done = of.status == "done"
    yield "listed", of.number, true()
    yield "all", of.dated, counted
    yield "done", of.dated, and_(counted, done)
    yield "due", of.due, and_(counted, issued)
    yield "done_due", of.due, and_(counted, issued, done)
    yield "overdue", of.late, and_(of_plans, issued, of.status.in_(sorted(OPEN)))
    yield "waiting", of.number, and_(of_plans, of.status == "submitted")
    yield "needs_person", of.number, and_(of_plans, of.deadline_kind == "needs_person")
    yield "extension_requested", of.asked, of_plans
    yield "extended", of.extended, of_plans
    yield "paused", of.paused, of_plans
    yield from ((f"is_{one}", of.number, of.status == one) for one in STATUSES)


def _sum(number: ColumnElement[int], test: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(number).filter(test), 0), BigInteger)
