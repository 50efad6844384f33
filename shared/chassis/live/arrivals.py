"""Who waits for the next thing to arrive: one connection per process listens for all of them."""

import asyncio
import contextlib
import time
from types import TracebackType
from typing import Self

import asyncpg

from chassis.database import Database
from chassis.listening import listen

_AGAIN_SECONDS = 0.02  # between two looks while something has come that may not be shown yet
_LONGEST_LOOK = 20.0  # seconds; the next one is the listener's probe
_LONGEST_WAIT = 60.0  # seconds after which whoever asked what is coming no longer waits for it


class Arrivals:
    """Wakes those who wait. Use as an async context manager around the application's life.

    While nobody waits nothing is looked up: what came meanwhile is, as soon as somebody does.

    `newest`: a query of one row, `position` (of any type) of the newest thing that may be shown and
    `more`, whether one has come that may not be shown yet.
    """

    def __init__(self, database: Database, channel: str, newest: str) -> None:
        self._database, self._channel, self._newest = database, channel, newest
        self._task: asyncio.Task[None] | None = None
        self._next = asyncio.Event()
        self._position: object = None
        self._signal = asyncio.Event()
        self._asked = -_LONGEST_WAIT
        self.closing = False

    async def __aenter__(self) -> Self:
        """Start listening."""
        looking = listen(self._database.url, self._channel, self._look, signal=self._signal)
        self._task = asyncio.create_task(looking)
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
        """Wake everybody for good: nobody waits any more."""
        self.closing = True
        self._next.set()

    def coming(self) -> asyncio.Event | None:
        """Return what the next arrival sets: take it before looking, then wait for it.

        None when the process is about to end: nobody should wait any more.
        """
        if not self._somebody_waits():
            self._signal.set()
        self._asked = time.monotonic()
        return None if self.closing else self._next

    def _somebody_waits(self) -> bool:
        return time.monotonic() - self._asked < _LONGEST_WAIT

    async def _look(self, connection: asyncpg.Connection) -> None:
        if not self._somebody_waits():
            return
        until = time.monotonic() + _LONGEST_LOOK
        while True:
            row = await connection.fetchrow(self._newest)
            if row is not None and row["position"] != self._position:
                self._position = row["position"]
                self._wake()
            if row is None or not row["more"] or time.monotonic() > until:
                return
            await asyncio.sleep(_AGAIN_SECONDS)

    def _wake(self) -> None:
        if not self.closing:
            woken, self._next = self._next, asyncio.Event()
            woken.set()
