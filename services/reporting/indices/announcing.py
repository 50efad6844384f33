"""Telling that a figure moved: at most once per index and second, with what is behind it.

A batch marks what it touched; whoever comes first after a second, the same batch or the ticker,
computes the figures once and announces those that changed. A batch of answers leaves that to the
ticker: the answers in it, and those behind it, would wait for it.

Who announces a figure holds its advisory lock, not its mark: batches go on marking it meanwhile.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import live
from chassis.clock import local_date
from chassis.messaging import outbox
from chassis.messaging.events import waiting_since
from contracts.events import Event
from contracts.reporting import (
    IndexChanged,
    IndexKind,
    IndexState,
    TargetMissed,
    TargetRecovered,
)
from reporting.completion import actions as completion
from reporting.models import index_state
from reporting.par.inputs import KINDS
from reporting.satisfaction import actions as satisfaction
from reporting.satisfaction.domain import meets_target
from reporting.score_sheets import sheets as figures
from reporting.shown import decimal, shown
from reporting.sources import actions as projections

TOPIC = "indices"
Touch = tuple[str, str]
"""Kind and scope: ("completion", plan id), ("satisfaction", round id) or ("par", year)."""

left_waiting = asyncio.Event()
"""Set when this process touched figures: wakes its own loop; others look once a second."""

_TOUCH = text("""
    INSERT INTO touched AS t (kind, scope, since)
    SELECT kind, scope, CAST(:since AS timestamptz)
    FROM unnest(CAST(:kinds AS text[]), CAST(:scopes AS text[])) AS g(kind, scope) ORDER BY 1, 2
    ON CONFLICT (kind, scope) DO UPDATE SET since = least(t.since, excluded.since)
    RETURNING t.announced_at <= clock_timestamp() - interval '1 second' AS due
""")
_WAITING = text("SELECT EXISTS (SELECT FROM touched WHERE since IS NOT NULL)")
_DUE = text("""
    SELECT kind, scope, CAST(xmin AS text) AS mark FROM touched
    WHERE since IS NOT NULL AND announced_at <= clock_timestamp() - interval '1 second'
    AND pg_try_advisory_xact_lock(hashtext(kind), hashtext(scope))
    ORDER BY kind, scope
""")
_OLD = text("""
    SELECT version, value, denominator, target_met FROM index_state WHERE id = :id FOR UPDATE
