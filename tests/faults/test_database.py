"""Rows 16, 18 and 28: PostgreSQL restarted at once, away for long, a transaction held open."""

import asyncio

import asyncpg
import pytest

pytestmark = [pytest.mark.timeout(600), pytest.mark.faults]
DOWN = 45  # seconds; longer than any retry of ours would last if it counted


async def test_a_database_that_crashes_and_recovers_is_seen_as_503_and_heals_by_itself(rig, row):
    before = {name: p.pid for name, p in rig.processes.items()}
    async with row("16", "PostgreSQL stopped at once (crash), started") as fault:
        await asyncio.to_thread(rig.postgres.stop, "immediate")
        await asyncio.sleep(1)
        await asyncio.to_thread(rig.postgres.start)
        fault.over()
    assert {name: p.pid for name, p in rig.processes.items()} == before, "a process had to restart"


async def test_a_database_away_for_long_burns_no_attempt_and_parks_nothing(rig, row):
    before = {name: p.pid for name, p in rig.processes.items()}
    async with row("18", f"PostgreSQL away for {DOWN} s", pause=1.0) as fault:
        await asyncio.to_thread(rig.postgres.stop, "fast")
        await asyncio.sleep(DOWN)
        await asyncio.to_thread(rig.postgres.start)
        fault.over()
    assert {name: p.pid for name, p in rig.processes.items()} == before, "a process had to restart"
    for service in ("reporting", "notifications", "probe", "surveys"):
        (found,) = await rig.query(
            service, "SELECT max(attempts) AS n FROM inbox WHERE day > now()"
        )
        assert not found["n"]


async def test_a_transaction_held_open_delays_the_log_and_makes_it_skip_nothing(
    rig, row, healing, eventually
):
    """The broker's way goes on; a reader of the log waits, then reads all."""
    url = rig.databases["tasks"]
    async with row("28", "a writing transaction held open for 12 s") as fault:
        holder = await asyncpg.connect(url)
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("SELECT pg_current_xact_id()")
        now = len(rig.ledger.operations(row=rig.ledger.row))
        await fault.load.acked(now + 20)
        horizon = "pg_snapshot_xmin(pg_current_snapshot())"
        cursor = f"SELECT count(*) AS n FROM event_log WHERE tx >= {horizon}"
        (held,) = await rig.query("tasks", cursor)
        assert held["n"] > 0, "nothing was held back"
        await eventually(lambda: _relayed(rig), within=60)  # the relay does not wait for it
        await asyncio.sleep(5)
        await transaction.rollback()
        await holder.close()
        await healing("probe clock", "reporting clock")
        fault.over()


async def _relayed(rig) -> bool:
    (left,) = await rig.query("tasks", "SELECT count(*) AS n FROM outbox")
    return left["n"] == 0
