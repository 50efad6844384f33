"""Telling that a figure moved: at most once per index and second, with what is behind it.

A batch marks what it touched; whoever comes first after a second, the same batch or the ticker,
computes the figures once and announces those that changed. A batch of answers leaves that to the
ticker: the answers in it, and those behind it, would wait for it. So does what somebody does.

Who announces a figure holds its advisory lock, not its mark: batches go on marking it meanwhile.
Only handlers and the clock's loops come here; everybody below marks.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import live
from chassis.messaging import outbox
from contracts.events import Event
from contracts.reporting import IndexChanged, IndexState, TargetMissed, TargetRecovered
from reporting import marks
from reporting.indices import telling
from reporting.indices.figures import Computed, compute
from reporting.indices.models import AnnouncedIndex
from reporting.marks import TOPIC, Mark, Moved, ParOf, SatisfactionOf
from reporting.releases import publications
from reporting.releases.drawing import to_the_hour
from reporting.releases.due import release_if_due
from reporting.sources.targets import meets_target

log = structlog.get_logger()

_LEFT = text("""
    SELECT extract(epoch FROM min(greatest(announced_at, now - interval '1 second'))
      + interval '1 second' - now)::float8
    FROM touched, clock_timestamp() AS now WHERE since IS NOT NULL AND announced_at <= now
    GROUP BY now
""")
_DUE = text("""
    SELECT kind, scope, CAST(xmin AS text) AS mark FROM touched
    WHERE since IS NOT NULL AND announced_at <= clock_timestamp() - interval '1 second'
    AND (:releases OR kind <> 'satisfaction')
    AND pg_try_advisory_xact_lock(hashtext(kind), hashtext(scope))
    ORDER BY kind, scope
""")
_OLD = text("""
    SELECT version, value, denominator, covered, target_met FROM index_state
    WHERE id = :id FOR UPDATE
""")
_MOVED = text("""
    WITH moved AS (
      UPDATE index_state SET version = :version, value = CAST(:value AS numeric),
        numerator = CAST(:numerator AS numeric), denominator = CAST(:denominator AS numeric),
        covered = CAST(:covered AS numeric),
        target_met = coalesce(CAST(:met AS boolean), target_met)
      WHERE id = :id
    )
    INSERT INTO index_point (index_id, at, value) VALUES (:id, :at, CAST(:value AS numeric))
""")
# Marked again meanwhile: there may be more than was announced, but nothing from before `now`.
_ANNOUNCED = text("""
    UPDATE touched SET announced_at = clock_timestamp(),
      since = CASE WHEN CAST(xmin AS text) <> :mark THEN greatest(since, CAST(:now AS timestamptz))
      END
    WHERE kind = :kind AND scope = :scope
""")
_SET_ASIDE = text("""
    UPDATE touched SET announced_at = clock_timestamp() + interval '1 minute'
    WHERE kind = :kind AND scope = :scope
""")


async def touch(session: AsyncSession, moved: Moved) -> None:
    """Mark figures that a batch may have moved, then announce those that are due.

    Releases are left to the clock: they hold cells of answers, in an order of their own.
    """
    if await marks.mark_moved(session, moved.marks, moved.now):
        await announce_due(session, moved.now, releases=False)


async def announce_due(session: AsyncSession, now: datetime, *, releases: bool = True) -> int:
    """Announce what changed and was not announced in the last second; return how many indices.

    `releases`: also make the releases that rounds are due.
    """
    due = [mark async for mark in _due(session, releases=releases)]
    for mark, _ in due:  # first: what is computed of a year stands on them
        if isinstance(mark, SatisfactionOf):
            await _release(session, mark.round_id, now)
    announced = 0
    for mark, _ in due:
        for computed in await compute(session, mark, now):
            announced += await _announce(session, computed, now)
    for mark, seen in due:  # last: from here to the commit batches wait for their marks
        facts = {"kind": mark.kind, "scope": mark.scope, "mark": seen, "now": now}
        await session.execute(_ANNOUNCED, facts)
    return announced


async def _due(session: AsyncSession, *, releases: bool) -> AsyncIterator[tuple[Mark, str]]:
    """Give the marks whose second has passed, each with what tells whether it is marked again."""
    for kind, scope, seen in (await session.execute(_DUE, {"releases": releases})).all():
        try:
            yield marks.read(kind, scope), seen
        except ValueError as error:
            log.error("mark_broken", kind=kind, scope=scope, error=str(error))
            await session.execute(_SET_ASIDE, {"kind": kind, "scope": scope})


async def _release(session: AsyncSession, round_id: UUID, now: datetime) -> None:
    """Release what is due of a round, tell how many ballots count, and steering its figure."""
    about = await publications.results_of(session, round_id)
    if about is None:
        return
    if await release_if_due(session, about, now):
        await marks.mark_moved(session, [ParOf(about.round.year)], now)
    await telling.tell(session, about)


async def seconds_left(session: AsyncSession) -> float | None:
    """Return until the second of a marked figure has passed, the first's; None: none waits."""
    left: float | None = await session.scalar(_LEFT)
    return left


