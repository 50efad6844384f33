"""The load generator, a process of its own: keep-alive HTTP/1.1 on raw sockets.

It sends ballots it makes up as it goes, or requests that were prepared, each of them once.

Closed loop: each connection sends its next ballot when the last one was answered, until time is
over; every answer is waited for. Open loop: ballots leave at fixed times whatever the server does,
and count from the moment they should have left.
"""

import asyncio
import json
import pickle
import random
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import uvloop

from benchmarks.ballots import Sent, patterns

ROOT = Path(__file__).parents[1]
ACCEPTED = b"2"  # begins the status
LATE = 30.0  # seconds an answer may take after the end


@dataclass(frozen=True)
class Order:
    """What to send. `doors`: path and unit id; `rate` None: closed loop.

    `prepared`: a file of (id, unit, pattern, request) to send instead of ballots made as it goes.
    """

    port: int
    connections: int
    seconds: float
    doors: Sequence[tuple[str, str]] = ()
    prepared: str | None = None
    rate: float | None = None
    most: int | None = None  # requests, when it is their number that matters


@dataclass
class Record:
    """What happened. `ballots`: id → (should have left, answered), seconds since 1970."""

    began: float = 0.0
    ended: float = 0.0
    ballots: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    sent: Sent = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def per_second(self) -> float:
        """Accepted ballots per second of load."""
        return len(self.ballots) / (self.ended - self.began)


class Ballots:
    """Makes requests: every one a new ballot, doors and patterns in turn."""

    def __init__(self, order: Order) -> None:
        """Cut the requests where the ballot's id goes in."""
        made = patterns()
        self._chance = random.SystemRandom()
        self._requests = [
            (unit, number, *_halves(path, pattern.body))
            for number, pattern in enumerate(made)
            for path, unit in [order.doors[number % len(order.doors)]]
        ]
        if len(order.doors) > len(made):
            raise ValueError("more doors than patterns")
        self._next = 0

    def take(self) -> tuple[UUID, str, int, bytes]:
        """Return id, unit, pattern and the bytes to send."""
        self._next = (self._next + 1) % len(self._requests)
        unit, number, head, tail = self._requests[self._next]
        id_ = UUID(int=self._chance.getrandbits(128), version=4)
        return id_, unit, number, head + str(id_).encode() + tail


class Prepared:
    """Hands out requests that were prepared, in order."""

    def __init__(self, path: str) -> None:
        self._left = iter(pickle.loads(Path(path).read_bytes()))

    def take(self) -> tuple[UUID, str, int, bytes]:
        """Return id, unit, pattern and the bytes to send."""
        taken: tuple[UUID, str, int, bytes] = next(self._left)
        return taken


class Connection(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, run: "Run") -> None:
        self.run = run
        self.buffer = b""
        self.transport: asyncio.Transport

    def send(self, due: float) -> None:
        """Send the next ballot; it counts from `due`."""
        self.id, self.unit, self.number, request = self.run.source.take()
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = self.buffer.lower().find(b"content-length:", 0, end)
        length = int(self.buffer[at + 15 : self.buffer.index(b"\r\n", at)])
        if len(self.buffer) >= end + 4 + length:
            status, self.buffer = self.buffer[9:12], b""
            self._note(status)
            self.run.free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.run.over:
            self.run.record.failures[f"connection lost: {exc}"] += 1

    def _note(self, status: bytes) -> None:
        record = self.run.record
        if status.startswith(ACCEPTED):
            record.ballots[self.id] = (self.due, time.time())
            record.sent[self.unit, self.number] += 1
        else:
            record.failures[status.decode()] += 1


class Run:
    """One order being carried out."""

    def __init__(self, order: Order) -> None:
        self.order, self.record = order, Record()
        self.source = Prepared(order.prepared) if order.prepared else Ballots(order)
        self.over = False
        self.started = 0
        self.idle: deque[Connection] = deque()  # in turn: one that nothing comes by is ended
        self.waiting: deque[float] = deque()

    async def carry_out(self) -> Record:
        """Send until time is over, then wait for the answers that are still out."""
        loop = asyncio.get_running_loop()
        for _ in range(self.order.connections):
            transport, one = await loop.create_connection(
                lambda: Connection(self), "127.0.0.1", self.order.port
            )
            one.transport = transport
            self.idle.append(one)
        self.record.began = time.time()
        self.until = self.record.began + self.order.seconds
        await (self._open_loop() if self.order.rate else self._closed_loop())
        self.record.ended = time.time()
        late = time.time() + LATE
        while len(self.idle) < self.order.connections and time.time() < late:
            await asyncio.sleep(0.01)
        self.over = True
        missing = self.order.connections - len(self.idle)
        if missing:
            self.record.failures["no answer"] += missing
        return self.record

    def free(self, one: Connection) -> None:
        """Use a connection again, or put it aside."""
        if self.waiting:
            one.send(self.waiting.popleft())
        elif self.order.rate is None and not self._enough():
            self.started += 1
            one.send(time.time())
        else:
            self.idle.append(one)

    def _enough(self) -> bool:
        most = self.order.most
        return time.time() >= self.until or (most is not None and self.started >= most)

    async def _closed_loop(self) -> None:
        for one in [self.idle.popleft() for _ in range(self.order.connections)]:
            self.free(one)
        while not self._enough():
            await asyncio.sleep(0.02)

    async def _open_loop(self) -> None:
        assert self.order.rate
        gap, due = 1 / self.order.rate, self.record.began
        while due < self.until:
            await asyncio.sleep(max(0.0, due - time.time()))
            while due <= time.time() and due < self.until:
                self._leave(due)
                due += gap

    def _leave(self, due: float) -> None:
        if self.idle:
            self.idle.popleft().send(due)
        else:
            self.waiting.append(due)


def prepare(folder: Path, requests: Iterable[tuple[UUID, str, int, bytes]]) -> str:
    """Keep requests for an order, each with its id and, of a ballot, unit and pattern."""
    file = folder / "requests.pickle"
    file.write_bytes(pickle.dumps(list(requests)))
    return str(file)


def ballot(path: str, id_: UUID, rest: str) -> bytes:
    """Return the request that sends a ballot; `rest` of a pattern."""
    head, tail = _halves(path, rest)
    return head + str(id_).encode() + tail


def _halves(path: str, rest: str) -> tuple[bytes, bytes]:
    body = '{"response_id":"', f'",{rest}'
    length = len(body[0]) + 36 + len(body[1].encode())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n\r\n{body[0]}"
    )
    return head.encode(), body[1].encode()


def main() -> None:
    """Carry out the order in the file argv[1]; write the record to argv[2]."""
    facts: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    record = uvloop.run(Run(Order(**facts)).carry_out())
    Path(sys.argv[2]).write_bytes(pickle.dumps(record))


def send(folder: Path, **facts: Any) -> Record:
    """Carry out an order in a process of its own; return what happened."""
    asked, told = folder / "order.json", folder / "record.pickle"
    asked.write_text(json.dumps(facts))
    program = "from benchmarks.load import main; main()"  # not -m: the record is of this module
    command = [sys.executable, "-c", program, str(asked), str(told)]
    subprocess.run(command, check=True, cwd=ROOT)
    record: Record = pickle.loads(told.read_bytes())
    return record
