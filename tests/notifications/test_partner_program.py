"""The demo's partner, a program of others, meets what its subscription may be."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.notifications.world import created

PROGRAM = Path(__file__).parents[2] / "demo/partner/keep_copy.py"


@contextlib.contextmanager
def running(told: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen([sys.executable, str(PROGRAM), "feed"], env=os.environ | told) as process:
        try:
            yield
        finally:
            process.kill()


async def test_while_its_subscription_is_paused_it_keeps_its_place_and_reads_nothing_twice(
    world, office, api, tmp_path, eventually
):
    partner = await office.partner(event_types=["*"])
    key = await office.credential(partner)
    body = {"name": "Bản sao", "transport": "feed", "partner_id": partner["id"]}
    made = (await office.post("/v1/subscriptions", body)).json()
    copy = tmp_path / "copy.sqlite"
    told = {
        "NOTIFICATIONS": api, "CLIENT_ID": key["client_id"], "COPY": str(copy),
        "CLIENT_SECRET": key["client_secret"], "FEED_ID": made["id"],
    }  # fmt: skip

    def place() -> list[tuple[str]]:
        try:
            with sqlite3.connect(copy, timeout=30) as database:
                return database.execute("SELECT cursor FROM place").fetchall()
        except sqlite3.OperationalError:
            return []

    async def read() -> int:
        [row] = await world.rows("SELECT coalesce(sum(requests), 0) AS n FROM partner_access")
        return int(row.n)

    with running(told):
        await eventually(place, within=60)
        await office.post(f"/v1/subscriptions/{made['id']}/pause", {"reason": "Bảo trì"})
        await world.happen(created(1))  # whoever waits is woken by it, and refused from now on
        await asyncio.sleep(2)  # why: an answer that was under way has been stored
        seen, stood = await read(), place()
        await asyncio.sleep(4)  # why: it asks each second, and shall not begin anew
        assert (await read(), place()) == (seen, stood)
