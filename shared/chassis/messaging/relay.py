"""The relay: carries logged events to the broker, oldest first, one active relay per service.

At least once: the pointer is deleted only after the broker confirmed. No transaction is held open
while the broker is awaited. Several events of one type travel in one message, the largest single
gain in throughput.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import aio_pika
import asyncpg
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import failpoints
from chassis.concurrency import within
from chassis.database import Database
from chassis.messaging import topology
from chassis.messaging.broker import Broker
from chassis.messaging.outbox import CHANNEL
from chassis.telemetry import RELAY_LEADS
from contracts.envelope import BATCH_CONTENT_TYPE, CONTENT_TYPE

log = structlog.get_logger()

CLAIM = 2_000  # events read at once
MOST_EVENTS = 100  # in one message; a consumer redoes them one by one when one of them fails
MOST_BYTES = 128 * 1024
SET_UP_SECONDS = 15.0  # for channel and exchanges; a network half a second slow needs five
PUBLISH_TIMEOUT = 5.0  # seconds; ours, because a stalled broker answers after minutes or never
IDLE_POLL = 1.0  # seconds without a NOTIFY after which the relay looks anyway
SINCE = "since_ms"  # header: when the oldest change in a message was committed; since 1970
BUSY_PAUSE = 0.025  # lets more events gather: a batch costs its consumer as much as fifty events

# LATERAL with its LIMIT makes the server follow each pointer; for a plain join it reads the log.
_UNSENT = text("""
    SELECT o.seq, l.type, l.envelope, extract(epoch FROM o.since)::float8 AS since FROM outbox o
    CROSS JOIN LATERAL (
      SELECT type, envelope FROM event_log
      WHERE recorded_at = o.recorded_at AND seq = o.seq LIMIT 1) l
    WHERE o.seq > :behind ORDER BY o.seq LIMIT :limit
""")
_SENT = text("DELETE FROM outbox WHERE seq = ANY(CAST(:seqs AS bigint[]))")


@dataclass(frozen=True)
class Unsent:
    """One logged event that the broker has not confirmed yet. `since`: seconds since 1970."""

    seq: int
    type: str
    envelope: str
    since: float


def by_type(unsent: Sequence[Unsent]) -> Iterator[list[Unsent]]:
    """Group consecutive events of one type into messages of bounded count and size."""
    group: list[Unsent] = []
    size = 0
    for event in unsent:
        length = len(event.envelope)
        full = len(group) == MOST_EVENTS or size + length > MOST_BYTES
        if group and (full or event.type != group[0].type):
            yield group
            group, size = [], 0
        group.append(event)
        size += length
    if group:
        yield group


def message_of(group: Sequence[Unsent], user: str) -> aio_pika.Message:
    """Return one persistent message: a single event, or a CloudEvents JSON batch.

    A header says since when its oldest event waits: consumers tell by it how far behind they are.
    The broker refuses a message whose `user` is not the one that is signed in: consumers trust it.
    """
    if len(group) == 1:
        body, content_type = group[0].envelope, CONTENT_TYPE
    else:
        body, content_type = f"[{','.join(e.envelope for e in group)}]", BATCH_CONTENT_TYPE
    return aio_pika.Message(
        body.encode(),
        content_type=content_type,
        headers={SINCE: round(group[0].since * 1000)},
        user_id=user,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


@dataclass(frozen=True)
class Outlet:
    """Where events leave to, and as whose."""

    exchange: AbstractExchange
    user: str


async def publish(outlet: Outlet, group: Sequence[Unsent]) -> None:
    """Publish one message and wait for the broker's confirm. Raises when it is not confirmed."""
    message = message_of(group, outlet.user)
    async with asyncio.timeout(PUBLISH_TIMEOUT):
        await outlet.exchange.publish(message, routing_key=group[0].type, mandatory=True)


async def unsent(engine: AsyncEngine, behind: int = 0) -> list[Unsent]:
    """Return the oldest events without a confirm, of those behind a sequence number."""
    async with engine.connect() as connection:
        rows = await connection.execute(_UNSENT, {"behind": behind, "limit": CLAIM})
        return [Unsent(*row) for row in rows]


