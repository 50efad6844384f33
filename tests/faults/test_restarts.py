"""Rows 7 and 8: anything killed at any time; everything restarted in good order under load."""

import asyncio
import os
import random
import signal
import time

import pytest
from tests.faults.conftest import SEED
from tests.faults.rig import EVERY_VERB

pytestmark = pytest.mark.timeout(600)
MINUTES = float(os.environ.get("FAULTS_MINUTES", "20"))


@pytest.mark.faults
async def test_a_rolling_restart_under_load_fails_no_request_after_one_retry(rig, row):
    """The parent holds the listening sockets; the next process overlaps the one that ends."""
    for service in ("tasks", "surveys"):
        await rig.share_socket(service)
    await rig.until_ready()
    names = [*EVERY_VERB, "probe worker"]
    async with row("8", f"rolling SIGTERM restart of {len(names)} processes") as fault:
        for name in names:
            old = rig[name].detach() if name in {"tasks api", "surveys api"} else None
            if old is None:
                rig[name].signal(signal.SIGTERM)
                assert await rig[name].ended(90) == 0, f"{name} did not end in good order"
                rig[name].start()
                continue
            before = rig[name].said('"started"')
            rig[name].start()
            while rig[name].said('"started"') == before:
                await asyncio.sleep(0.1)
            old.terminate()
            assert await asyncio.to_thread(old.wait, 90) == 0, f"{name} did not end in good order"
        fault.over()
    worst = max(o.tries for o in rig.ledger.operations(row=rig.ledger.row))
    assert worst <= 2, f"a client had to try {worst} times"


@pytest.mark.broker
async def test_processes_killed_at_random_lose_and_double_nothing(rig, row):
    await _kill_at_random(rig, row, "7 short", seconds=12)


@pytest.mark.broker
@pytest.mark.faults
@pytest.mark.timeout(MINUTES * 60 + 900)
async def test_processes_killed_at_random_for_long_lose_and_double_nothing(rig, row):
    await _kill_at_random(rig, row, "7", seconds=MINUTES * 60)


async def _kill_at_random(rig, row, number: str, seconds: float) -> None:
    chance = random.Random(SEED)
    names = [*EVERY_VERB, "probe worker"]
    what = f"a process of {len(names)} killed every 1-3 s for {seconds:.0f} s, seed {SEED}"
    killed = 0
    async with row(number, what, within=240) as fault:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await rig[chance.choice(names)].restart()
            killed += 1
            await asyncio.sleep(chance.uniform(1, 3))
        fault.over()
    print(f"{killed} kills")
