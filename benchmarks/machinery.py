"""Relay, consumer and rebuild each alone, and what an event costs as the stored facts grow."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.figures import PATIENCE, WrongFigures, ask
from benchmarks.stack import Stack, Usage
from benchmarks.survey import Round
from chassis.database import Database
from reporting.marks import SatisfactionOf
from reporting.releases import publications
from reporting.releases.due import release_if_due

DUE = 25  # ballots with a ticket a unit, so that each is due
_HOLD = "SELECT pg_advisory_lock(hashtext($1), hashtext($2))"
RELAY, WORKER, CLOCK = "surveys relay", "reporting worker", "reporting clock"
_WRITTEN = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
_UNSENT = "SELECT count(*) FROM outbox"
_COPIED = "SELECT response_id AS id FROM response WHERE round_id = $1 ORDER BY 1 LIMIT 500"
# Row n is a copy of the answer at place n of the ids given, under ids that follow from n; some days
# older, as what is stored is: every minute the events of the last hours are compared, those alone.
_AGO = "make_interval(days => 20 + (n % 300)::int)"
_NUMBERED = """
    unnest($1::uuid[]) WITH ORDINALITY AS given(id, place)
    JOIN generate_series(1, $2::bigint) AS n ON place = n % 500 + 1
    CROSS JOIN LATERAL (SELECT md5('event' || $3::text || n)::uuid AS event,
      md5('response' || $3::text || n)::uuid AS response) AS new
"""
_FACTS = f"""
    INSERT INTO response_fact (response_id, event_id, event_time, round_id, unit_id, lane, answers,
      choices, released_in)
    SELECT new.response, new.event, f.event_time - {_AGO}, f.round_id, f.unit_id, f.lane, f.answers,
      f.choices, 1
    FROM {_NUMBERED} JOIN response_fact f ON f.response_id = given.id
"""
_EVENTS = f"""
    INSERT INTO event_log (recorded_at, id, type, subject, version, occurred_at, envelope)
    SELECT l.recorded_at - {_AGO}, new.event, l.type, new.response, l.version,
      l.occurred_at - {_AGO},
      replace(replace(l.envelope, l.id::text, new.event::text), given.id::text, new.response::text)
    FROM {_NUMBERED} JOIN event_log l ON l.subject = given.id
"""
_RESPONSES = f"""
    INSERT INTO response (response_id, round_id, unit_id, channel, lane, hour, state, reason,
      answers, choices)
    SELECT new.response, r.round_id, r.unit_id, r.channel, r.lane, r.hour, r.state, r.reason,
      r.answers, r.choices
    FROM {_NUMBERED} JOIN response r ON r.response_id = given.id
