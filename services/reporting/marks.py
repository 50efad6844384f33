"""What may have moved and is not announced yet. Whoever changes facts marks; others announce.

A mark says since when the oldest change behind it waits to be seen, from its commit on.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.messaging.events import waiting_since
from reporting.tables import Base

TOPIC = "indices"
"""The live topic that everybody follows who reads figures."""

CHANNEL = "marked"
"""On it an act tells the announcers of other processes that it has marked something."""

woken = asyncio.Event()
"""Set when marks were committed: wakes the announcer of this process."""


class Touched(Base):
    """A mark. `since` null: nothing new since `announced_at`."""

    __tablename__ = "touched"

    kind: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime | None]
    announced_at: Mapped[datetime] = mapped_column(server_default=text("'-infinity'"))


@dataclass(frozen=True, slots=True)
class CompletionOf:
    """The completion of a plan may have moved."""

    kind: ClassVar = "completion"
    plan_id: UUID

    @property
    def scope(self) -> str:
        """Return the plan, as it is stored."""
        return str(self.plan_id)


@dataclass(frozen=True, slots=True)
class SatisfactionOf:
    """The satisfaction index of a round may have moved."""

    kind: ClassVar = "satisfaction"
    round_id: UUID

    @property
    def scope(self) -> str:
        """Return the round, as it is stored."""
        return str(self.round_id)


@dataclass(frozen=True, slots=True)
class ParOf:
    """The PAR figures of a year may have moved."""

    kind: ClassVar = "par"
    year: int

    @property
    def scope(self) -> str:
        """Return the year, as it is stored."""
        return str(self.year)


Mark = CompletionOf | SatisfactionOf | ParOf


class Moved(NamedTuple):
    """What a batch may have moved, and when by the database's clock."""

    marks: Collection[Mark]
    now: datetime


def read(kind: str, scope: str) -> Mark:
    """Return the mark that is stored so. Raises ValueError for an unknown kind or a wrong scope."""
    match kind:
        case CompletionOf.kind:
            return CompletionOf(UUID(scope))
        case SatisfactionOf.kind:
            return SatisfactionOf(UUID(scope))
        case ParOf.kind:
            return ParOf(int(scope))
    raise ValueError(f"no mark is of kind {kind}")


_TOUCH = text("""
    INSERT INTO touched AS t (kind, scope, since)
    SELECT kind, scope, CAST(:since AS timestamptz)
    FROM unnest(CAST(:kinds AS text[]), CAST(:scopes AS text[])) AS g(kind, scope) ORDER BY 1, 2
    ON CONFLICT (kind, scope) DO UPDATE SET since = least(t.since, excluded.since)
    RETURNING t.announced_at <= clock_timestamp() - interval '1 second' AS due
""")
_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', '')")
_DAY = text("""
    INSERT INTO touched (kind, scope) VALUES ('day', :today) ON CONFLICT DO NOTHING RETURNING scope
""")


async def mark_moved(session: AsyncSession, marks: Collection[Mark], now: datetime) -> bool:
    """Mark figures that a batch may have moved; return whether one may be announced at once.

    The commit wakes the announcer of this process only: a NOTIFY would make those of batches queue.
    """
    given = sorted({(mark.kind, mark.scope) for mark in marks})
    if not given:
        return False
    waiting = waiting_since.get()
    since = min(now, datetime.fromtimestamp(waiting, UTC)) if waiting else now
    kinds, scopes = zip(*given, strict=True)
    parameters = {"kinds": list(kinds), "scopes": list(scopes), "since": since}
    due = (await session.execute(_TOUCH, parameters)).scalars().all()
    event.listen(session.sync_session, "after_commit", lambda _: woken.set())
    return any(due)


async def mark_acted(session: AsyncSession, marks: Collection[Mark], now: datetime) -> None:
    """Mark figures that somebody's act may have moved; its commit wakes every announcer."""
    await mark_moved(session, marks, now)
    await session.execute(_NOTIFY)


async def is_first_look(session: AsyncSession, today: date) -> bool:
    """Remember that a day has begun; return whether nobody had remembered it before."""
    made = await session.execute(_DAY, {"today": today.isoformat()})
    return made.first() is not None
