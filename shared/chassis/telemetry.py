"""Logs as one JSON line each (readable in a terminal), and the numbers operators watch."""

import asyncio
import logging
import sys
import time

import structlog
from prometheus_client import Gauge, Histogram
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from chassis.database import Database, is_away

OUTBOX_COUNT = Gauge("outbox_events", "Events not yet confirmed by the broker")
OUTBOX_AGE = Gauge("outbox_oldest_seconds", "Age of the oldest event without a confirm")
INBOX_WAITING = Gauge("inbox_events", "Events that failed, by state", ["state"])
TRANSACTION_AGE = Gauge("oldest_writing_transaction_seconds", "It holds back the feed's cursor")
EVENT_LAG = Gauge(
    "event_lag_seconds",
    "Age of the oldest message without effect here, since its change's commit; while nothing is "
    "consumed, since when",
    ["queue"],
)
EVENT_EFFECT = Histogram(
    "event_effect_seconds", "From a change's commit to its effect here", ["queue"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 600, 3600),
)  # fmt: skip
HANDLER_TIME = Histogram(
    "handler_seconds", "A batch in its handler, by the type of the batch's first event", ["type"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30),
)  # fmt: skip
QUEUE_DEPTH = Gauge("queue_messages", "Messages in a queue that no worker holds", ["queue"])
POOL = Gauge("database_connections", "Connections of the pool, by state", ["state"])
STREAMS = Gauge("live_streams", "Open live streams")
RELAY_LEADS = Gauge("relay_leads", "1: this relay carries its service's events; 0: it stands by")
LOOP_LAG = Gauge("event_loop_lag_seconds", "How late the event loop woke last")

_MEASURES = text("""
    SELECT (SELECT count(*) FROM outbox) AS unsent,
      (SELECT coalesce(extract(epoch FROM now() - min(since)), 0) FROM outbox) AS unsent_age,
      (SELECT count(*) FROM inbox WHERE state = 'failed') AS failed,
      (SELECT count(*) FROM inbox WHERE state = 'parked') AS parked,
      (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0) FROM pg_stat_activity
        WHERE backend_xid IS NOT NULL AND datname = current_database()) AS transaction_age
""")


def set_up_logging(service: str, verb: str, level: str) -> None:
    """Send every log line to stdout: JSON, or coloured when a person watches."""
    terminal = sys.stdout.isatty()
    plain = structlog.dev.plain_traceback  # rich ones show local variables
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=plain)
        if terminal
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service, verb=verb)
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout, format="%(name)s %(message)s")
    logging.getLogger("aio_pika").setLevel(logging.CRITICAL)  # what it says, our own lines say
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)


async def measure(database: Database, every: float = 5.0) -> None:
    """Refresh the gauges for ever."""
    while True:
        started = time.monotonic()
        await asyncio.sleep(every)
        LOOP_LAG.set(max(0.0, time.monotonic() - started - every))
        pool = database.engine.pool
        if isinstance(pool, QueuePool):
            POOL.labels("used").set(pool.checkedout())
            POOL.labels("most").set(pool.size())
        try:
            async with database.engine.connect() as connection:
                row = (await connection.execute(_MEASURES)).one()
        except Exception as error:
            if not is_away(error):
                raise
            continue
        OUTBOX_COUNT.set(row.unsent)
        OUTBOX_AGE.set(row.unsent_age)
        INBOX_WAITING.labels("failed").set(row.failed)
        INBOX_WAITING.labels("parked").set(row.parked)
        TRANSACTION_AGE.set(row.transaction_age)
