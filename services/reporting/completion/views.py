"""Where plans stand, read from the cells."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, case, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ResponseBody
from reporting.completion.actions import NO_DAY
from reporting.completion.domain import Cell, Completion, Counts, rate, summarise
from reporting.completion.models import COUNTS, CompletionCell
from reporting.completion.timeliness import Extended, Timely
from reporting.shown import shown
from reporting.sources.views import plan_ids_of

_DAY = timedelta(days=1)
# As `domain.contribution` counts: what is paused, cancelled or has no day is never due.
_EXTENDED = text("""
    WITH extended AS (
      SELECT plan_id, CAST(state ->> 'due_on' AS date) AS due_on,
        CAST(state ->> 'first_due_on' AS date) AS first_due_on,
        CAST(state ->> 'submitted_on' AS date) AS submitted_on, state ->> 'status' = 'done' AS done
      FROM assignment_fact
      WHERE plan_id = ANY(CAST(:plans AS uuid[])) AND state ->> 'first_due_on' IS NOT NULL
        AND state ->> 'due_on' IS NOT NULL AND state ->> 'deadline_kind' <> 'continuous'
        AND state ->> 'status' <> 'cancelled'
        AND (state ->> 'paused_on' IS NULL OR state ->> 'status' = 'done')
    )
    SELECT plan_id,
      count(*) FILTER (WHERE due_on <= :today) AS due,
      count(*) FILTER (WHERE due_on <= :today AND done) AS done,
      count(*) FILTER (WHERE due_on <= :today AND done AND submitted_on <= due_on) AS on_time,
      count(*) FILTER (WHERE first_due_on <= :today) AS first_due,
      count(*) FILTER (WHERE first_due_on <= :today AND done) AS first_done,
      count(*) FILTER (WHERE first_due_on <= :today AND done AND submitted_on <= first_due_on)
        AS first_on_time
    FROM extended GROUP BY plan_id
""")


class CompletionView(ResponseBody):
    """Where a plan stands; both denominators, since both are asked for.

    `done_on_time`: by the deadline each has, `done_on_time_first`: by the one before extensions.
    `paused` stay in `all` and are never due.
    `plan_id` None: all the plans that make the year, together. A rate is None where nothing is to
    be done, or nothing is due yet: that is no 0 %.
    """

    plan_id: UUID | None
    done: int
    all: int
    due: int
    done_due: int
    done_on_time: int
    done_on_time_first: int
    extended: int
    overdue: int
    waiting: int
    continuous: int
    untriggered: int
    needs_person: int
    paused: int
    rate_all: Decimal | None
    rate_due: Decimal | None


class CoordinationView(ResponseBody):
    """What a unit was asked to contribute to other units' assignments, and what came in time.

    `in_time` of those `due` by today, the rate's parts; it is None where nothing is due yet.
    `asked`, `given`: in the whole period. What was returned is not given.
    """

    asked: int
    given: int
    due: int
    in_time: int
    rate: Decimal | None


def coordination_view(found: Completion) -> CoordinationView:
    """Return a unit's coordination, or all units', for showing."""
    due = found.due
    return CoordinationView(
        asked=found.counts.total, given=found.counts.done, due=due.total, in_time=due.done_on_time,
        rate=shown(rate(due.done_on_time, due.total)),
    )  # fmt: skip


def completion_view(plan_id: UUID | None, found: Completion) -> CompletionView:
    """Return a plan's completion, or a year's, for showing."""
    counts = found.counts
    return CompletionView(
        plan_id=plan_id, done=counts.done, all=counts.total, due=found.due.total,
        done_due=found.due.done, done_on_time=counts.done_on_time,
        done_on_time_first=counts.done_on_time_first, extended=counts.extended,
        paused=counts.paused, overdue=found.overdue,
        waiting=counts.waiting, continuous=counts.continuous, untriggered=counts.untriggered,
        needs_person=counts.needs_person, rate_all=shown(found.rate_all),
        rate_due=shown(found.rate_due),
    )  # fmt: skip


async def completion(
    session: AsyncSession, plan_id: UUID, today: date, scope: str = "plan"
) -> Completion:
    """Return where one scope of a plan stands."""
    found = await completions(session, [plan_id], today, prefix=scope)
    return found.get(scope, summarise([], today))


async def year_completions(
    session: AsyncSession, year: int, today: date, *, units: bool = True
) -> dict[str, Completion]:
    """Return where every scope of a year stands, over all the plans that make it."""
    return await completions(session, plan_ids_of(year), today, units=units)


async def each_completion(
    session: AsyncSession, plan_ids: Collection[UUID], today: date
) -> dict[UUID, Completion]:
    """Return where each of some plans stands as a whole."""
    cell = CompletionCell
    query = _cells_by(today).where(cell.plan_id.in_(plan_ids), cell.scope == "plan")
    cells: dict[UUID, list[Cell]] = {id_: [] for id_ in plan_ids}
    for _, due_on, *counts, plan_id in await session.execute(
        query.add_columns(cell.plan_id).group_by(cell.plan_id)
    ):
        cells[plan_id].append(_cell(due_on, counts))
    return {plan_id: summarise(found, today) for plan_id, found in cells.items()}


async def completions(
    session: AsyncSession,
    plan_ids: Collection[UUID] | Select[UUID],
    today: date,
    *,
    prefix: str = "",
    units: bool = True,
) -> dict[str, Completion]:
    """Return where every scope of some plans together stands whose name begins with `prefix`.

    `units` False: not the single units, which are most of the cells.
    """
    query = _cells_by(today).where(
        CompletionCell.plan_id.in_(plan_ids), CompletionCell.scope.startswith(prefix)
    )
    if not units:
        query = query.where(
            CompletionCell.scope.not_like("unit:%"), CompletionCell.scope.not_like("helps:%")
        )
    cells: dict[str, list[Cell]] = defaultdict(list)
    for scope, due_on, *counts in await session.execute(query):
        cells[scope].append(_cell(due_on, counts))
    return {scope: summarise(found, today) for scope, found in cells.items()}


def _cell(due_on: date, counts: Sequence[int]) -> Cell:
    return Cell(None if due_on == NO_DAY else due_on, Counts(*counts))


def _cells_by(today: date) -> Select[Any]:
    """Add up cells where they are stored: of each scope what is past, of today, to come, undated.

    A year has a cell for each day, a department some hundred scopes; `summarise` tells no more days
    apart than these.
    """
    cell = CompletionCell
    day = func.least(func.greatest(cell.due_on, today - _DAY), today + _DAY)
    period = case((cell.due_on == NO_DAY, NO_DAY), else_=day).label("due_on")
    counts = [cast(func.sum(getattr(cell, name)), BigInteger) for name in COUNTS]
    return select(cell.scope, period, *counts).group_by(cell.scope, period)


async def extended_of(
    session: AsyncSession, plan_ids: Collection[UUID], today: date
) -> dict[UUID, Extended]:
    """Return what of each plan was put off, by the deadlines it has and had; plans with any."""
    rows = await session.execute(_EXTENDED, {"plans": list(plan_ids), "today": today})
    return {
        row.plan_id: Extended(
            Timely(row.due, row.done, row.on_time),
            Timely(row.first_due, row.first_done, row.first_on_time),
        )
        for row in rows
    }
