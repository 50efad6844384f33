"""Migrations: Alembic, run only by the verb `migrate`; every process checks the schema at start."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import tables
from chassis.database import async_url

MESSAGING = """
CREATE TABLE event_log (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  recorded_at timestamptz NOT NULL,  -- the event's own time: an answer's is cut to the hour
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id uuid NOT NULL,
  type text NOT NULL,
  subject uuid NOT NULL,
  version bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  envelope text NOT NULL,
  CONSTRAINT pk_event_log PRIMARY KEY (recorded_at, seq)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX ix_event_log_tx_seq ON event_log (tx, seq);
CREATE INDEX ix_event_log_type_occurred_at ON event_log (type, occurred_at);
CREATE INDEX ix_event_log_subject ON event_log (subject, version);
CREATE TABLE event_log_default PARTITION OF event_log DEFAULT;
CREATE TABLE outbox (
  seq bigint CONSTRAINT pk_outbox PRIMARY KEY,
  recorded_at timestamptz NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE TABLE inbox (
  id uuid NOT NULL,
  day date NOT NULL,
  type text NOT NULL,
  time timestamptz NOT NULL,
  subject uuid,
  version bigint,
  state text NOT NULL CONSTRAINT ck_inbox_state CHECK (state IN ('done', 'failed', 'parked')),
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  error text,
  envelope text,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_inbox PRIMARY KEY (day, id)
) PARTITION BY RANGE (day);
CREATE INDEX ix_inbox_type_time ON inbox (type, time);
CREATE INDEX ix_inbox_waiting ON inbox (next_attempt_at) WHERE state = 'failed';
CREATE INDEX ix_inbox_not_done ON inbox (received_at) WHERE state <> 'done';
CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;
CREATE TABLE catch_up (
  producer text CONSTRAINT pk_catch_up PRIMARY KEY,
  cursor text NOT NULL,
  complete boolean NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE clock_run (
  name text CONSTRAINT pk_clock_run PRIMARY KEY,
  last_run_at timestamptz NOT NULL DEFAULT '-infinity'
)
"""


def create_messaging_tables(op: Any) -> None:
    """Create event log, outbox, inbox and clock; the clock adds partitions ahead of time."""
    for statement in MESSAGING.split(";\n"):
        op.execute(statement)
    for statement in partition_statements(datetime.now(UTC)):
        op.execute(statement)


def create_tables(op: Any, *names: str) -> None:
    """Create some of the chassis tables (chassis.tables), as they are declared."""
    tables.metadata.create_all(op.get_bind(), [tables.metadata.tables[name] for name in names])


def partition_statements(now: datetime) -> list[str]:
    """Return DDL for this and the next two months of the log and the next days of the inbox."""
    statements = []
    year, month = now.year, now.month
    for _ in range(3):
        following = (year + month // 12, month % 12 + 1)
        statements.append(
            f"CREATE TABLE IF NOT EXISTS event_log_{year}_{month:02} PARTITION OF event_log "
            f"FOR VALUES FROM ('{year}-{month:02}-01') TO ('{following[0]}-{following[1]:02}-01')"
        )
        year, month = following
    return statements


def configuration(migrations: Path, url: str) -> Config:
    """Return Alembic's configuration for a service's migrations folder."""
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["url"] = url
    return config


def upgrade(migrations: Path, url: str) -> None:
    """Bring the database to the newest schema."""
    command.upgrade(configuration(migrations, url), "head")


def run_environment() -> None:
    """Body of every service's `migrations/env.py`."""

    def work(connection: sa.Connection) -> None:
        context.configure(connection=connection)
        connection.execute(sa.text("SELECT pg_advisory_lock(hashtext('migrate'))"))
        connection.commit()
        with context.begin_transaction():
            context.run_migrations()

    async def connect() -> None:
        engine = create_async_engine(async_url(context.config.attributes["url"]))
        async with engine.connect() as connection:
            await connection.run_sync(work)
        await engine.dispose()

    asyncio.run(connect())


def known_revisions(migrations: Path) -> tuple[str, set[str]]:
    """Return the newest revision this code knows, and all it knows."""
    script = ScriptDirectory.from_config(configuration(migrations, ""))
    head = script.get_current_head() or ""
    return head, {revision.revision for revision in script.walk_revisions()}


async def check_schema(connection: Any, migrations: Path) -> str | None:
    """Return why this process may not run on the database's schema, or None when it may.

    An older schema is refused; a newer one is accepted, since changes expand before they contract.
    """
    head, known = known_revisions(migrations)
    try:
        rows: Iterable[Any] = await connection.execute(
            sa.text("SELECT version_num FROM alembic_version")
        )
    except sa.exc.ProgrammingError:
        return f"the database has no schema yet (needs {head}): run the verb `migrate`"
    found = {row[0] for row in rows}
    if head in found or not found <= known:
        return None
    return f"the database's schema is {found or 'empty'}, this process needs {head}: run `migrate`"
