"""Carries public events into partners' queues: behind each one's cursor, moved after the confirms.

A loop of the worker; one leads, the others stand by. No transaction is open while the broker is
awaited. At least once: a process that ends between confirm and cursor puts the same ids in again.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import select, text

from chassis import failpoints
from chassis.clock import database_now
from chassis.database import Database
from chassis.errors import ServiceError
from chassis.leading import for_ever, leading
from chassis.messaging.delivering import Letter, Outlet, outlet
from notifications.partners.callers import scope_of_partner
from notifications.subscribers.amqp.actions import forget_recovered, note_dropped
from notifications.subscribers.amqp.domain import room_in
from notifications.subscribers.amqp.models import PartnerQueue
from notifications.subscribers.feed.keeping import CHANNEL
from notifications.subscribers.subscriptions.matching import Filter, takes, within
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position, cursor_of, position_of
from notifications.subscribers.subscriptions.scope import scope_filter
from notifications.subscribers.subscriptions.standing import position, wanted_by

log = structlog.get_logger()
PAGE = 500  # events read at once
# What is older finds its reader late in any case: it waits for room, and pushes nothing out.
FRESH = timedelta(minutes=1)
IDLE_POLL = 1.0  # seconds without a NOTIFY after which it looks anyway

_QUEUES = (
    select(Subscription, PartnerQueue)
    .join(PartnerQueue, PartnerQueue.subscription_id == Subscription.id)
    .where(Subscription.state == "active", PartnerQueue.made_at.is_not(None))
)
_BEHIND = text("""
    SELECT tx::text AS tx, seq, id, type, envelope,
      kept_at > now() - CAST(:fresh AS interval) AS fresh FROM public_event
    WHERE (tx, seq) > (CAST(CAST(:tx AS text) AS xid8), :seq)
    AND tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx, seq LIMIT :limit
""")
# Only from where it was: a partner who recovers meanwhile has put it back, and that stays.
_MOVE = text("""
    UPDATE subscription SET cursor_tx = CAST(CAST(:to_tx AS text) AS xid8), cursor_seq = :to_seq,
      last_sent_at = CASE WHEN :sent THEN now() ELSE last_sent_at END, failures_in_row = 0
    WHERE id = :id AND cursor_tx = CAST(CAST(:tx AS text) AS xid8) AND cursor_seq = :seq
""")
_FAILED = text("""
    UPDATE subscription SET last_error = :error, last_error_at = now(),
      failures_in_row = failures_in_row + 1 WHERE id = :id
""")


class Event(NamedTuple):
    """One kept event, its envelope also as it was read. `fresh`: it happened just now."""

    position: Position
    id: UUID
    type: str
    envelope: str
    read: Mapping[str, Any]
    fresh: bool


@dataclass(frozen=True)
class Queue:
    """A partner's queue with what its subscription wants, and how far it has come."""

    id: UUID
    name: str
    wanted: Filter
    position: Position
    most_messages: int
    messages: int
    measured_at: datetime | None


@dataclass(frozen=True)
class Outcome:
    """What became of a page for one queue. `error`: nothing counts as delivered."""

    queue: Queue
    to: Position
    sent: int
    error: str = ""


