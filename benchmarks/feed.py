"""The feed alone: how fast one other system reads public events that are there."""

import time

from benchmarks.figures import ask
from benchmarks.reader import Reader
from contracts.samples import example
from contracts.tasks import ProgressReported
from notifications.subscribers.feed.keeping import written

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
    with Reader(address, token, events) as reader:
        _fill(database, events)
        return events / reader.read()


def _fill(database: str, events: int) -> None:
    sample = example(ProgressReported)
    ask(database, _FILL, str(time.time()), sample.type, written(sample), str(sample.id), events)
    ask(database, "ANALYZE public_event")
