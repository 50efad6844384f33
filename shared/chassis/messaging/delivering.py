"""Filling outsiders' queues, and reading what those dropped (`chassis.messaging.outside`)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage

from chassis.concurrency import within
from chassis.messaging import topology
from chassis.messaging.outside import DROPPED
from contracts.envelope import CONTENT_TYPE

CONFIRM_SECONDS = 5.0  # ours, because a stalled broker answers after minutes or never
SET_UP_SECONDS = 15.0
GONE = {"maxlen", "expired"}  # what a queue drops by itself; else its reader refused the message
CURSOR = "cursor"  # our header
_QUEUE, _REASON = "x-first-death-queue", "x-first-death-reason"  # the broker's


@dataclass(frozen=True)
class Letter:
    """One event on its way to an outsider.

    `envelope`: as its producer wrote it. `cursor`: where it stands in what others may read.
    """

    id: UUID
    type: str
    envelope: str
    cursor: str


@dataclass(frozen=True)
class Dropped:
    """What an outsider's queue let go of, and whether it was full or the message too old."""

    queue: str
    cursor: str
    overflowed: bool


class Outlet:
    """Our connection to the outsiders' virtual host.

    Each queue has a channel of its own: the client library tells by the message's id which of a
    channel's messages came back, and one event goes to many queues under one id.
    """

    def __init__(self, connection: AbstractConnection, reading: AbstractChannel) -> None:
        self._connection, self._reading = connection, reading
        self._sending: dict[str, AbstractChannel] = {}
        self._last: AbstractIncomingMessage | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it must be opened anew."""
        return bool(self._reading.is_closed)

    async def deliver(self, queue: str, letters: Sequence[Letter]) -> None:
        """Put letters into a queue, in order, and wait until the broker has confirmed all.

        Raises when one was not confirmed, or the queue is not there; then none counts as delivered.
        """
        async with asyncio.timeout(CONFIRM_SECONDS):
            exchange = (await self._channel(queue)).default_exchange
            await asyncio.gather(
                *(exchange.publish(_message(one), queue, mandatory=True) for one in letters)
            )

    async def _channel(self, queue: str) -> AbstractChannel:
        channel = self._sending.get(queue)
        if channel is None or channel.is_closed:
            channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            self._sending[queue] = channel
        return channel

    async def dropped(self, most: int = 500) -> list[Dropped]:
        """Return some of what was dropped; it comes again until `forget_dropped`."""
        queue = await self._reading.get_queue(DROPPED, ensure=False)
        found: list[Dropped] = []
        while len(found) < most:
            async with asyncio.timeout(CONFIRM_SECONDS):  # ours: see `chassis.messaging.topology`
                message = await queue.get(fail=False, timeout=None)
            if message is None:
                break
            self._last = message
            found.append(_dropped(message))
        return found

    async def forget_dropped(self) -> None:
        """Acknowledge what `dropped` returned."""
        if self._last is not None:
            await self._last.ack(multiple=True)
            self._last = None


@asynccontextmanager
async def outlet(url: str) -> AsyncIterator[Outlet]:
    """Connect as the exporter."""
    async with topology.connected(url) as connection:
        reading = await within(SET_UP_SECONDS, connection.channel())
        yield Outlet(connection, reading)


def _message(letter: Letter) -> aio_pika.Message:
    return aio_pika.Message(
        letter.envelope.encode(),
        content_type=CONTENT_TYPE,
        message_id=str(letter.id),
        type=letter.type,
        headers={CURSOR: letter.cursor},
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


def _dropped(message: AbstractIncomingMessage) -> Dropped:
    """Read what we, and then the broker, wrote on a message."""
    said = {name: str(message.headers.get(name, "")) for name in (CURSOR, _QUEUE, _REASON)}
    return Dropped(said[_QUEUE], said[CURSOR], said[_REASON] in GONE)
