"""A thin brake per process: so many per key and minute. Nothing about who is behind a request."""

from time import monotonic

WINDOW = 60.0  # seconds


class PerMinute:
    """Counts in fixed windows of a minute that all keys share; what is over is forgotten whole."""

    def __init__(self, most: int) -> None:
        """Let `most` of each key through in a window."""
        self._most, self._until = most, 0.0
        self._counts: dict[str, int] = {}

    def wait(self, key: str) -> int:
        """Count one; return 0, or the seconds until the next window when this one is full."""
        now = monotonic()
        if now >= self._until:
            self._until, self._counts = now + WINDOW, {}
        count = self._counts[key] = self._counts.get(key, 0) + 1
        return 0 if count <= self._most else int(self._until - now) + 1
