"""A figure that moves a hundred times a second is shown five times a second, always its newest."""

import asyncio
import time
from collections.abc import Callable

from chassis.live.pushing import LiveEvent

EVERY_SECONDS = 0.2
_FORGET_ABOVE = 10_000  # keys remembered before those that are quiet are dropped


class Coalescer:
    """Lets the first message of a key through at once and then the newest one per interval."""

    def __init__(self, deliver: Callable[[LiveEvent], None]) -> None:
        self._deliver = deliver
        self._last: dict[tuple[str, str], float] = {}
        self._held: dict[tuple[str, str], LiveEvent] = {}

    def take(self, event: LiveEvent) -> None:
        """Deliver a message now, or hold it until its key may speak again."""
        if event.coalesce_key is None:
            self._deliver(event)
            return
        key = (event.topic, event.coalesce_key)
        if key in self._held:
            self._held[key] = max(event, self._held[key], key=lambda e: e.id)
            return
        wait = self._last.get(key, float("-inf")) + EVERY_SECONDS - time.monotonic()
        if wait > 0:
            self._held[key] = event
            asyncio.get_running_loop().call_later(wait, self._release, key)
        else:
            self._say(key, event)

    def _release(self, key: tuple[str, str]) -> None:
        self._say(key, self._held.pop(key))

    def _say(self, key: tuple[str, str], event: LiveEvent) -> None:
        if len(self._last) > _FORGET_ABOVE:
            quiet = time.monotonic() - EVERY_SECONDS
            self._last = {k: t for k, t in self._last.items() if t > quiet}
        self._last[key] = time.monotonic()
        self._deliver(event)
