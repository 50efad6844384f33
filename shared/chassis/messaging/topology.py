"""What stands on the broker: one topic exchange, one quorum queue per consumer and producer.

The exchanges are made by `migrate`; a service makes and binds its own queues, and makes them again
when they have gone (only one that shares its user with all others makes exchanges). Limits are
queue arguments, so that a service needs nothing but AMQP to bring up what it owns. Every one is set
here, as brokers differ in their defaults (delivery limit: none in 3.10, 20 in 4.x).
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

from chassis.concurrency import within
from chassis.messaging.broker import Broker
from chassis.messaging.events import EventRouter

EXCHANGE = "events"
DEAD_EXCHANGE = "dead"
EXCHANGES = {EXCHANGE: "topic", DEAD_EXCHANGE: "direct"}
DELIVERY_LIMIT = 20  # rolling restarts redeliver; a handler's own failures are counted in the inbox
# Ours, not the client library's own: those are `asyncio.wait_for`, which loses cancellations.
CONNECT_SECONDS, BIND_SECONDS, CLOSE_SECONDS = 5.0, 10.0, 5.0
MAX_LENGTH = 500_000  # past it the relay is refused and the outbox keeps the rest


def queue_name(consumer: str, producer: str) -> str:
    """Return the name of the queue that carries one producer's events to one consumer."""
    return f"{consumer}.{producer}"


def dead_queue(consumer: str) -> str:
    """Return the name of the queue for what a consumer could not decode."""
    return f"{consumer}.dead"


def queue_arguments(consumer: str) -> Mapping[str, Any]:
    """Return the arguments of a work queue. All three of the last lines make dead letters safe."""
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": consumer,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length": MAX_LENGTH,
    }


async def provide_exchange(channel: AbstractChannel, broker: Broker) -> AbstractExchange:
    """Return the exchange of all events. Raises ChannelNotFoundEntity while nobody has made it."""
    if broker.shared:
        await declare_exchanges(channel)
    return await channel.get_exchange(EXCHANGE, ensure=True)


async def declare_exchanges(channel: AbstractChannel) -> None:
    """Declare the two exchanges; harmless when they stand."""
    for name, type_ in EXCHANGES.items():
        await channel.declare_exchange(name, aio_pika.ExchangeType(type_), durable=True)


async def declare(channel: AbstractChannel, router: EventRouter) -> None:
    """Declare every queue a service consumes from, and bind those of work; harmless when there."""
    consumer = router.service
    await channel.declare_queue(
        dead_queue(consumer), durable=True, arguments={"x-queue-type": "quorum"}
    )
    for producer in router.producers():
        await channel.declare_queue(
            queue_name(consumer, producer), durable=True, arguments=dict(queue_arguments(consumer))
        )
    await bind(channel, router)


async def bind(channel: AbstractChannel, router: EventRouter) -> None:
    """Bind every work queue to the types that are handled; what is bound stays as it is.

    AMQP cannot ask for a binding, only assert it: the worker does so as it watches its queues.
    """
    for producer in router.producers():
        queue = await channel.get_queue(queue_name(router.service, producer), ensure=False)
        for type_ in router.types_of(producer):
            async with asyncio.timeout(BIND_SECONDS):
                await queue.bind(EXCHANGE, routing_key=type_)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AbstractConnection]:
    """Connect; at the end close, or leave behind what does not close: both sides forget it."""
    async with asyncio.timeout(CONNECT_SECONDS):
        connection = await aio_pika.connect(url, heartbeat=10)
    try:
        yield connection
    finally:
        with suppress(TimeoutError):
            await within(CLOSE_SECONDS, connection.close())


async def bring_up(broker: Broker, router: EventRouter | None) -> None:
    """Connect and declare what a service owns: for `migrate`, and when a queue is gone.

    Its dead letters are bound here only with a shared user: with its own a service may not read
    the exchange on which others' travel, too; `chassis.messaging.rights` binds them.
    """
    async with connected(broker.url) as connection:
        channel = await connection.channel()
        await provide_exchange(channel, broker)
        if router is not None:
            await declare(channel, router)
        if router is not None and broker.shared:
            dead = await channel.get_queue(dead_queue(router.service), ensure=False)
            await dead.bind(DEAD_EXCHANGE, routing_key=router.service)
