"""Migrations: Alembic, run only by the verb `migrate`; every process checks the schema at start."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import async_url


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
