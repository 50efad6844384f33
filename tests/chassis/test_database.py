"""The pool: nobody is handed a connection that is dead."""

import asyncpg
import pytest
from sqlalchemy import text

from chassis import database as module

OTHERS = """
    SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def answers(database) -> int:
    async with database.sessions() as session:
        return (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()


async def end_all(database) -> None:
    connection = await asyncpg.connect(database.url)
    assert await connection.fetchval(OTHERS) > 0
    await connection.close()


@pytest.mark.parametrize("fresh", [60, -1], ids=["just used", "idle for long"])
async def test_a_connection_the_server_ended_is_replaced_unnoticed(database, monkeypatch, fresh):
    monkeypatch.setattr(module, "FRESH", fresh)
    before = await answers(database)
    await end_all(database)

    assert await answers(database) != before


async def test_a_connection_just_used_is_used_again_without_asking(database, monkeypatch):
    before = await answers(database)
    assert await answers(database) == before
    monkeypatch.setattr(module, "FRESH", -1)
    assert await answers(database) == before
