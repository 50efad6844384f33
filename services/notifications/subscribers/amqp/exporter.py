"""Carries public events into partners' queues: behind each one's cursor, moved after the confirms.

A loop of the relay; one leads, the others stand by. No transaction is open while the broker is
awaited. At least once: a process that ends between confirm and cursor puts the same ids in again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import Row, text

from chassis import failpoints
from chassis.database import Database
from chassis.errors import ServiceError
from chassis.leading import for_ever, leading
from chassis.messaging.delivering import Letter, Outlet, outlet
from notifications.subscribers.amqp.actions import RECOVERED, note_dropped
from notifications.subscribers.amqp.domain import room_in
from notifications.subscribers.feed.following import (
    FOLLOWERS,
    MOVED,
    Event,
    Follower,
    Following,
    Handed,
    Page,
    places,
)
from notifications.subscribers.feed.keeping import CHANNEL
from notifications.subscribers.subscriptions.positions import Position, cursor_of, position_of

log = structlog.get_logger()
TOGETHER = 0.1  # seconds in which events are carried together: our own people are told first
IDLE_POLL = 1.0  # seconds without a NOTIFY after which it looks anyway
NOTE_EVERY = 0.5  # seconds between two looks at what queues dropped
HELD_POLL = 0.03  # while something was kept that may not be shown yet

_QUEUES = text(
    FOLLOWERS.format(
        more=", q.name, q.most_messages, q.messages, q.measured_at",
        joined="JOIN partner_queue q ON q.subscription_id = s.id",
        those="s.transport = 'amqp' AND q.made_at IS NOT NULL",
    )
)
_SENT = """, failures_in_row = 0, last_sent_at =
        CASE WHEN s.id = ANY(CAST(:sent AS uuid[])) THEN now() ELSE s.last_sent_at END"""
_MOVE = text(f"WITH {RECOVERED}, {MOVED.format(also=_SENT)} SELECT id FROM moved")  # noqa: S608
_FAILED = text("""
    UPDATE subscription SET last_error = :error, last_error_at = now(),
      failures_in_row = failures_in_row + 1 WHERE id = :id
""")


@dataclass(frozen=True)
class Outcome:
    """What became of a page for one queue. `error`: nothing counts as delivered."""

    handed: Handed
    error: str = ""


class Exporter:
    """Fills partners' queues. `secret`: signs the cursors that travel with the messages."""

    def __init__(self, url: str, secret: bytes) -> None:
        """`url`: our own user's way to the partners' virtual host."""
        self.url, self.secret = url, secret
        self._following = Following(_QUEUES)
        self._held = False
        self._wake = asyncio.Event()
        self._added: dict[UUID, tuple[datetime | None, int]] = {}  # since the measure of a moment

    async def run(self, database: Database) -> None:
        """Lead or stand by, for ever."""
        await for_ever("partner_export_interrupted", lambda: self._lead(database))

    async def _lead(self, database: Database) -> None:
        async with leading(database, "partner export") as lock, outlet(self.url) as out:
            await lock.add_listener(CHANNEL, lambda *_: self._wake.set())
            noted = 0.0
            while True:
                self._wake.clear()
                more = await self.step(database, out)
                if monotonic() - noted > NOTE_EVERY:
                    await self.note_dropped(database, out)
                    noted = monotonic()
                if not more:
                    await self._wait(lock)
                if out.is_closed:
                    raise ConnectionError("the connection to the broker is gone")

    async def _wait(self, lock: asyncpg.Connection) -> None:
        # Without a queue no event is for anybody: a new one is seen at the next look.
        woken = self._wake if self._following.anybody else asyncio.Event()
        try:
            async with asyncio.timeout(HELD_POLL if self._held else IDLE_POLL):
                await woken.wait()
            await asyncio.sleep(TOGETHER)
        except TimeoutError:
            await lock.fetchval("SELECT 1", timeout=5)  # the lead lives as long as this

    async def step(self, database: Database, out: Outlet) -> bool:
        """Take every queue one page further; return whether one of them has more to come."""
        more = self._held = False
        async for page, together in self._following.pages(database):
            self._held = self._held or page.held
            live = [each for each in together if each.wanted is not None]
            outcomes = await self._carry(out, page, live)
            if any(each.handed.events for each in outcomes):
                failpoints.hit("export.after_confirm_before_cursor")
            await self._write(database, outcomes)
            more = more or (page.is_full and any(not each.error for each in outcomes))
        return more

    async def _carry(self, out: Outlet, page: Page, followers: Sequence[Follower]) -> list[Outcome]:
        """Bring each what it takes; without those that have no room to catch up now."""
        behind = page.is_full or bool(page.events and not page.events[0].fresh)
        fitting = [self._fitting(each, page, behind=behind) for each in followers]
        work = (self._deliver(out, each) for each in fitting if each is not None)
        return list(await asyncio.gather(*work))

    def _fitting(self, follower: Follower, page: Page, *, behind: bool) -> Handed | None:
        """Return what is wanted of a page, of what is late as much as there is room for."""
        wanted = page.taken_by(follower)
        if behind and len(wanted) > (room := self._room(follower)):
            if not room:
                return None
            return Handed(follower, wanted[:room], wanted[room - 1].position)
        return Handed(follower, wanted, page.end)

    async def _deliver(self, out: Outlet, handed: Handed) -> Outcome:
        if not handed.events:
            return Outcome(handed)
        name = handed.follower.row.name
        try:
            await out.deliver(name, [self._letter(each) for each in handed.events])
        except (Exception, asyncio.CancelledError) as error:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            log.warning("partner_export_failed", queue=name, error=repr(error))
            return Outcome(handed, f"{type(error).__name__}: {error}")
        self._note_added(handed.follower, len(handed.events))
        return Outcome(handed)

    async def _write(self, database: Database, outcomes: Sequence[Outcome]) -> None:
        due = self._following.due(each.handed for each in outcomes if not each.error)
        failed = [
            {"id": each.handed.follower.id, "error": each.error} for each in outcomes if each.error
        ]
        async with database.at_once.connect() as connection:
            if due:
                sent = [each.follower.id for each in due if each.events]
                await connection.execute(_MOVE, {**places(due), "sent": sent})
            if failed:
                await connection.execute(_FAILED, failed)

    def _letter(self, event: Event) -> Letter:
        return Letter(event.id, event.type, event.envelope, cursor_of(event.position, self.secret))

    def _room(self, follower: Follower) -> int:
        row = follower.row
        return room_in(row.messages + self._added_since(row), row.most_messages)

    def _note_added(self, follower: Follower, count: int) -> None:
        row = follower.row
        self._added[row.id] = (row.measured_at, self._added_since(row) + count)

    def _added_since(self, row: Row[Any]) -> int:
        at, added = self._added.get(row.id, (None, 0))
        return added if at == row.measured_at else 0

    async def note_dropped(self, database: Database, out: Outlet) -> None:
        """Write down what queues dropped, then let the broker forget it."""
        while dropped := await out.dropped():
            async with database.sessions.begin() as session:
                await note_dropped(session, [(one, self._position(one.cursor)) for one in dropped])
            await out.forget_dropped()

    def _position(self, cursor: str) -> Position | None:
        try:
            return position_of(cursor, self.secret)
        except ServiceError:
            return None