"""


@dataclass
class Alone:
    """Events per second of relay and consumer, each with nothing else to do; CPU, WAL per event."""

    events: int
    relay_per_s: float
    consumer_per_s: float
    consumer_cpu_us: float
    wal_bytes: float


def alone(stack: Stack, round_: Round, events: int, workers: Sequence[str] = (WORKER,)) -> Alone:
    """Let events gather, then the relay carry them, then the consumer count them."""
    for worker in workers:
        stack.freeze(worker)
    stack.freeze(RELAY)
    round_.send(connections=64, seconds=PATIENCE, most=events)
    stack.thaw(RELAY)
    relayed = _relayed_per_s(stack)
    server = stack.postgres.database_url("postgres")
    ask(server, "CHECKPOINT")  # few facts or many: each page is written whole once more
    usage, written = Usage(stack), ask(server, _WRITTEN)[0][0]
    for worker in workers:
        stack.thaw(worker)
    began = time.monotonic()
    round_.figures.wait_counted()
    counted = time.monotonic() - began
    cpu = usage.cpu()
    wal = int(ask(server, _WRITTEN)[0][0] - written) / events
    round_.figures.check()
    used = sum(cpu[worker] for worker in workers) + cpu["postgres"]
    return Alone(events, relayed, events / counted, used / events * 1e6, wal)


def _relayed_per_s(stack: Stack) -> float:
    """Time the outbox from the first pointers that go to the last: connecting is not carrying."""
    url = stack.databases["surveys"]
    full = ask(url, _UNSENT)[0][0]
    began = time.monotonic()
    until = began + PATIENCE
    left = first = full
    while left:
        left = ask(url, _UNSENT)[0][0]
        if first == full and left < full:
            first, began = left or full, time.monotonic() if left else began
        if time.monotonic() > until:
            raise WrongFigures(f"the relay left {left} events in the outbox")
        time.sleep(0.01)
    return first / (time.monotonic() - began)


def rebuild(stack: Stack, round_: Round) -> float:
    """Return facts per second of `python -m reporting rebuild` of one round."""
    done = stack.run("reporting", "rebuild", "--round", str(round_.id))
    found = re.search(r"(\d+) facts in ([\d.]+) s", done.stdout)
    if done.returncode or not found:
        raise WrongFigures(f"reporting rebuild: {done.stdout}{done.stderr}")
    return int(found[1]) / float(found[2])


def releases(stack: Stack, round_: Round, repeats: int) -> list[float]:
    """Time the first release of a round over many units, in ms; each is rolled back.

    Its announcer's lock is held meanwhile: else the worker would release as soon as three are due.
    """
    return stack.call(_releases(stack.databases["reporting"], round_, repeats))


async def _releases(url: str, round_: Round, repeats: int) -> list[float]:
    mark = SatisfactionOf(round_.id)
    database, holder = Database(url), await asyncpg.connect(url)
    await holder.execute(_HOLD, mark.kind, mark.scope)
    try:
        await asyncio.to_thread(_answer, round_)
        return [await _timed_release(database, round_.id) for _ in range(repeats)]
    finally:
        await holder.close()
        await database.close()


def _answer(round_: Round) -> None:
    round_.send_tickets(round_.units * DUE, connections=64)
    round_.figures.wait_counted()


async def _timed_release(database: Database, round_id: UUID) -> float:
    async with database.sessions() as session:
        about = await publications.results_of(session, round_id)
        assert about
        began = time.perf_counter()
        released = await release_if_due(session, about, datetime.now(UTC))
        await session.flush()
        took = time.perf_counter() - began
        await session.rollback()
    if not released:
        raise WrongFigures("no release was due")
    return took * 1000


def fill(stack: Stack, round_: Round, facts: int) -> None:
    """Store facts as if their answers had come: by SQL in both services, copies of real ones.

    Nobody would wait for a million answers over HTTP. The producer's log holds an event for each,
    so that both drifts stay 0; the cells come from the first `rebuild`.
    """
    surveys, reporting = stack.databases["surveys"], stack.databases["reporting"]
    copied = [row["id"] for row in ask(surveys, _COPIED, round_.id)]
    missing = facts - ask(reporting, "SELECT count(*) FROM response_fact")[0][0]
    stack.freeze(CLOCK)  # it would find the halves unequal and begin to catch up
    for url, query in ((reporting, _FACTS), (surveys, _EVENTS), (surveys, _RESPONSES)):
        ask(url, query, copied, missing, str(missing))
    for url, table in (
        (reporting, "response_fact"), (surveys, "response"), (surveys, "event_log"),
    ):  # fmt: skip
        ask(url, f"VACUUM ANALYZE {table}")
    ask(stack.postgres.database_url("postgres"), "CHECKPOINT")
    rebuild(stack, round_)
    round_.figures.take_as_given()
    stack.thaw(CLOCK)
    checked = stack.run("reporting", "verify")
    if checked.returncode:
        raise WrongFigures(checked.stdout + checked.stderr)


def shared_buffers(stack: Stack) -> str:
    """Return how much memory the database keeps pages in: what does not fit is read again."""
    size: str = ask(stack.postgres.database_url("postgres"), "SHOW shared_buffers")[0][0]
    return size


def sizes(stack: Stack) -> dict[str, Any]:
    """Return rows and MB of every outbox and inbox."""
    found = {}
    for service in ("tasks", "surveys", "notifications", "reporting"):
        for table in ("outbox", "inbox"):
            query = f"""
                SELECT (SELECT count(*) FROM {table}) AS rows,
                  (SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint
                   FROM pg_partition_tree('{table}')) AS bytes
            """
            row = ask(stack.databases[service], query)[0]
            found[f"{service} {table}"] = (row["rows"], row["bytes"] / 1e6)
    return found
