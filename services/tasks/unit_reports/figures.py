"""What a report is filled in from: the unit's assignments under the plan, as they stand."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypedDict, cast
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Row, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.ids import new_id
from tasks.assignments.asked import Contribution
from tasks.assignments.became import followed
from tasks.assignments.domain import OPEN, is_overdue, on_time
from tasks.assignments.models import Assignment, Entry
from tasks.calendar.moment import Moment
from tasks.directory.models import Unit
from tasks.ladder.domain import days_late
from tasks.measures.models import Measure
from tasks.plans.models import Plan, Task
from tasks.unit_reports.models import UnitReport

A = Assignment


class Line(TypedDict):
    """An assignment that a report names. `day`: handed in, or None while it is owed.

    `days`: calendar days overdue, `late_days`: working days; people are told the latter.
    """

    number: str
    content: str
    product: str
    due_on: str | None
    day: str | None
    on_time: bool | None
    days: int
    late_days: int
    text: str


class MeasureLine(TypedDict):
    """A measure of the unit against what lost points. `number`: of the assignment it became."""

    code: str
    criterion: str
    words: str
    status: str
    number: str | None


class Figures(TypedDict):
    """A unit's figures. `all`, `due`: with a last allowed day, neither cancelled nor continuous.

    `undated`: continuous, or without a day yet. `late`: overdue, or accepted after the day;
    `difficulties`: the last word on each that is open; `accepted`: results that were accepted.
    `measures`: against what lost points the year before, those that were not returned.
    """

    as_of: str
    all: int
    done: int
    due: int
    done_due: int
    overdue: int
    waiting: int
    paused: int
    undated: int
    contributions_asked: int
    contributions_given: int
    contributions_on_time: int
    late: list[Line]
    difficulties: list[Line]
    accepted: list[Line]
    measures: list[MeasureLine]


def owes() -> ColumnElement[bool]:
    """Return the condition on `assignment` by which its unit owes a report of its plan."""
    return A.status != "cancelled"


def under(plan_id: Any) -> ColumnElement[bool]:
    """Return the condition on `assignment` by which a report of a plan speaks of it.

    What is in the plan, and what was done under the plans it replaced, of which nobody reports any
    more. `plan_id`: an id, or the column of one.
    """
    chain = _replaced()
    earlier = select(chain.c.id).where(chain.c.last_id == plan_id)
    return or_(A.plan_id == plan_id, and_(A.status == "done", A.plan_id.in_(earlier)))


def _replaced() -> CTE:
    """Return `id`, `last_id` of each plan that another replaced, and of those that did so since."""
    first, older = aliased(Plan), aliased(Plan)
    columns = (first.id.label("id"), first.successor_id.label("last_id"))
    chain = select(*columns).where(first.successor_id.is_not(None)).cte(recursive=True)
    onward = select(older.id, chain.c.last_id).join(chain, older.successor_id == chain.c.id)
    return chain.union(onward)


def reports() -> ColumnElement[bool]:
    """Return the condition on `unit` that it reports: at work, and not the department itself."""
    return and_(Unit.active, Unit.kind != "department")


def reporting_units(plan_id: UUID) -> Any:
    """Select the units that lead something in a plan and report of it."""
    leads = select(A.id).where(under(plan_id), A.unit_id == Unit.id, owes()).exists()
    return select(Unit.id).where(leads, reports())


async def led(session: AsyncSession, plan_id: UUID, unit_id: UUID) -> int:
    """Count what a unit leads in a plan; 0 for one that reports to nobody."""
    count = (
        select(func.count())
        .select_from(A)
        .join(Unit, Unit.id == A.unit_id)
        .where(under(plan_id), A.unit_id == unit_id, owes(), reports())
    )
    return (await session.execute(count)).scalar_one()


async def owe(session: AsyncSession, plan_id: UUID, units: Sequence[UUID]) -> None:
    """Note that units owe a report of a plan; those that are noted stay as they are."""
    rows = [
        {"id": new_id(), "version": 0, "plan_id": plan_id, "unit_id": unit_id, "status": "owed"}
        for unit_id in sorted(units)
    ]
    if rows:
        await session.execute(insert(UnitReport).values(rows).on_conflict_do_nothing())


async def figures_of(session: AsyncSession, plan: Plan, unit_id: UUID, at: Moment) -> Figures:
    """Gather a unit's figures in five statements."""
    mine = and_(under(plan.id), A.unit_id == unit_id)
    counts = await _counts(session, mine, at.today)
    lines = await _lines(session, mine, at)
    given = await _contributions(session, plan.id, unit_id)
    measures = await _measures(session, plan, unit_id)
    known = {"as_of": at.now.isoformat(), **counts, **given, **lines, "measures": measures}
    return cast("Figures", known)


