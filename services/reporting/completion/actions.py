"""Facts of assignments, and the cells that change with them by new − old."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from contracts.tasks import AssignmentState
from reporting import marks
from reporting.completion.domain import Change, Counts, changes, helping
from reporting.completion.models import COUNTS, AssignmentFact, CompletionCell
from reporting.marks import CompletionOf, Moved, ParOf
from reporting.sources.models import Plan

NO_DAY = date.min
Key = tuple[UUID, str, date]
Old = AssignmentState | None
LinksOf = Callable[[AsyncSession, set[UUID]], Awaitable[Mapping[UUID, Sequence[str]]]]
"""Says which sub-criteria tasks are linked to. Links stand above: whoever calls brings it along."""

# Rows that are missing are made first, so that two workers take turns; what another made and
# committed meanwhile is in neither part.
_LOCK = text("""
    WITH made AS (
      INSERT INTO assignment_fact (assignment_id, version)
      SELECT id, 0 FROM unnest(CAST(:ids AS uuid[])) AS g(id) ORDER BY id ON CONFLICT DO NOTHING
      RETURNING assignment_id, version, state
    )
    SELECT assignment_id, version, state, now() AS now FROM made
    UNION ALL SELECT assignment_id, version, state, now() FROM (
      SELECT assignment_id, version, state FROM assignment_fact
      WHERE assignment_id = ANY(CAST(:ids AS uuid[])) ORDER BY assignment_id FOR UPDATE
    ) AS found
""")
_NAMES = ", ".join(COUNTS)
_ADD = f"""
    INSERT INTO completion_cell AS cell (plan_id, scope, due_on, {_NAMES})
    SELECT * FROM unnest(CAST(:plans AS uuid[]), CAST(:scopes AS text[]), CAST(:days AS date[]),
      {", ".join(f"CAST(:{name} AS bigint[])" for name in COUNTS)})
    ON CONFLICT (plan_id, scope, due_on) DO UPDATE SET
      {", ".join(f"{name} = cell.{name} + excluded.{name}" for name in COUNTS)}
"""  # noqa: S608 - our own column names
_ADD_TO_CELLS = text(_ADD)
_STORE = text(f"""
    WITH given AS (
      SELECT state, g.* FROM unnest(CAST(:states AS text[])) AS written,
        LATERAL CAST(written AS jsonb) AS state,
        LATERAL jsonb_to_record(state) AS g(assignment_id uuid, version bigint, plan_id uuid,
          plan_year integer, task_id uuid, unit_id uuid, task_number text, subject_matter text,
          content text)
    ), facts AS (
      UPDATE assignment_fact AS f SET version = given.version, plan_id = given.plan_id,
        task_id = given.task_id, unit_id = given.unit_id, state = given.state
      FROM given WHERE f.assignment_id = given.assignment_id
    ), tasks AS (
      INSERT INTO task (id, plan_id, year, number, subject_matter, content)
      SELECT task_id, plan_id, plan_year, task_number, subject_matter, content FROM given
      ORDER BY task_id ON CONFLICT DO NOTHING
    )
    {_ADD}
""")  # noqa: S608 - our own column names


async def apply(
    session: AsyncSession, states: Iterable[AssignmentState], links_of: LinksOf
) -> Moved:
    """Take assignments, one at least, into the facts and cells; return what that moves.

    The newest version wins, whatever the order; an older or equal one changes nothing.
    """
    newest: dict[UUID, AssignmentState] = {}
    for state in sorted(states, key=lambda s: s.version):
        newest[state.assignment_id] = state
    locked = await _locked(session, list(newest))
    fresh = [
        (row.state and AssignmentState.model_validate(row.state), newest[row.assignment_id])
        for row in locked
        if newest[row.assignment_id].version > row.version
    ]
    if fresh:
        await _store(session, fresh, links_of)
    plans = {(new.plan_id, new.plan_year) for _, new in fresh}
    moved = {mark for plan_id, year in plans for mark in (CompletionOf(plan_id), ParOf(year))}
    return Moved(moved, locked[0].now)


async def remove(session: AsyncSession, ids: Sequence[UUID], links_of: LinksOf) -> None:
    """Take assignments out of the facts and cells, as if they had never been."""
    rows = [row for row in await _locked(session, list(ids)) if row.state]
    states = [AssignmentState.model_validate(row.state) for row in rows]
    codes = await links_of(session, {state.task_id for state in states})
    deltas: dict[Key, Counts] = defaultdict(Counts)
    for state in states:
        _move(deltas, state, None, codes.get(state.task_id, ()))
    await session.execute(_ADD_TO_CELLS, _columns(deltas))
    await session.execute(
        delete(AssignmentFact)
        .where(AssignmentFact.assignment_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    moved = {mark for s in states for mark in (CompletionOf(s.plan_id), ParOf(s.plan_year))}
    await marks.mark_acted(session, moved, await database_now(session))


async def begin_day(session: AsyncSession, now: datetime) -> None:
    """Mark the active plans' figures once a day: what is due changes without any event."""
    if not await marks.is_first_look(session, local_date(now)):
        return
    plans = await session.execute(select(Plan.id, Plan.year).where(Plan.status == "active"))
    moved = {mark for id_, year in plans for mark in (CompletionOf(id_), ParOf(year))}
    await marks.mark_acted(session, moved, now)


