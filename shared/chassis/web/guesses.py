"""Slows down whoever tries codes or secrets, and nobody who has one.

A code that is right is always answered at once. Answers to wrong ones wait their turn, each device
by itself: so many are free, as people mistype; then each waits longer, up to a limit, and past
what fits into the longest wait comes 429. An office behind one address is never shut out: what its
neighbour guesses makes only its own wrong codes wait.

A device is its address and what its browser calls itself, under a key that the process draws and
forgets: no cookie is set, nothing is stored. In memory, by process: a database would have to write
for every guess, which is more than the guess costs; with so many processes a guesser has so many
times the free ones, of 2^75 codes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_bytes
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FREE = 10  # wrong codes in a window that are answered at once
WINDOW = 600.0  # seconds without a wrong code after which a device begins anew
FIRST, LAST = 0.5, 8.0  # seconds between two further answers, doubling
LONGEST = 20.0  # seconds an answer waits
MOST_DEVICES = 20_000
_KEY = token_bytes(32)

Refuse = Callable[[Request], Awaitable[Response]]


@dataclass
class Tries:
    """Wrong codes of one device: how many, when the last one, when the next may be answered."""

    count: int = 0
    last: float = 0.0
    free_at: float = 0.0


class Guesses:
    """Counts wrong codes by device. Pure but for what it counts."""

    def __init__(self) -> None:
        """Begin with no device known."""
        self._tries: dict[bytes, Tries] = {}

    def wait(self, device: bytes, now: float) -> float | None:
        """Count a wrong code; return the seconds its answer waits, None when too many do."""
        tries = self._of(device, now)
        tries.count, tries.last = tries.count + 1, now
        if tries.count <= FREE:
            return 0.0
        step: float = min(FIRST * 2.0 ** min(tries.count - FREE - 1, 8), LAST)
        turn = max(tries.free_at, now) + step
        if turn - now > LONGEST:
            return None
        tries.free_at = turn
        return turn - now

    def _of(self, device: bytes, now: float) -> Tries:
        self._forget(now)
        found = self._tries.pop(device, None) or Tries()
        self._tries[device] = found  # the newest stands last
        return found

    def _forget(self, now: float) -> None:
        """Drop the devices that stopped trying; they stand first."""
        while oldest := next(iter(self._tries), None):
            if now - self._tries[oldest].last <= WINDOW and len(self._tries) < MOST_DEVICES:
                return
            del self._tries[oldest]

    def __len__(self) -> int:
        """Return how many devices are known."""
        return len(self._tries)


class Patience:
    """Pure ASGI middleware: holds back the answers to wrong codes.

    It stands within what logs, counts and dresses answers, so that these know what was sent.
    """

    def __init__(
        self,
        app: ASGIApp,
        guesses: Guesses,
        refuse: Refuse,
        *,
        guarded: tuple[str, ...],
        wrong: int,
    ) -> None:
        """Guard the paths that begin with `guarded`.

        `wrong`: the status that says so; `refuse`: what is answered to one wrong code too many.
        """
        self.app, self._guesses, self._refuse = app, guesses, refuse
        self._guarded, self._wrong = guarded, wrong

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let everything through; only an answer about a wrong code waits."""
        if scope["type"] != "http" or not scope["path"].startswith(self._guarded):
            await self.app(scope, receive, send)
            return
        replaced: Response | None = None

        async def held(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == self._wrong:
                seconds = self._guesses.wait(self._device(scope), monotonic())
                if seconds is None:
                    replaced = await self._refuse(Request(scope))
                else:
                    await asyncio.sleep(seconds)
            if replaced is None:
                await send(message)

        await self.app(scope, receive, held)
        if replaced is not None:
            await replaced(scope, receive, send)

    @staticmethod
    def _device(scope: Scope) -> bytes:
        address = (scope.get("client") or ("",))[0]
        browser = dict(scope["headers"]).get(b"user-agent", b"")
        return blake2b(f"{address} ".encode() + browser[:512], key=_KEY).digest()