async def _counts(session: AsyncSession, mine: ColumnElement[bool], today: date) -> dict[str, int]:
    """Count as the lists of assignments do: `assignments.lists.Counts`."""
    stays = A.status != "cancelled"
    counted = and_(stays, A.due_on.is_not(None), A.deadline_kind != "continuous")
    due = and_(counted, A.due_on <= today, A.paused_on.is_(None))
    is_open = A.status.in_(sorted(OPEN))
    tests = {
        "all": counted,
        "done": and_(counted, A.status == "done"),
        "due": due,
        "done_due": and_(due, A.status == "done"),
        "overdue": and_(is_open, A.due_on < today, A.paused_on.is_(None)),
        "waiting": A.status == "submitted",
        "paused": and_(is_open, A.paused_on.is_not(None)),
        "undated": and_(stays, or_(A.due_on.is_(None), A.deadline_kind == "continuous")),
    }
    columns = [func.count().filter(test).label(name) for name, test in tests.items()]
    return dict((await session.execute(select(*columns).where(mine))).one()._asdict())


async def _lines(
    session: AsyncSession, mine: ColumnElement[bool], at: Moment
) -> dict[str, list[Line]]:
    trouble = (
        select(Entry.assignment_id, Entry.difficulty)
        .ext(distinct_on(Entry.assignment_id))
        .join(A, A.id == Entry.assignment_id)
        .where(mine, Entry.difficulty.is_not(None), Entry.difficulty != "")
        .order_by(Entry.assignment_id, Entry.version.desc())
        .subquery()
    )
    statement = (
        select(
            A.number, Task.content, Task.product, A.status, A.due_on, A.submitted_on, A.paused_on,
            trouble.c.difficulty,
        )
        .join(Task, Task.id == A.task_id)
        .outerjoin(trouble, trouble.c.assignment_id == A.id)
        .where(mine, owes())
        .order_by(A.due_on, A.year, A.sequence)
    )  # fmt: skip
    return _sorted_out((await session.execute(statement)).all(), at)


def _sorted_out(rows: Iterable[Row[Any]], at: Moment) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {"late": [], "difficulties": [], "accepted": []}
    for row in rows:
        line = _line(row, at)
        if row.status == "done":
            found["accepted"].append(line)
        if line["days"] or line["on_time"] is False:
            found["late"].append(line)
        if row.status in OPEN and row.difficulty:
            found["difficulties"].append(line)
    return found


def _line(row: Row[Any], at: Moment) -> Line:
    done = row.status == "done" and row.submitted_on is not None
    late = is_overdue(row.status, row.due_on, at.today, paused=row.paused_on is not None)
    return Line(
        number=row.number,
        content=row.content,
        product=row.product,
        due_on=f"{row.due_on}" if row.due_on else None,
        day=f"{row.submitted_on}" if done else None,
        on_time=on_time(row.submitted_on, row.due_on) if done else None,
        days=(at.today - row.due_on).days if late else 0,
        late_days=days_late(row.due_on, at.today, at.calendar) if late else 0,
        text=row.difficulty or "",
    )


async def _contributions(session: AsyncSession, plan_id: UUID, unit_id: UUID) -> dict[str, int]:
    stands = Contribution.status.in_(["given", "accepted"])
    tests: dict[str, ColumnElement[bool]] = {
        "contributions_asked": Contribution.status != "withdrawn",
        "contributions_given": stands,
        "contributions_on_time": and_(stands, Contribution.on_time.is_(True)),
    }
    columns = [func.count().filter(test).label(name) for name, test in tests.items()]
    statement = (
        select(*columns)
        .join(A, A.id == Contribution.assignment_id)
        .where(under(plan_id), Contribution.unit_id == unit_id)
    )
    return dict((await session.execute(statement)).one()._asdict())


async def _measures(session: AsyncSession, plan: Plan, unit_id: UUID) -> list[MeasureLine]:
    """Return measures the unit leads under this plan, or proposed against the year before."""
    rows = followed(select(Measure.assignment_id).where(Measure.assignment_id.is_not(None)))
    led = (
        select(rows.c.root_id, func.array_agg(aggregate_order_by(A.number, A.sequence)))
        .join(A, A.id == rows.c.id)
        .where(under(plan.id), A.unit_id == unit_id, owes())
        .group_by(rows.c.root_id)
    )
    numbers = {row[0]: ", ".join(row[1]) for row in await session.execute(led)}
    waits = and_(
        Measure.status == "proposed", Measure.unit_id == unit_id, Measure.year == plan.year - 1
    )
    statement = (
        select(Measure)
        .where(or_(Measure.assignment_id.in_(list(numbers)), waits))
        .order_by(Measure.code, Measure.proposed_at, Measure.id)
    )
    return [
        MeasureLine(
            code=each.code,
            criterion=each.criterion,
            words=each.words,
            status=each.status,
            number=numbers.get(each.assignment_id),
        )
        for each in await session.scalars(statement)
    ]
