"""The five-minute starts by curl and by Perl, run from the text of docs/events.md."""

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.notifications.partners import TOKEN, form
from tests.notifications.test_amqp_docs import BLOCK, answered
from tests.notifications.world import activated, created, progress

DOCS = Path(__file__).parents[2] / "docs/events.md"
BLOCKS = dict(BLOCK.findall(DOCS.read_text()))


@pytest.fixture
async def key(office, api) -> dict[str, str]:
    """What a partner's program is told: where we are, and its key."""
    made = await office.credential(await office.partner())
    return {
        "NOTIFICATIONS": api, "CLIENT_ID": made["client_id"],
        "CLIENT_SECRET": made["client_secret"],
    }  # fmt: skip


async def ours(key: dict[str, str]) -> dict[str, tuple[int, dict]]:
    """Return the newest state of everything, as the API answers this partner."""
    given = {"client_id": key["CLIENT_ID"], "client_secret": key["CLIENT_SECRET"]}
    async with httpx.AsyncClient(base_url=key["NOTIFICATIONS"]) as client:
        token = (await client.post(TOKEN, data=form(given))).json()["access_token"]
    return await answered(key["NOTIFICATIONS"], token)


def newest(events: Iterator[dict]) -> dict[str, tuple[int, dict]]:
    ordered = sorted(events, key=lambda event: event["aggregateversion"])
    return {each["subject"]: (each["aggregateversion"], each["data"]) for each in ordered}


async def run_shell(key: dict[str, str], folder: Path) -> dict[str, tuple[int, dict]]:
    done = await asyncio.to_thread(
        subprocess.run, ["sh", "-c", BLOCKS["sh"]], env={**os.environ, **key}, cwd=folder,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pages = [json.loads(line) for line in (folder / "events.json").read_text().splitlines()]
    return newest(event for page in pages for event in page["data"])


async def test_by_curl_everything_is_taken_and_the_next_run_goes_on_from_there(
    world, key, tmp_path, eventually
):
    await world.happen(activated(), *(created(number) for number in range(1, 5)))
    assert await run_shell(key, tmp_path) == await ours(key)
    lines = (tmp_path / "events.json").read_text().count("NV-2025-0001")
    await world.happen(progress(difficulty=False), created(9))

    async def equal() -> bool:
        return await run_shell(key, tmp_path) == await ours(key)

    await eventually(equal, within=30)
    assert (tmp_path / "events.json").read_text().count("NV-2025-0001") == lines + 1


@contextlib.contextmanager
def perl(key: dict[str, str], copy: Path) -> Iterator[None]:
    program = ["perl", "-e", BLOCKS["perl"]]
    with subprocess.Popen(program, env={**os.environ, **key, "COPY": str(copy)}) as process:
        yield
        assert process.poll() is None, "it ended by itself"
        process.kill()


async def test_by_perl_a_copy_is_kept_that_survives_being_killed(world, key, tmp_path, eventually):
    copy = tmp_path / "copy.json"

    async def equal() -> bool:
        kept = json.loads(copy.read_text())["newest"].values() if copy.exists() else []
        return newest(iter(kept)) == await ours(key)

    await world.happen(activated(), created(1))
    with perl(key, copy):
        await eventually(equal, within=60, every=0.3)
        await world.happen(created(2))
        await eventually(equal, within=60, every=0.3)
    await world.happen(progress(difficulty=True), created(3, content="Rà soát «tiến độ» ⚑"))
    assert not await equal()
    with perl(key, copy):
        await eventually(equal, within=60, every=0.3)