async def relink(session: AsyncSession, plan_ids: Iterable[UUID], links_of: LinksOf) -> None:
    """Recompute the sub-criteria's cells of plans from the facts, after links changed."""
    for plan_id in sorted(set(plan_ids)):
        await session.execute(
            delete(CompletionCell)
            .where(CompletionCell.plan_id == plan_id, CompletionCell.scope.like("sub:%"))
            .execution_options(synchronize_session=False)
        )
        states = await states_of(session, plan_id)
        codes = await links_of(session, {state.task_id for state in states})
        deltas: dict[Key, Counts] = defaultdict(Counts)
        for state in states:
            for code in codes.get(state.task_id, ()):
                _add(deltas, plan_id, f"sub:{code}", changes(None, state))
        await session.execute(_ADD_TO_CELLS, _columns(deltas))


async def states_of(session: AsyncSession, plan_id: UUID) -> list[AssignmentState]:
    """Return the newest state of every assignment of a plan."""
    rows = await session.scalars(
        select(AssignmentFact.state)
        .where(AssignmentFact.plan_id == plan_id)
        .order_by(AssignmentFact.assignment_id)
    )
    return [AssignmentState.model_validate(state) for state in rows]


def scopes(state: AssignmentState, codes: Iterable[str]) -> list[str]:
    """Return the scopes an assignment counts in: the plan, its unit, linked sub-criteria."""
    return ["plan", f"unit:{state.unit_id}", *(f"sub:{code}" for code in codes)]


def counted(state: AssignmentState, codes: Iterable[str]) -> list[tuple[str, Change]]:
    """Return what one version of an assignment adds to which scopes.

    Beside its own ones `helps`, all that coordinating units were asked for, and `helps:<unit>`.
    """
    own = [(scope, each) for scope in scopes(state, codes) for each in changes(None, state)]
    helped = [
        (scope, Change(*cell))
        for unit_id, cell in helping(state)
        for scope in ("helps", f"helps:{unit_id}")
    ]
    return own + helped


async def _store(
    session: AsyncSession, fresh: Sequence[tuple[Old, AssignmentState]], links_of: LinksOf
) -> None:
    codes = await links_of(session, {new.task_id for _, new in fresh})
    deltas: dict[Key, Counts] = defaultdict(Counts)
    for old, new in fresh:
        _move(deltas, old, new, codes.get(new.task_id, ()))
    states = [new.model_dump_json() for _, new in fresh]
    await session.execute(_STORE, {"states": states, **_columns(deltas)})


def _move(
    deltas: dict[Key, Counts], old: Old, new: AssignmentState | None, codes: Sequence[str]
) -> None:
    """Take away what the old version adds, and add what the new one does."""
    if old is not None:
        for scope, change in counted(old, codes):
            _add(deltas, old.plan_id, scope, [Change(change.due_on, Counts() - change.counts)])
    if new is not None:
        for scope, change in counted(new, codes):
            _add(deltas, new.plan_id, scope, [change])


def _columns(deltas: Mapping[Key, Counts]) -> dict[str, Sequence[Any]]:
    """Return what moves as columns, sorted by key so that two workers do not deadlock."""
    moved = [(key, deltas[key]) for key in sorted(deltas) if deltas[key] != Counts()]
    return {
        "plans": [plan_id for (plan_id, _, _), _ in moved],
        "scopes": [scope for (_, scope, _), _ in moved],
        "days": [due_on for (_, _, due_on), _ in moved],
        **{name: [getattr(counts, name) for _, counts in moved] for name in COUNTS},
    }


def _add(deltas: dict[Key, Counts], plan_id: UUID, scope: str, found: Iterable[Change]) -> None:
    for change in found:
        key = (plan_id, scope, change.due_on or NO_DAY)
        deltas[key] += change.counts


async def _locked(session: AsyncSession, ids: list[UUID]) -> Sequence[Row[Any]]:
    """Lock the facts' rows, making those that are missing."""
    rows: Sequence[Row[Any]] = ()
    while len(rows) < len(ids):
        rows = (await session.execute(_LOCK, {"ids": ids})).all()
    return rows
