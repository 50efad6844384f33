"""Rows 26 and 27: clocks that are wrong, clients who hang up."""

import signal
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.timeout(600)


def skew(by: str) -> dict[str, str]:
    """Return the variables that make a process's clock wrong; its monotonic clock stays right.

    The library itself, not the program `faketime`: that forks, and a kill would miss the child.
    """
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert found, "this row needs the package faketime (dev/system_packages)"
    return {"LD_PRELOAD": str(found[0]), "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


async def test_clients_who_hang_up_leave_no_session_and_no_half_work(rig, row, eventually):
    def hung_up() -> bool:
        """Whether enough have hung up: a fast machine answers most before they can."""
        operations = rig.ledger.operations(row=rig.ledger.row)
        return sum(o.failures.count("TimeoutError") for o in operations) > 50

    async with row("27", "every client hangs up three times before it waits", impatient=0.05) as f:
        await eventually(hung_up, within=150)
        f.over()


@pytest.mark.faults
async def test_processes_whose_clocks_are_wrong_agree_by_the_databases_clock(rig, row):
    skewed = {
        "tasks relay": "-1h", "surveys relay": "+1h", "reporting worker": "-1h",
        "notifications worker": "+1h", "probe worker": "-1h", "surveys api": "+1h",
        "tasks api": "+40s",  # a token's times are compared with it: a minute's leeway
    }  # fmt: skip
    async with row("26", "clocks of seven processes wrong by up to an hour") as fault:
        for name, by in skewed.items():
            rig[name].given = skew(by)
            await rig[name].restart()
        await rig.until_ready()
        now = sum(o.acked for o in rig.ledger.operations(row=rig.ledger.row))
        await fault.load.acked(now + 60)
        fault.over()
    (found,) = await rig.query(
        "tasks",
        "SELECT count(*) AS n FROM event_log WHERE recorded_at > now() + interval '1 minute'",
    )
    assert found["n"] == 0, "an event took its time from a process"
    for name in skewed:
        rig[name].given = {}
        await rig[name].restart()


@pytest.mark.faults
async def test_an_api_an_hour_ahead_refuses_tokens_that_have_ended_for_it(rig, world):
    api = rig["reporting api"]
    api.given = skew("+2h")
    await api.restart()
    await rig.until_ready()
    headers = {"Authorization": f"Bearer {world.tokens['office']}"}
    url = f"{rig.addresses['reporting']}/v1/criteria_sets"
    assert httpx.get(url, headers=headers).status_code == 401
    api.given = {}
    api.signal(signal.SIGTERM)
    await api.ended()
    api.start()
    await rig.until_ready()
    assert httpx.get(url, headers=headers).status_code == 200
