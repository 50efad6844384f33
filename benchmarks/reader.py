"""Another system's program that reads the feed: a process of its own, as it is with them.

`python -m benchmarks.reader ADDRESS EVENTS`, the token on the first line of stdin. Stands at the
end of the feed, says `ready`, and from the next line on reads that many events, each of them whole;
then says how many seconds that took.
"""

import subprocess
import sys
import time
from http.client import OK, HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

from pydantic_core import from_json

ROOT = Path(__file__).parents[1]
PAGE = 5000
PATIENCE = 120.0  # seconds


class Feed:
    """One connection, by the client that every Python has.

    It asks for the next page by the `Link` of the one before, as a reader may that keeps its cursor
    itself, and reads every event meanwhile.
    """

    def __init__(self, address: str, token: str) -> None:
        place = urlsplit(address)
        self._connection = HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, query: str) -> None:
        """Ask for a page."""
        self._connection.request("GET", f"/v1/events{query}", headers=self._headers)

    def answer(self) -> tuple[str, bytes]:
        """Return the query of the next page, and this one."""
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != OK:
            raise ValueError(f"the feed: {answer.status} {content[:300]!r}")
        link = answer.headers["Link"]
        return link[link.index("<") + 1 : link.index(">")], content

    def read(self, following: str, events: int) -> None:
        """Read that many events, a page after the other."""
        self.ask(following)
        while events > 0:
            following, content = self.answer()
            self.ask(following)  # it is prepared while this one is read
            page: dict[str, list[object]] = from_json(content)
            events -= len(page["data"])


def main() -> None:
    """Read once."""
    feed = Feed(sys.argv[1], sys.stdin.readline().strip())
    feed.ask("?" + urlencode({"after": "now", "limit": PAGE}))
    following, _ = feed.answer()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    feed.read(following, int(sys.argv[2]))
    print(time.monotonic() - began, flush=True)


class Reader:
    """The process, as a context manager: entered, it stands at the end of the feed."""

    def __init__(self, address: str, token: str, events: int) -> None:
        self._command = [sys.executable, "-m", "benchmarks.reader", address, str(events)]
        self._token = token

    def __enter__(self) -> Self:
        """Start it."""
        self.process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._say(self._token)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, whatever it waits for."""
        self.process.kill()
        self.process.communicate(timeout=30)

    def read(self) -> float:
        """Let it read; return the seconds. Raises ValueError when it could not."""
        return float(self._say(""))

    def _say(self, line: str) -> str:
        assert self.process.stdin
        assert self.process.stdout
        print(line, file=self.process.stdin, flush=True)
        return self.process.stdout.readline()


if __name__ == "__main__":
    main()
