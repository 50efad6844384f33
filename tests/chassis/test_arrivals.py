"""Whoever waits for the next thing to arrive is woken by it; for nobody nothing is looked up."""

import asyncio

import pytest
from sqlalchemy import text

from chassis.live import Arrivals

LOOK = "SELECT nextval('looks') AS position, false AS more"  # each look is counted, and finds news


@pytest.fixture
async def arrivals(database):
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE SEQUENCE looks"))
    async with Arrivals(database, "things", LOOK) as arrivals:
        yield arrivals


async def looks(database) -> int:
    async with database.engine.connect() as connection:
        [row] = await connection.execute(text("SELECT last_value, is_called FROM looks"))
    return row.last_value if row.is_called else 0


async def tell(database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT pg_notify('things', '')"))


async def listening(database) -> bool:
    async with database.engine.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%things%'"
        return bool((await connection.execute(text(query))).scalar_one())


async def test_who_waits_is_woken_and_for_nobody_nothing_is_looked_up(
    database, arrivals, eventually
):
    await eventually(lambda: listening(database))
    await tell(database)
    await asyncio.sleep(0.3)  # why: that nothing happens has no sign of its own
    unasked = await looks(database)

    coming = arrivals.coming()
    assert coming is not None
    await eventually(coming.is_set)  # by what came before anybody waited
    first = await looks(database)
    again = arrivals.coming()
    assert again is not None
    await tell(database)
    await eventually(again.is_set)  # by what comes while somebody waits

    assert unasked == 0
    assert first >= 1
    assert await looks(database) > first
