"""The reader's side: one connection per API process fetches rows, hands them to the streams."""

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import Collection, Iterator
from types import TracebackType
from typing import Self
from weakref import WeakSet

import asyncpg
import structlog

from chassis.database import Database
from chassis.errors import TooManyRequests
from chassis.listening import listen
from chassis.live.coalescing import Coalescer
from chassis.live.pushing import CHANNEL, LiveEvent
from chassis.telemetry import STREAMS

log = structlog.get_logger()
# A transaction that took a low id may commit after one with a higher id: look back this long.
LOOK_BACK_SECONDS = 2.0
_BREATH_SECONDS = 0.02  # between two fetches: many commits in a burst are one fetch
MOST_STREAMS = 30
"""Of one person in one process: a portal opens one per page that is looked at."""
_FORGET_ABOVE = 10_000  # people remembered before those without a stream are dropped
_WAITING = 1000  # messages a slow client may be behind before it must reload

_START = "SELECT coalesce(max(id), 0) FROM live_event"
_FETCH = """
    SELECT id, topic, event, payload, coalesce_key FROM live_event WHERE id > $1 ORDER BY id
"""


class Subscription:
    """The messages of one stream. None in the queue means: this is the end."""

    def __init__(self, topics: Collection[str], seat: "Seat | None" = None) -> None:
        self.topics, self.seat = frozenset(topics), seat
        self.queue: asyncio.Queue[LiveEvent | None] = asyncio.Queue(_WAITING)

    def offer(self, event: LiveEvent) -> None:
        """Queue a message; a client that is too slow is cut off and comes back by its last id."""
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """End the stream."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Seat:
    """A person's place among the streams of a process.

    Given back when its stream ends; of a stream that never began, when nobody holds it any more.
    """

    def __init__(self, taken: "WeakSet[Seat]") -> None:
        self._taken = taken

    def give_back(self) -> None:
        """Let another stream of the person have it."""
        self._taken.discard(self)


class Listener:
    """Fan-out of one process. Use as an async context manager around the application's life."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscriptions: set[Subscription] = set()
        self._coalescer = Coalescer(self._fan_out)
        self._seen: dict[int, float] = {}
        self._settled: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._seats: dict[str, WeakSet[Seat]] = {}
        self.closing = False

    async def __aenter__(self) -> Self:
        """Start listening."""
        self._task = asyncio.create_task(listen(self._database.url, CHANNEL, self._fetch))
        self._task.add_done_callback(_stop_with_it)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def close(self) -> None:
        """End every stream: call this when the process is told to stop, before the server waits."""
        self.closing = True
        for subscription in self._subscriptions:
            subscription.end()

    def seat(self, person: str) -> Seat:
        """Return a place for one more stream of a person. Raises TooManyRequests.

        The new one is refused, not the oldest ended: that one would come back at once, and end
        another.
        """
        taken = self._seats.setdefault(person, WeakSet())
        if len(taken) >= MOST_STREAMS:
            raise TooManyRequests(
                "Bạn đang mở {most} luồng trực tiếp, không mở thêm được; hãy đóng bớt trang",
                code="streams_too_many",
                headers={"Retry-After": "30"},
                most=MOST_STREAMS,
            )
        seat = Seat(taken)
        taken.add(seat)
        if len(self._seats) > _FORGET_ABOVE:
            self._seats = {who: seats for who, seats in self._seats.items() if seats}
        return seat

    @contextlib.contextmanager
    def subscribe(
        self, topics: Collection[str], seat: Seat | None = None
    ) -> Iterator[Subscription]:
        """Follow topics for as long as the context lasts; `seat` is held meanwhile."""
        subscription = Subscription(topics, seat)
        self._subscriptions.add(subscription)
        STREAMS.inc()
        if self.closing:
            subscription.end()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
            STREAMS.dec()
            if seat:
                seat.give_back()

    async def _fetch(self, connection: asyncpg.Connection) -> None:
        if self._settled is None:
            self._settled = await connection.fetchval(_START)
        for row in await connection.fetch(_FETCH, self._settled):
            if row["id"] not in self._seen:
                self._seen[row["id"]] = time.monotonic()
                self._coalescer.take(
                    LiveEvent(
                        row["id"],
                        row["topic"],
                        row["event"],
                        json.loads(row["payload"]),
                        row["coalesce_key"],
                    )
                )
        self._settle()
        await asyncio.sleep(_BREATH_SECONDS)

    def _settle(self) -> None:
        """Move the mark past what is so old that nothing below it can still commit."""
        old = time.monotonic() - LOOK_BACK_SECONDS
        self._settled = max(
            (id_ for id_, since in self._seen.items() if since < old), default=self._settled or 0
        )
        self._seen = {id_: since for id_, since in self._seen.items() if id_ > self._settled}

    def _fan_out(self, event: LiveEvent) -> None:
        for subscription in list(self._subscriptions):
            if event.topic in subscription.topics:
                subscription.offer(event)


def _stop_with_it(task: asyncio.Task[None]) -> None:
    """Screens that silently stand still are worse than a restart."""
    if not task.cancelled() and (error := task.exception()):
        log.error("live_listener_died", error=f"{type(error).__name__}: {error}")
        signal.raise_signal(signal.SIGTERM)
