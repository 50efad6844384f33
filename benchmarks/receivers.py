"""Other systems' receivers, a process of their own: webhooks that answer or hang, and queues.

`python -m benchmarks.receivers PORT`. Reads a line of JSON per order from stdin, a list of
addresses of queues to read; or `tell`. Answers a line of JSON each: how many queues it reads; what
arrived since, as (receiver, event id, seconds since 1970).
"""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

import aio_pika
import uvloop

ROOT = Path(__file__).parents[1]
HANGING = "hang"
"""Begins the path of a receiver that takes everything and never answers."""
_TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
_ID, _LENGTH = b"webhook-id:", b"content-length:"
Arrival = tuple[str, str, float]


class Webhook(asyncio.Protocol):
    """One connection of a sender."""

    def __init__(self, arrived: list[Arrival]) -> None:
        self.arrived, self.buffer = arrived, b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it to answer by."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's are of no class of ours

    def data_received(self, data: bytes) -> None:
        """Note a whole request when it is there; answer it, or never."""
        now = time.time()
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or len(self.buffer) < end + 4 + int(self._header(_LENGTH, end)):
            return
        name = self.buffer.split(b" ", 2)[1].decode().strip("/")
        self.arrived.append((name, self._header(_ID, end).decode(), now))
        self.buffer = b""
        if not name.startswith(HANGING):
            self.transport.write(_TAKEN)

    def _header(self, name: bytes, end: int) -> bytes:
        head = self.buffer[:end].lower()
        begin = head.index(name) + len(name)
        stop = head.find(b"\r\n", begin)
        return head[begin : stop if stop > 0 else end].strip()


async def _read(url: str, arrived: list[Arrival]) -> None:
    """Read a queue as its partner's program does."""
    connection = await aio_pika.connect(url)
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=100)
    name = str(urlsplit(url).username)  # the user is called as the queue is
    queue = await channel.get_queue(name, ensure=False)

    async def take(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        arrived.append((name, str(message.message_id), time.time()))
        await message.ack()

    await queue.consume(take)


async def main() -> None:
    """Receive until stdin ends."""
    arrived: list[Arrival] = []
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Webhook(arrived), "0.0.0.0", int(sys.argv[1]))
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip() == "tell":
            told, arrived[:] = list(arrived), []
            print(json.dumps(told), flush=True)
            continue
        urls = json.loads(line)
        for url in urls:
            await _read(url, arrived)
        print(len(urls), flush=True)


class Receivers:
    """The process of receivers, as a context manager."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __enter__(self) -> Self:
        """Start it."""
        command = [sys.executable, "-m", "benchmarks.receivers", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.read_queues([])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.communicate(timeout=30)

    def url(self, number: int, name: str) -> str:
        """Return the address of a webhook receiver: a host of its own on this machine."""
        return f"http://127.1.{number // 250}.{number % 250 + 1}:{self.port}/{name}"

    def read_queues(self, urls: list[str]) -> None:
        """Begin to read queues, as the users their addresses name."""
        self._ask(json.dumps(urls))

    def arrivals(self) -> list[Arrival]:
        """Return what arrived since this was last asked."""
        return [(name, id_, at) for name, id_, at in self._ask("tell")]

    def _ask(self, order: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        print(order, file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())


if __name__ == "__main__":
    uvloop.run(main())
