"""What the models describe is what the migrations make, in every service."""

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from tests.migrations.catalogue import Fact, catalogue, differences
from tests.migrations.declared import SERVICES, metadata_of, of_chassis

from chassis import tables
from chassis.database import async_url

# Only plain SQL speaks of these, so no model describes them.
WITHOUT_A_MODEL = {
    "alembic_version", "catch_up", "clock_run", "event_log", "event_log_default", "event_log_month",
    "inbox", "inbox_default", "outbox", "public_event", "public_event_default",
    "public_event_month",
}  # fmt: skip
# A model says nothing about the order of columns, about triggers, or about partitions.
DESCRIBED = {"relation", "column", "constraint", "index"}


async def of_models(url: str) -> set[Fact]:
    """Return what a model can say of a database: types, defaults, constraints, indexes, options."""
    facts = await catalogue(url)
    return {f for f in facts if f.kind in DESCRIBED and f.table not in WITHOUT_A_MODEL}


async def make_by_models(url: str, service: str, made: set[str]) -> None:
    """Make the service's own tables, and those of the chassis that it has."""
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(metadata_of(service).create_all)
        await connection.run_sync(tables.metadata.create_all, of_chassis(service, made))
    await engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrations_make_the_tables_that_the_models_describe(
    service, migrated, new_database
):
    made = await of_models(await migrated(service))
    url = await new_database()
    await make_by_models(url, service, {fact.table for fact in made})

    assert differences(await of_models(url), made) == ""