""")
_MOVED = text("""
    WITH moved AS (
      UPDATE index_state SET version = :version, value = CAST(:value AS numeric),
        numerator = CAST(:numerator AS numeric), denominator = CAST(:denominator AS numeric),
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


@dataclass(frozen=True)
class Computed:
    """A figure as it may be shown now; `target` what it is held against, if anything."""

    kind: IndexKind
    scope_id: UUID
    year: int
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal
    method: str
    target: tuple[UUID, Any] | None = None

    @property
    def id(self) -> UUID:
        """The index's id: a function of what it is."""
        return uuid5(NAMESPACE_OID, f"{self.kind}:{self.scope_id}")


async def touch(session: AsyncSession, touches: Iterable[Touch], now: datetime) -> None:
    """Mark figures that may have moved, then announce those that are due."""
    if await mark_moved(session, touches, now):
        await announce_due(session, now)


async def mark_moved(session: AsyncSession, touches: Iterable[Touch], now: datetime) -> bool:
    """Mark figures that may have moved; return whether one of them may be announced at once.

    A mark says since when the oldest change behind it waits to be seen, from its commit on.
    """
    marks = sorted(set(touches))
    if not marks:
        return False
    waiting = waiting_since.get()
    since = min(now, datetime.fromtimestamp(waiting, UTC)) if waiting else now
    kinds, scopes = zip(*marks, strict=True)
    given = {"kinds": list(kinds), "scopes": list(scopes), "since": since}
    due = (await session.execute(_TOUCH, given)).scalars().all()
    left_waiting.set()
    return any(due)


async def announce_due(session: AsyncSession, now: datetime) -> int:
    """Announce what changed and was not announced in the last second; return how many indices."""
    due = (await session.execute(_DUE)).all()
    announced = 0
    for kind, scope, _ in due:
        for computed in await compute(session, kind, scope, now):
            announced += await _announce(session, computed, now)
    for kind, scope, mark in due:  # last: from here to the commit batches wait for their marks
        await session.execute(_ANNOUNCED, {"kind": kind, "scope": scope, "mark": mark, "now": now})
    return announced


async def anything_waits(session: AsyncSession) -> bool:
    """Whether a touched figure still waits for its second to pass."""
    return bool((await session.execute(_WAITING)).scalar_one())


async def compute(session: AsyncSession, kind: str, scope: str, now: datetime) -> list[Computed]:
    """Return the figures of one kind and scope."""
    if kind == "completion":
        return await _completion(session, UUID(scope), now)
    if kind == "satisfaction":
        return await _satisfaction(session, UUID(scope))
    return await _par(session, int(scope), now)


async def _completion(session: AsyncSession, plan_id: UUID, now: datetime) -> list[Computed]:
    plan = await projections.plan_of(session, plan_id)
    if plan is None:
        return []
    found = await completion.completion(session, plan_id, local_date(now))
    return [
        Computed("completion", plan_id, plan.year, shown(found.rate_all),
                 Decimal(found.counts.done), Decimal(found.counts.total), "done/all")
    ]  # fmt: skip


async def _satisfaction(session: AsyncSession, round_id: UUID) -> list[Computed]:
    round_ = await projections.round_of(session, round_id)
    tally = await satisfaction.department_tally(session, round_) if round_ else None
    if round_ is None or tally is None:
        return []
    measure = figures.overall(tally, figures.department(tally.live))
    value = measure.value if tally.n >= round_.min_n else None
    counts = measure.counts
    return [
        Computed("satisfaction", round_id, round_.year, shown(value),
                 Decimal(counts.satisfied if value is not None else 0),
                 Decimal(counts.valid if value is not None else 0),
                 f"{round_.method}/{round_.aggregator}",
                 await _target(session, round_.year, "satisfaction"))
    ]  # fmt: skip


async def _par(session: AsyncSession, year: int, now: datetime) -> list[Computed]:
    found = await figures.year_sheet(session, year, local_date(now))
    if found is None:
        return []
    target = await _target(session, year, "par")
    computed = []
    for kind in KINDS:
        figure = found.sheet.figure(kind)
        computed.append(
            Computed(f"par_{kind}", found.published.id, year, shown(figure.value),  # type: ignore[arg-type]  # one of IndexKind's own
                     decimal(figure.points), decimal(figure.applicable),
                     f"{found.published.body.code} v{found.published.set_version}",
                     target if kind == "official" else None)
        )  # fmt: skip
    return computed


async def _target(session: AsyncSession, year: int, index: str) -> tuple[UUID, Any] | None:
    found = await figures.target_of(session, year, index)
    return found and (found[0].plan_id, found[1])


async def _announce(session: AsyncSession, computed: Computed, now: datetime) -> bool:
    old = await _old(session, computed)
    if old.version and (old.value, old.denominator) == (computed.value, computed.denominator):
        return False
    met = _met(computed)
    state = _state(computed, old.version + 1)
    events: list[Event] = [IndexChanged(index=state, previous=old.value)]
    if said := _crossed(computed, old.version + 2, was=old.target_met, met=met):
        events.append(said)
    await _store(session, computed, events[-1].version, met, now)
    await outbox.add(session, *events, now=now)
    payload = {**state.model_dump(mode="json"), "previous": _text(old.value)}
    change = live.Push(TOPIC, payload, event="index_changed", coalesce=str(computed.id))
    await live.push(session, change)
    return True


def _state(computed: Computed, version: int) -> IndexState:
    return IndexState(
        index_id=computed.id, version=version, kind=computed.kind, scope_id=computed.scope_id,
        unit_id=None, year=computed.year, value=computed.value, numerator=computed.numerator,
        denominator=computed.denominator, method=computed.method,
    )  # fmt: skip


async def _old(session: AsyncSession, computed: Computed) -> Any:
    """Return the index as last announced, locked; the first time it is made."""
    if (row := (await session.execute(_OLD, {"id": computed.id})).first()) is not None:
        return row
    await session.execute(
        upsert(index_state)
        .values(id=computed.id, kind=computed.kind, scope_id=computed.scope_id, year=computed.year)
        .on_conflict_do_nothing()
    )
    return (await session.execute(_OLD, {"id": computed.id})).one()


def _met(computed: Computed) -> bool | None:
    if computed.target is None:
        return None
    target = computed.target[1]
    return meets_target(computed.value, target.comparison, target.value)


def _crossed(
    computed: Computed, version: int, *, was: bool | None, met: bool | None
) -> TargetMissed | TargetRecovered | None:
    """Return what to say when a figure loses or regains its target; nothing while unknown."""
    if computed.target is None or met is None or met == was or (met and was is None):
        return None
    plan_id, target = computed.target
    said = TargetRecovered if met else TargetMissed
    return said(
        index=_state(computed, version), plan_id=plan_id, comparison=target.comparison,
        target=target.value,
    )  # fmt: skip


async def _store(
    session: AsyncSession, computed: Computed, version: int, met: bool | None, now: datetime
) -> None:
    values = {
        "id": computed.id, "version": version, "value": computed.value,
        "numerator": computed.numerator, "denominator": computed.denominator, "met": met,
        "at": now,
    }  # fmt: skip
    await session.execute(_MOVED, values)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
