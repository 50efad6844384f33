"""The five-minute start, run from the text of docs/amqp.md by a program that is not ours."""

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from tests.notifications.conftest import token
from tests.notifications.world import activated, assignment, created

from contracts import tasks

DOCS = Path(__file__).parents[2] / "docs/amqp.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [(match[1], match[2]) for match in BLOCK.finditer(DOCS.read_text())]
PROGRAM = next(text for language, text in BLOCKS if language == "python")
SUBSCRIBE, CREDENTIALS = (text for language, text in BLOCKS if language == "sh")


async def shell(command: str, **environment: str) -> dict:
    done = await asyncio.to_thread(
        subprocess.run, ["bash", "-ec", command], env={**os.environ, **environment},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


class Program:
    """The partner's own program, with its own database."""

    def __init__(self, folder: Path, url: str, queue: str) -> None:
        self.file, self.copy = folder / "program.py", folder / "copy.sqlite"
        self.file.write_text(PROGRAM)
        self.environment = {**os.environ, "AMQP_URL": url, "QUEUE": queue, "COPY": str(self.copy)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, str(self.file)], env=self.environment)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def rows(self) -> dict[str, tuple[int, dict]]:
        if not self.copy.exists():
            return {}
        with sqlite3.connect(self.copy) as connection:
            try:
                found = connection.execute("SELECT subject, version, data FROM newest").fetchall()
            except sqlite3.OperationalError:
                return {}
        return {subject: (version, json.loads(data)) for subject, version, data in found}


@pytest.fixture
def environment(environment, queues) -> dict[str, str]:
    """The installation offers queues."""
    return environment | queues.settings


@pytest.fixture
async def program(queues, tmp_path):
    """Return a function that makes the program of a subscription, started."""
    made = []

    async def make(id_) -> Program:
        program = Program(tmp_path, await queues.url(id_), (await queues.queue(id_)).name)
        made.append(program)
        program.start()
        return program

    yield make
    for each in made:
        each.kill()


async def newest(world) -> dict[str, tuple[int, dict]]:
    """Return the newest public event of everything, as anybody may read it."""
    rows = await world.rows(
        "SELECT DISTINCT ON (subject) subject, version, envelope FROM public_event"
        " ORDER BY subject, version DESC"
    )
    return {str(r.subject): (r.version, json.loads(r.envelope)["data"]) for r in rows}


def reported(number: int, version: int, percent: int) -> tasks.AssignmentChanged:
    state = assignment(number, version=version, progress_percent=percent)
    return tasks.AssignmentChanged(assignment=state)


async def test_the_start_in_the_docs_works_as_it_is_written(
    queues, world, api, issuer, program, eventually
):
    given = {"NOTIFICATIONS": api, "TOKEN": token(issuer, "external")}
    await world.happen(activated(), created(1))
    subscription = await shell(SUBSCRIBE, **given)
    shown = await shell(CREDENTIALS, **given, ID=subscription["id"])
    id_ = UUID(subscription["id"])
    queues.passwords[id_] = shown["password"]
    await queues.keep()
    at, where = await queues.url(id_), shown["address"].removeprefix("amqp://")
    assert at == f"amqp://{shown['user']}:{shown['password']}@{where}"
    theirs = await program(id_)

    async def equal():
        await queues.export()
        return len(theirs.rows()) == 2 and theirs.rows() == await answered(api, given["TOKEN"])

    await eventually(equal, within=60, every=0.5)


async def answered(api: str, bearer: str) -> dict[str, tuple[int, dict]]:
    """Return the newest state of everything, as our API says it to this partner."""
    async with httpx.AsyncClient(base_url=api, timeout=20) as client:
        headers = {"Authorization": f"Bearer {bearer}"}
        asked = {"snapshots": "true", "limit": 200}
        page = (await client.get("/v1/events", params=asked, headers=headers)).json()
    assert page["complete"]
    return {one["subject"]: (one["aggregateversion"], one["data"]) for one in page["data"]}


async def test_a_partners_copy_equals_what_anybody_may_read_after_every_misfortune(
    queues, world, program, eventually
):
    """Killed in the middle, its database deleted, its queue overflowed."""
    id_ = await queues.subscribe(most=10)

    async def equal():
        await queues.keep()
        await queues.export()
        return theirs.rows() == await newest(world)

    theirs = await program(id_)
    await world.happen(activated(), created(1), created(2))
    await eventually(equal, within=60, every=0.5)

    theirs.kill()
    await world.happen(reported(1, 2, 20), created(3), reported(1, 3, 40), reported(1, 2, 20))
    theirs.start()
    await eventually(equal, within=60, every=0.5)

    theirs.kill()
    for number in range(4, 40):
        await world.happen(created(number))
        await queues.export()

    async def overflowed():
        await queues.export()
        return (await queues.queue(id_)).overflowed_at

    await eventually(overflowed, within=30, every=0.5)
    lost = await queues.queue(id_)
    assert lost.dropped > 0
    theirs.start()
    await eventually(lambda: len(theirs.rows()) > 4, within=60, every=0.5)
    assert not await equal(), "what was dropped is not there: nothing may hide that"
    await world.rows("UPDATE public_event SET kept_at = kept_at - interval '1 hour'")
    await world.rows(
        "UPDATE subscription SET cursor_tx = CAST(CAST(:tx AS text) AS xid8), cursor_seq = :seq",
        tx=str(lost.lost_tx), seq=lost.lost_seq - 1,
    )  # fmt: skip
    await eventually(equal, within=90, every=0.5)

    theirs.kill()
    theirs.copy.unlink()
    await world.rows("UPDATE subscription SET cursor_tx = '0', cursor_seq = 0")
    theirs.start()
    await eventually(equal, within=90, every=0.5)
