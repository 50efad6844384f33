"""The feed alone: how fast one other system reads public events that are there."""

import time
from contextlib import closing
from http.client import OK, HTTPConnection
from urllib.parse import urlencode, urlsplit

from pydantic_core import from_json

from benchmarks.figures import PATIENCE, WrongFigures, ask
from contracts.samples import example
from contracts.tasks import ProgressReported

PAGE = 5000
# Copies of one event under ids of their own, each about another assignment.
_FILL = """
    INSERT INTO public_event (id, type, subject, version, unit_ids, occurred_at, envelope)
    SELECT md5('event' || $1 || n)::uuid, $2, md5('subject' || $1 || n)::uuid, 1, '{}', now(),
      replace($3, $4, md5('event' || $1 || n)::uuid::text)
    FROM generate_series(1, $5::bigint) AS n RETURNING 1
"""


def read_per_s(address: str, token: str, database: str, events: int) -> float:
    """Return events per second of one reader with one connection, a page after the other.

    Args:
        address: of the notifications service.
        token: of somebody who may read its feed.
        database: its address; `events` copies are put there first.
    """
    with closing(_Reader(address, token)) as reader:
        reader.ask("?" + urlencode({"after": "now", "limit": PAGE}))
        following, _ = reader.answer()
        _fill(database, events)
        began, read = time.monotonic(), 0
        reader.ask(following)
        while read < events:
            following, content = reader.answer()
            reader.ask(following)  # it is prepared while this one is read
            page: dict[str, list[object]] = from_json(content)
            read += len(page["data"])
            if time.monotonic() - began > PATIENCE:
                raise WrongFigures(f"the feed gave {read} of {events} events")
        return events / (time.monotonic() - began)


class _Reader:
    """One connection, by the client that every Python has: what is measured is the feed.

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
            raise WrongFigures(f"the feed: {answer.status} {content[:300]!r}")
        link = answer.headers["Link"]
        return link[link.index("<") + 1 : link.index(">")], content

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _fill(database: str, events: int) -> None:
    sample = example(ProgressReported)
    envelope = sample.model_dump_json(exclude_none=True)
    ask(database, _FILL, str(time.time()), sample.type, envelope, str(sample.id), events)
    ask(database, "ANALYZE public_event")
