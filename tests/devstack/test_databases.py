"""Databases of a run: its own on anybody's server, and a stranger's stay as they are."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from devstack.run.databases import drop_databases, own_url, provide_databases
from devstack.run.folder import WITH_DATABASE
from devstack.servers import PrivatePostgres


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[PrivatePostgres]:
    """A server of its own: roles belong to the whole server, and their names are fixed."""
    own = PrivatePostgres(tmp_path)
    try:
        yield own.start()
    finally:
        own.forget()


def secrets_of(installation: str) -> dict[str, str]:
    passwords = {f"{name}_database": f"{installation}-{name}" for name in WITH_DATABASE}
    return {"installation": installation, **passwords}


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def builder(postgres: PrivatePostgres) -> str:
    """Return the URL of somebody who may make databases and roles, and is no superuser."""
    await run(postgres.url, "CREATE ROLE builder LOGIN CREATEDB CREATEROLE PASSWORD 'b'")
    return own_url(postgres.url, "builder", "b").rpartition("/")[0] + "/postgres"


async def test_each_service_owns_its_database_and_cannot_enter_anothers(
    postgres: PrivatePostgres,
) -> None:
    urls = await provide_databases(await builder(postgres), secrets_of("one"))
    await run(urls["tasks"], "CREATE TABLE mine (id int)")
    assert urls["tasks"].endswith("/nhip_tasks")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(urls["tasks"].rpartition("/")[0] + "/nhip_surveys", "SELECT 1")


async def test_a_second_run_finds_its_databases_again(postgres: PrivatePostgres) -> None:
    url = await builder(postgres)
    first = await provide_databases(url, secrets_of("one"))
    await run(first["tasks"], "CREATE TABLE kept (id int)")
    assert await provide_databases(url, secrets_of("one")) == first
    await run(first["tasks"], "SELECT * FROM kept")


async def test_a_strangers_database_of_the_same_name_is_left_alone(
    postgres: PrivatePostgres,
) -> None:
    url = await builder(postgres)
    theirs = await provide_databases(url, secrets_of("theirs"))
    await run(theirs["tasks"], "CREATE TABLE theirs (id int)")
    ours = await provide_databases(url, secrets_of("ours"))
    assert ours["tasks"].endswith("/nhip_tasks_ours")
    assert len(await drop_databases(url, "ours")) == len(WITH_DATABASE)
    await run(theirs["tasks"], "SELECT * FROM theirs")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await run(ours["tasks"], "SELECT 1")