async def _announce(session: AsyncSession, computed: Computed, now: datetime) -> bool:
    old = await _old(session, computed)
    now_shown = computed.value, computed.denominator, computed.covered
    if old.version and (old.value, old.denominator, old.covered) == now_shown:
        return False
    met = _met(computed)
    state = _state(computed, old.version + 1)
    events: list[Event] = [IndexChanged(index=state, previous=old.value)]
    if crossed := _crossed(computed, old.version + 2, was=old.target_met, met=met):
        events.append(crossed)
    await _store(session, computed, events[-1].version, met, now)
    await _say(session, computed, events, now)
    payload = {**state.model_dump(mode="json"), "previous": _text(old.value)}
    change = live.Push(TOPIC, payload, event="index_changed", coalesce=str(computed.id))
    await live.push(session, change)
    return True


async def _say(
    session: AsyncSession, computed: Computed, events: Sequence[Event], now: datetime
) -> None:
    """Publish what happened; of a satisfaction index no id and no time tells more than the hour."""
    if computed.kind != "satisfaction":
        await outbox.add(session, *events, now=now)
        return
    ids = [uuid5(computed.id, f"{event.version}") for event in events]
    await outbox.add(session, *events, now=to_the_hour(now), event_ids=ids)


def _state(computed: Computed, version: int) -> IndexState:
    return IndexState(
        index_id=computed.id, version=version, kind=computed.kind, scope_id=computed.scope_id,
        unit_id=None, year=computed.year, value=computed.value, numerator=computed.numerator,
        denominator=computed.denominator, method=computed.method, covered=computed.covered,
    )  # fmt: skip


async def _old(session: AsyncSession, computed: Computed) -> Any:
    """Return the index as last announced, locked; the first time it is made."""
    if (row := (await session.execute(_OLD, {"id": computed.id})).first()) is not None:
        return row
    await session.execute(
        insert(AnnouncedIndex)
        .values(id=computed.id, kind=computed.kind, scope_id=computed.scope_id, year=computed.year)
        .on_conflict_do_nothing()
    )
    return (await session.execute(_OLD, {"id": computed.id})).one()


def _met(computed: Computed) -> bool | None:
    if computed.target is None:
        return None
    target = computed.target[1]
    return meets_target(computed.value, target.comparison, target.value, complete=computed.complete)


def _crossed(
    computed: Computed, version: int, *, was: bool | None, met: bool | None
) -> TargetMissed | TargetRecovered | None:
    """Return the event for when a figure loses or regains its target; nothing while unknown."""
    if computed.target is None or met is None or met == was or (met and was is None):
        return None
    plan_id, target = computed.target
    event = TargetRecovered if met else TargetMissed
    return event(
        index=_state(computed, version), plan_id=plan_id, comparison=target.comparison,
        target=target.value,
    )  # fmt: skip


async def _store(
    session: AsyncSession, computed: Computed, version: int, met: bool | None, now: datetime
) -> None:
    values = {
        "id": computed.id, "version": version, "value": computed.value,
        "numerator": computed.numerator, "denominator": computed.denominator,
        "covered": computed.covered, "met": met, "at": now,
    }  # fmt: skip
    await session.execute(_MOVED, values)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
