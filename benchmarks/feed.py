"""The feed alone: how fast one other system reads public events that are there."""

import time

import httpx
from pydantic_core import from_json

from benchmarks.figures import PATIENCE, WrongFigures, ask
from contracts.samples import example
from contracts.tasks import ProgressReported

PAGE = 1000
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
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE) as client:
        cursor = _page(client, "now")["next"]
        _fill(database, events)
        began, read = time.monotonic(), 0
        while read < events:
            page = _page(client, cursor)
            read, cursor = read + len(page["data"]), page["next"]
            if time.monotonic() - began > PATIENCE:
                raise WrongFigures(f"the feed gave {read} of {events} events")
        return events / (time.monotonic() - began)


def _page(client: httpx.Client, cursor: str) -> dict[str, list[object]]:
    answer = client.get("/v1/events", params={"after": cursor, "limit": PAGE})
    page: dict[str, list[object]] = from_json(answer.raise_for_status().content)
    return page


def _fill(database: str, events: int) -> None:
    sample = example(ProgressReported)
    envelope = sample.model_dump_json(exclude_none=True)
    ask(database, _FILL, str(time.time()), sample.type, envelope, str(sample.id), events)
    ask(database, "ANALYZE public_event")