async def relay_once(engine: AsyncEngine, outlet: Outlet, behind: int = 0) -> int:
    """Publish what is unsent, oldest first; return how many were confirmed. Safe to repeat.

    One message the broker refuses does not hold back the others; it is tried again next time, and
    its pointer, still there, is what the age alarm sees.
    """
    events = await unsent(engine, behind)
    if not events:
        return 0
    failpoints.hit("relay.after_claim")
    groups = list(by_type(events))
    publishing = asyncio.gather(
        *(publish(outlet, group) for group in groups), return_exceptions=True
    )
    await failpoints.hit_in_flight("relay.after_publish_before_confirm")
    outcomes = await publishing
    failpoints.hit("relay.after_confirm_before_mark")
    confirmed = [g for g, outcome in zip(groups, outcomes, strict=True) if outcome is None]
    seqs = [event.seq for group in confirmed for event in group]
    if seqs:
        async with engine.begin() as connection:
            await connection.execute(_SENT, {"seqs": seqs})
    refused = next((outcome for outcome in outcomes if outcome is not None), None)
    if refused is not None:
        more = events[-1].seq if len(events) == CLAIM else 0
        raise PublishFailed(len(events) - len(seqs), refused, more)
    return len(seqs)


class PublishFailed(Exception):
    """Some events were not confirmed; they stay in the outbox. `more`: others wait behind it."""

    def __init__(self, count: int, cause: BaseException, more: int = 0) -> None:
        self.more = more
        super().__init__(f"{count} events not confirmed: {type(cause).__name__}: {cause}")


class Relay:
    """Runs `relay_once` while it holds the service's advisory lock; a second relay stands by."""

    def __init__(self, database: Database, broker: Broker) -> None:
        self.database, self.broker = database, broker
        self.healthy = False
        self._wake = asyncio.Event()
        self._behind = 0  # past what was refused, so that it never holds back the others

    async def run(self) -> None:
        """Lead when the lock is free, for ever; a lost connection only means starting over."""
        delay = 0.2
        while True:
            try:
                await self._lead()
                delay = 0.2
            except (Exception, asyncio.CancelledError) as error:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                # aio-pika ends a publish on a stalled connection in CancelledError: same as any
                self.healthy = False
                log.warning("relay_interrupted", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(delay)
                delay = min(delay * 2, 2.0)

    async def _lead(self) -> None:
        lock = await asyncpg.connect(self.database.url, timeout=5)
        try:
            await lock.add_listener(CHANNEL, lambda *_: self._wake.set())
            while not await lock.fetchval(
                "SELECT pg_try_advisory_lock(hashtext('relay'), hashtext($1))", self.broker.service
            ):
                self.healthy = True
                await asyncio.sleep(IDLE_POLL)
            RELAY_LEADS.set(1)
            await self._carry(lock)
        finally:
            RELAY_LEADS.set(0)
            await lock.close(timeout=2)

    async def _carry(self, lock: asyncpg.Connection) -> None:
        async with topology.connected(self.broker.url) as connection:
            channel, outlet = await within(SET_UP_SECONDS, self._open(connection))
            self.healthy = True
            while True:
                self._wake.clear()
                relayed = await self._step(channel, outlet)
                if relayed:
                    await asyncio.sleep(BUSY_PAUSE)
                if relayed < CLAIM:  # else there is more
                    await self._wait(lock)
                if channel.is_closed:
                    raise ConnectionError("the connection to the broker is gone")

    async def _open(self, connection: AbstractConnection) -> tuple[AbstractChannel, Outlet]:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await topology.provide_exchange(channel, self.broker)
        return channel, Outlet(exchange, self.broker.user)

    async def _step(self, channel: AbstractChannel, outlet: Outlet) -> int:
        try:
            relayed = await relay_once(self.database.at_once, outlet, self._behind)
        except PublishFailed as failure:
            self.healthy, self._behind = False, failure.more
            if channel.is_closed:
                raise
            log.warning("relay_refused", error=str(failure))
            return 0
        self.healthy = True
        self._behind = self._behind if relayed == CLAIM else 0
        return relayed

    async def _wait(self, lock: asyncpg.Connection) -> None:
        try:
            async with asyncio.timeout(IDLE_POLL):
                await self._wake.wait()
        except TimeoutError:
            await lock.fetchval("SELECT 1", timeout=5)  # the lock lives as long as this connection
