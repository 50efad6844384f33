"""The worker: FastStream subscribers, one per producer, each with its batch behind it.

FastStream's defaults lose (an exception rejects), flood (no prefetch) or hide (a consumer missing
after a broker restart); what it is given here, and the watch over the queues, are the cure.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import structlog
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue

from chassis import failpoints
from chassis.clock import database_now
from chassis.concurrency import all_together, within
from chassis.database import Database, is_away
from chassis.messaging import inbox, topology
from chassis.messaging.broker import Broker
from chassis.messaging.consuming import (
    LONGEST_REST,
    SHORTEST_REST,
    Batcher,
    Consumer,
    Delivery,
)
from chassis.messaging.decoding import Unreadable
from chassis.messaging.events import EventRouter
from chassis.messaging.relay import SINCE
from chassis.telemetry import EVENT_EFFECT, EVENT_LAG, QUEUE_DEPTH

log = structlog.get_logger()

WATCH_EVERY = 2.0  # seconds between looks at whether each queue still has its consumer
LOOK_SECONDS = 15.0  # for one look; a network a second slow needs six of them
# The client library awaits some answers without a limit, and for ever when a connection is cut at a
# bad moment. A network half a second slow needs 20 s to start.
START_SECONDS, END_SECONDS = 30.0, 25.0
BIND_EVERY = 10.0  # seconds between assertions of the bindings; 20 of them cost 5 ms of CPU
RETRY_EVERY = 1.0  # seconds between looks for failed events whose time has come
Take = Callable[[Delivery], Awaitable[bool]]


def _delivery(message: RabbitMessage) -> Delivery:
    """Return what arrived, with what its relay and the broker say about it."""
    since = message.headers.get(SINCE)
    seconds = since / 1000 if isinstance(since, int) else None
    return Delivery(message.body, seconds, message.raw_message.user_id)


async def _whole(message: RabbitMessage) -> RabbitMessage:
    return message


async def _end(broker: RabbitBroker) -> None:
    """Stop; what does not stop is closed, and left behind: closed, it never connects again."""
    try:
        await within(END_SECONDS, broker.stop())
    except TimeoutError:
        with suppress(TimeoutError):
            await within(topology.CLOSE_SECONDS, (await broker.connect()).close())


class Worker:
    """Consumes every queue of a service."""

    def __init__(
        self, router: EventRouter, database: Database, broker: Broker, *, prefetch: int
    ) -> None:
        self.router, self.database, self.broker = router, database, broker
        self.prefetch = prefetch
        self.consumer = Consumer(router, database, broker)
        self.consuming = False
        self._stopped_at = time.time()  # since when nothing is consumed, while nothing is
        self._batchers: dict[str, Batcher] = {}
        for producer in router.producers():
            queue = topology.queue_name(router.service, producer)
            EVENT_LAG.labels(queue).set_function(partial(self._lag, queue))

    @property
    def queues(self) -> list[str]:
        """Names of the queues this worker consumes."""
        names = [topology.queue_name(self.router.service, p) for p in self.router.producers()]
        return [*names, topology.dead_queue(self.router.service)]

    async def run(self) -> None:
        """Consume for ever; whatever ends the session with the broker only starts a new one."""
        await all_together(self._retry(), self._sessions())

    async def _sessions(self) -> None:
        delay = 0.5
        while True:
            try:
                await self._session()
                delay = 0.5
            except (Exception, asyncio.CancelledError) as error:
                if (task := asyncio.current_task()) and task.cancelling():
                    raise
                log.warning("worker_interrupted", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(delay)
                delay = min(delay * 2, 1.0)

    async def _session(self) -> None:
        await within(START_SECONDS, topology.bring_up(self.broker, self.router))
        broker = RabbitBroker(
            self.broker.url,
            timeout=5,
            reconnect_interval=0.5,
            graceful_timeout=15.0,
            logger=None,
            apply_types=False,  # its injection takes every message through a thread
        )
        batchers = [self._subscribe(broker, producer) for producer in self.router.producers()]
        self._subscribe_dead(broker)
        try:
            await within(START_SECONDS, broker.start())
            self.consuming = True
            await all_together(*(batcher.run() for batcher in batchers), self._watch())
        finally:
            if self.consuming:
                self.consuming, self._stopped_at = False, time.time()
            await _end(broker)

    def _subscribe(self, broker: RabbitBroker, producer: str) -> Batcher:
        rest = SHORTEST_REST if self.router.is_busy(producer) else LONGEST_REST
        batcher = Batcher(self.consumer, shortest_rest=rest)
        queue = topology.queue_name(self.router.service, producer)
        self._attach(broker, queue, batcher.take)
        self._batchers[queue] = batcher
        return batcher

    def _lag(self, queue: str) -> float:
        since = self._batchers[queue].oldest() if self.consuming else self._stopped_at
        return max(0.0, time.time() - since) if since else 0.0

    def _subscribe_dead(self, broker: RabbitBroker) -> None:
        self._attach(broker, topology.dead_queue(self.router.service), self._bury)

    def _attach(self, broker: RabbitBroker, queue: str, take: Take) -> None:
        subscriber = broker.subscriber(
            RabbitQueue(queue, queue_type=QueueType.QUORUM, declare=False, robust=False),
            ack_policy=AckPolicy.MANUAL,
            channel=Channel(prefetch_count=self.prefetch),
            decoder=_whole,
        )

        @subscriber
        async def deliver(message: RabbitMessage) -> None:
            arrived = _delivery(message)
            if await take(arrived):
                if arrived.since:
                    EVENT_EFFECT.labels(queue).observe(max(0.0, time.time() - arrived.since))
                await message.ack()
                failpoints.hit("consumer.after_ack")
            else:
                await message.reject(requeue=False)

    async def _bury(self, letter: Delivery) -> bool:
        """Take a dead letter: readable ones only ran into the delivery limit and start afresh."""
        try:
            envelopes = self.consumer.read(letter)
        except Unreadable as error:
            reason = str(error)

            async def park() -> None:
                async with self.database.sessions.begin() as session:
                    await inbox.park_unreadable(
                        session, letter.body, reason, await database_now(session)
                    )

            await self.consumer.when_database_answers(park)
        else:
            await self.consumer.apply(envelopes)
        return True

    async def _retry(self) -> None:
        while True:
            try:
                if not await self.consumer.retry_due():
                    await asyncio.sleep(RETRY_EVERY)
            except Exception as error:
                if not is_away(error):
                    raise
                await asyncio.sleep(RETRY_EVERY)

    async def _watch(self) -> None:
        """Look after the queues, on a connection that no delivery holds up."""
        async with topology.connected(self.broker.url) as connection:
            await all_together(self._miss_consumers(connection), self._assert_bindings(connection))

    async def _miss_consumers(self, connection: AbstractConnection) -> None:
        """Fail, and so start over, when a queue of ours is gone or has nobody consuming."""
        lonely = 0
        while True:
            await asyncio.sleep(WATCH_EVERY)
            lonely = lonely + 1 if await self._lonely(connection) else 0
            if lonely > 1:
                raise ConnectionError("a queue has no consumer")

    async def _assert_bindings(self, connection: AbstractConnection) -> None:
        """Bind again and again: AMQP cannot say whether a binding was lost."""
        while True:
            await asyncio.sleep(BIND_EVERY)
            async with await connection.channel() as channel:
                await topology.bind(channel, self.router)

    async def _lonely(self, connection: AbstractConnection) -> bool:
        async with asyncio.timeout(LOOK_SECONDS):
            channel = await connection.channel()
            try:
                for queue in self.queues:
                    declared = await channel.declare_queue(queue, passive=True)
                    QUEUE_DEPTH.labels(queue).set(declared.declaration_result.message_count or 0)
                    if not declared.declaration_result.consumer_count:
                        return True
            except ChannelNotFoundEntity as error:
                raise ConnectionError(f"queue or exchange is gone: {error}") from error
            finally:
                await channel.close()
        return False
