"""Rows 26 and 27: clocks that are wrong, clients who hang up."""

import shutil
import signal

import httpx
import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("faults")]


async def test_clients_who_hang_up_leave_no_session_and_no_half_work(rig, row):
    async with row("27", "every client hangs up three times before it waits", impatient=0.05) as f:
        await f.load.acked(80)
        f.over()
    hung_up = sum(
        o.failures.count("TimeoutError") for o in rig.ledger.operations(row=rig.ledger.row)
    )
    assert hung_up > 100, f"only {hung_up} requests were cancelled"


@pytest.mark.faults
async def test_processes_whose_clocks_are_wrong_agree_by_the_databases_clock(rig, row):
    assert shutil.which("faketime"), "this row needs the program faketime (dev/system_packages)"
    skewed = {
        "tasks relay": "-1h", "surveys relay": "+1h", "reporting worker": "-1h",
        "notifications worker": "+1h", "probe worker": "-1h", "surveys api": "+1h",
        "tasks api": "+40s",  # a token's times are compared with it: a minute's leeway
    }  # fmt: skip
    async with row("26", "clocks of seven processes wrong by up to an hour") as fault:
        for name, by in skewed.items():
            rig[name].prefix = ["faketime", "-f", by]
            rig[name].given = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
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
        rig[name].prefix, rig[name].given = [], {}
        await rig[name].restart()


@pytest.mark.faults
async def test_an_api_an_hour_ahead_refuses_tokens_that_have_ended_for_it(rig, world):
    assert shutil.which("faketime"), "this row needs the program faketime (dev/system_packages)"
    api = rig["reporting api"]
    api.prefix, api.given = ["faketime", "-f", "+2h"], {"DONT_FAKE_MONOTONIC": "1"}
    await api.restart()
    await rig.until_ready()
    headers = {"Authorization": f"Bearer {world.tokens['office']}"}
    url = f"{rig.addresses['reporting']}/v1/criteria_sets"
    assert httpx.get(url, headers=headers).status_code == 401
    api.prefix, api.given = [], {}
    api.signal(signal.SIGTERM)
    await api.ended()
    api.start()
    await rig.until_ready()
    assert httpx.get(url, headers=headers).status_code == 200