class Exporter:
    """Fills partners' queues. `secret`: signs the cursors that travel with the messages."""

    def __init__(self, url: str, secret: bytes) -> None:
        """`url`: our own user's way to the partners' virtual host."""
        self.url, self.secret = url, secret
        self._wake = asyncio.Event()
        self._added: dict[UUID, tuple[datetime | None, int]] = {}  # since the measure of a moment

    async def run(self, database: Database) -> None:
        """Lead or stand by, for ever."""
        await for_ever("partner_export_interrupted", lambda: self._lead(database))

    async def _lead(self, database: Database) -> None:
        async with leading(database, "partner export") as lock, outlet(self.url) as out:
            await lock.add_listener(CHANNEL, lambda *_: self._wake.set())
            while True:
                self._wake.clear()
                more = await self.step(database, out)
                await self.note_dropped(database, out)
                if not more:
                    await self._wait(lock)
                if out.is_closed:
                    raise ConnectionError("the connection to the broker is gone")

    async def _wait(self, lock: asyncpg.Connection) -> None:
        try:
            async with asyncio.timeout(IDLE_POLL):
                await self._wake.wait()
        except TimeoutError:
            await lock.fetchval("SELECT 1", timeout=5)  # the lead lives as long as this

    async def step(self, database: Database, out: Outlet) -> bool:
        """Take every queue one page further; return whether one of them has more to come."""
        more = False
        for start, together in _by_position(await _queues(database)).items():
            events = await _behind(database, start)
            if not events:
                continue
            full = len(events) == PAGE
            behind = full or not events[0].fresh
            work = (self._deliver(out, queue, events, behind=behind) for queue in together)
            outcomes = [each for each in await asyncio.gather(*work) if each is not None]
            failpoints.hit("export.after_confirm_before_cursor")
            await _write(database, outcomes)
            more = more or (full and any(not each.error for each in outcomes))
        return more

    async def _deliver(
        self, out: Outlet, queue: Queue, events: Sequence[Event], *, behind: bool
    ) -> Outcome | None:
        """Put what is wanted of a page into a queue; None: it has no room to catch up now."""
        wanted = [each for each in events if takes(queue.wanted, each.read)]
        to = events[-1].position
        if behind and len(wanted) > (room := self._room(queue)):
            if not room:
                return None
            wanted = wanted[:room]
            to = wanted[-1].position
        try:
            await out.deliver(queue.name, [self._letter(each) for each in wanted])
        except (Exception, asyncio.CancelledError) as error:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            log.warning("partner_export_failed", queue=queue.name, error=repr(error))
            return Outcome(queue, queue.position, 0, f"{type(error).__name__}: {error}")
        self._note_added(queue, len(wanted))
        return Outcome(queue, to, len(wanted))

    def _letter(self, event: Event) -> Letter:
        return Letter(event.id, event.type, event.envelope, cursor_of(event.position, self.secret))

    def _room(self, queue: Queue) -> int:
        at, added = self._added.get(queue.id, (None, 0))
        held = queue.messages + (added if at == queue.measured_at else 0)
        return room_in(held, queue.most_messages)

    def _note_added(self, queue: Queue, count: int) -> None:
        at, added = self._added.get(queue.id, (None, 0))
        self._added[queue.id] = (
            queue.measured_at,
            count + (added if at == queue.measured_at else 0),
        )

    async def note_dropped(self, database: Database, out: Outlet) -> None:
        """Write down what queues dropped, then let the broker forget it."""
        dropped = await out.dropped()
        if not dropped:
            return
        async with database.sessions.begin() as session:
            await note_dropped(session, [(one, self._position(one.cursor)) for one in dropped])
        await out.forget_dropped()

    def _position(self, cursor: str) -> Position | None:
        try:
            return position_of(cursor, self.secret)
        except ServiceError:
            return None


async def _queues(database: Database) -> list[Queue]:
    """Return the queues to fill. A partner that was revoked or has expired gets nothing more."""
    async with database.sessions() as session:
        now = await database_now(session)
        rows = (await session.execute(_QUEUES)).all()
        scopes = [await scope_of_partner(session, each.partner_id, now) for each, _ in rows]
    return [
        Queue(
            subscription.id,
            queue.name,
            within(wanted_by(subscription), scope_filter(scope)),
            position(subscription),
            queue.most_messages,
            queue.messages,
            queue.measured_at,
        )
        for (subscription, queue), scope in zip(rows, scopes, strict=True)
        if scope is not None
    ]


def _by_position(queues: Sequence[Queue]) -> dict[Position, list[Queue]]:
    """Those that stand at one place read a page together."""
    found: dict[Position, list[Queue]] = defaultdict(list)
    for queue in queues:
        found[queue.position].append(queue)
    return found


async def _behind(database: Database, start: Position) -> list[Event]:
    given = {"tx": str(start.tx), "seq": start.seq, "limit": PAGE, "fresh": FRESH}
    async with database.at_once.connect() as connection:
        return [
            Event(
                Position(int(row.tx), row.seq),
                row.id,
                row.type,
                row.envelope,
                json.loads(row.envelope),
                row.fresh,
            )
            for row in await connection.execute(_BEHIND, given)
        ]


async def _write(database: Database, outcomes: Sequence[Outcome]) -> None:
    moved = [_moved(each) for each in outcomes if not each.error]
    failed = [{"id": each.queue.id, "error": each.error} for each in outcomes if each.error]
    async with database.sessions.begin() as session:
        if moved:
            await forget_recovered(session, [each["id"] for each in moved])
            await session.execute(_MOVE, moved)
        if failed:
            await session.execute(_FAILED, failed)


def _moved(outcome: Outcome) -> dict[str, Any]:
    at, to = outcome.queue.position, outcome.to
    place = {"tx": str(at.tx), "seq": at.seq, "to_tx": str(to.tx), "to_seq": to.seq}
    return {"id": outcome.queue.id, "sent": outcome.sent > 0, **place}
