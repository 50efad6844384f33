"""Facts of assignments, and the cells that change with them by new − old."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import AssignmentState
from reporting.domain.completion import Cell, Change, Completion, Counts, changes, summarise
from reporting.models import COUNTS, assignment_fact, completion_cell, criteria_set, link, task

NO_DAY = date.min
Key = tuple[UUID, str, date]

_HOLD = text("""
    INSERT INTO assignment_fact (assignment_id, version)
    SELECT id, 0 FROM unnest(CAST(:ids AS uuid[])) AS g(id) ORDER BY id ON CONFLICT DO NOTHING
""")
# Rows go beside a statement, not into it: `values(rows)` would be compiled anew for each batch.
_GIVEN_FACT, _GIVEN_CELL = insert(assignment_fact), insert(completion_cell)
_FACT = _GIVEN_FACT.on_conflict_do_update(
    index_elements=["assignment_id"],
    set_={
        name: _GIVEN_FACT.excluded[name]
        for name in ("version", "plan_id", "task_id", "unit_id", "state")
    },
)
_ADD = _GIVEN_CELL.on_conflict_do_update(
    index_elements=["plan_id", "scope", "due_on"],
    set_={name: completion_cell.c[name] + _GIVEN_CELL.excluded[name] for name in COUNTS},
)
_LOCK = (
    select(assignment_fact.c.assignment_id, assignment_fact.c.version, assignment_fact.c.state)
    .order_by(assignment_fact.c.assignment_id)
    .with_for_update()
)


async def apply(session: AsyncSession, states: Iterable[AssignmentState]) -> set[tuple[UUID, int]]:
    """Take assignments into the facts and cells; return the (plan, year) touched.

    The newest version wins, whatever the order; an older or equal one changes nothing.
    """
    newest: dict[UUID, AssignmentState] = {}
    for state in sorted(states, key=lambda s: s.version):
        newest[state.assignment_id] = state
    before = await _locked(session, list(newest))
    fresh = [
        (old, newest[id_])
        for id_, (version, old) in before.items()
        if newest[id_].version > version
    ]
    if not fresh:
        return set()
    await _store(session, [new for _, new in fresh])
    codes = await links_of(session, {new.task_id for _, new in fresh})
    deltas: dict[Key, Counts] = defaultdict(Counts)
    for old, new in fresh:
        for scope in scopes(new, codes.get(new.task_id, ())):
            _add(deltas, new.plan_id, scope, changes(old, new))
    await add_to_cells(session, deltas)
    return {(new.plan_id, new.plan_year) for _, new in fresh}


def scopes(state: AssignmentState, codes: Iterable[str]) -> list[str]:
    """Return the scopes an assignment counts in: the plan, its unit, linked sub-criteria."""
    return ["plan", f"unit:{state.unit_id}", *(f"sub:{code}" for code in codes)]


async def links_of(session: AsyncSession, task_ids: set[UUID]) -> dict[UUID, list[str]]:
    """Return the sub-criteria that each task is linked to."""
    rows = await session.execute(
        select(link.c.task_id, link.c.sub_criterion)
        .join(criteria_set, criteria_set.c.id == link.c.criteria_set_id)
        .where(link.c.task_id.in_(task_ids), criteria_set.c.status == "published")
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for task_id, code in rows:
        found[task_id].append(code)
    return found


async def relink(session: AsyncSession, plan_ids: Iterable[UUID]) -> None:
    """Recompute the sub-criteria's cells of plans from the facts, after links changed."""
    for plan_id in sorted(set(plan_ids)):
        await session.execute(
            completion_cell.delete().where(
                completion_cell.c.plan_id == plan_id, completion_cell.c.scope.like("sub:%")
            )
        )
        states = await states_of(session, plan_id)
        codes = await links_of(session, {state.task_id for state in states})
        deltas: dict[Key, Counts] = defaultdict(Counts)
        for state in states:
            for code in codes.get(state.task_id, ()):
                _add(deltas, plan_id, f"sub:{code}", changes(None, state))
        await add_to_cells(session, deltas)


async def states_of(session: AsyncSession, plan_id: UUID) -> list[AssignmentState]:
    """Return the newest state of every assignment of a plan."""
    rows = await session.execute(
        select(assignment_fact.c.state)
        .where(assignment_fact.c.plan_id == plan_id)
        .order_by(assignment_fact.c.assignment_id)
    )
    return [AssignmentState.model_validate(state) for state in rows.scalars()]


async def completion(
    session: AsyncSession, plan_id: UUID, today: date, scope: str = "plan"
) -> Completion:
    """Return where one scope of a plan stands."""
    found = await completions(session, plan_id, today, prefix=scope)
    return found.get(scope, summarise([], today))


async def completions(
    session: AsyncSession, plan_id: UUID, today: date, *, prefix: str = ""
) -> dict[str, Completion]:
    """Return where every scope of a plan stands whose name begins with `prefix`."""
    rows = await session.execute(
        select(completion_cell).where(
            completion_cell.c.plan_id == plan_id, completion_cell.c.scope.startswith(prefix)
        )
    )
    cells: dict[str, list[Cell]] = defaultdict(list)
    for row in rows:
        due_on = None if row.due_on == NO_DAY else row.due_on
        cells[row.scope].append(Cell(due_on, Counts(*(getattr(row, name) for name in COUNTS))))
    return {scope: summarise(found, today) for scope, found in cells.items()}


async def add_to_cells(session: AsyncSession, deltas: Mapping[Key, Counts]) -> None:
    """Add to cells, sorted by key so that two workers do not deadlock."""
    rows = [
        {"plan_id": plan_id, "scope": scope, "due_on": due_on,
         **dict(zip(COUNTS, astuple(counts), strict=True))}
        for (plan_id, scope, due_on), counts in sorted(deltas.items())
        if counts != Counts()
    ]  # fmt: skip
    if not rows:
        return
    await session.execute(_ADD, rows)


def _add(deltas: dict[Key, Counts], plan_id: UUID, scope: str, found: Iterable[Change]) -> None:
    for change in found:
        key = (plan_id, scope, change.due_on or NO_DAY)
        deltas[key] += change.counts


async def _locked(
    session: AsyncSession, ids: list[UUID]
) -> dict[UUID, tuple[int, AssignmentState | None]]:
    """Lock the facts' rows, making those that are missing, so that two workers take turns."""
    await session.execute(_HOLD, {"ids": ids})
    rows = await session.execute(_LOCK.where(assignment_fact.c.assignment_id.in_(ids)))
    return {
        id_: (version, AssignmentState.model_validate(state) if state else None)
        for id_, version, state in rows
    }


async def _store(session: AsyncSession, states: list[AssignmentState]) -> None:
    rows = [
        {"assignment_id": s.assignment_id, "version": s.version, "plan_id": s.plan_id,
         "task_id": s.task_id, "unit_id": s.unit_id, "state": s.model_dump(mode="json")}
        for s in sorted(states, key=lambda s: s.assignment_id)
    ]  # fmt: skip
    await session.execute(_FACT, rows)
    tasks = {
        s.task_id: {"id": s.task_id, "plan_id": s.plan_id, "year": s.plan_year,
                    "number": s.task_number, "subject_matter": s.subject_matter,
                    "content": s.content}
        for s in states
    }  # fmt: skip
    ordered = [tasks[id_] for id_ in sorted(tasks)]
    await session.execute(insert(task).on_conflict_do_nothing(), ordered)
