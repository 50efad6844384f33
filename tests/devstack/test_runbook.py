"""The runbook's commands as printed, beside a `make run` of their own."""

import asyncio
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.chassis.conftest import publish_raw

from devstack.run.folder import CHECKOUT

RUNBOOK = CHECKOUT / "docs/runbook.md"
PATIENCE = 300  # seconds; every core may be busy
NOT_HERE = {
    "cp .env.compose.example .env": "containers",
    "deploy/fill_secrets .env": "the containers' own tests",
    "docker compose up --build": "containers",
    "docker compose --profile development up --build": "containers",
    "docker compose run --rm reporting-api verify": "containers",
    "docker-compose config": "the containers' own tests",
    "python -m <service> discard-unknown": "row 33 of the faults",
    "make run SPLIT=1": "journeys start one process per verb, faults all",
    "make clean-data": "what the private servers' tests do",
    "python -m <service> all": "what `make run` starts",
    "python -m tasks api | worker | relay | clock": "what faults start",
}
RUN_BELOW = {
    "make run", "make token AS=office", "make verify", 'make service DO="reporting verify"',
    'make service DO="reporting parked"', 'make service DO="reporting rebuild"',
    "python -m reporting verify", "make backup TO=folder", "deploy/backup --help",
    "make restore FROM=folder",
}  # fmt: skip


class Installation:
    """A `make run` with a folder of its own, and commands beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "RUN_FOLDER": str(folder / "run")}
        self._running: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        with (self.folder / "run.log").open("a") as log:
            self._running = subprocess.Popen(
                ["make", "-s", "run"],
                cwd=CHECKOUT, env=self.environment, stdout=log, stderr=log, text=True,
            )  # fmt: skip
        before = self.said.count("Ready after")
        until = time.monotonic() + PATIENCE
        while self.said.count("Ready after") == before:
            assert self._running.poll() is None, self.said[-3000:]
            assert time.monotonic() < until, self.said[-3000:]
            time.sleep(0.5)  # why: another process says when it is ready, on its screen

    @property
    def said(self) -> str:
        """All that `make run` has printed."""
        return (self.folder / "run.log").read_text()

    def stop(self) -> None:
        """Stop it, from another terminal."""
        self.run("make", "-s", "stop")
        assert self._running
        self._running.wait(30)

    def run(self, *command: str, status: int = 0, **variables: str) -> str:
        """Run a command in the checkout; return what it printed."""
        done = subprocess.run(
            command,
            cwd=CHECKOUT, env={**self.environment, **variables},
            capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def remembered(self, name: str) -> dict[str, str]:
        """Return what the run remembers under a name."""
        return json.loads((self.folder / "run" / name).read_text())


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    folder.chmod(0o711)
    made = Installation(folder)
    made.start()
    yield made
    made.run("make", "-s", "clean-data")


def test_every_command_of_the_runbook_is_run_here_or_said_not_to_be():
    printed = set(re.findall(r"`((?:make|python|deploy/|docker|cp) ?[^`]*)`", RUNBOOK.read_text()))

    assert printed == RUN_BELOW | set(NOT_HERE)


def test_a_token_and_both_drifts_are_there_beside_a_run(installation):
    assert installation.run("make", "-s", "token", "AS=office").count(".") == 2

    for command in (["make", "-s", "verify"], ["make", "-s", "service", "DO=reporting verify"]):
        assert _drifts(installation.run(*command)) == ["0"] * 3
    own = installation.remembered("environment.json")
    assert (
        _drifts(installation.run(".venv/bin/python", "-m", "reporting", "verify", **own))
        == ["0"] * 3
    )
    mended = installation.run("make", "-s", "service", "DO=reporting rebuild")
    assert ", 0 cells mended" in mended


async def test_what_failed_is_listed_shown_and_discarded_with_a_reason(installation):
    url = installation.remembered("environment.json")["TASKS_RABBITMQ_URL"]
    await publish_raw(url, b"{no event", "tasks.unit_changed.v1")

    def parked(*more: str, status: int = 0) -> str:
        words = " ".join(("reporting parked", *more))
        return installation.run("make", "-s", "service", f"DO={words}", status=status)

    until = time.monotonic() + 60
    while "unreadable" not in (listed := parked()):
        assert time.monotonic() < until, listed
    [id_] = re.findall(r"^(\S{36})  parked  unreadable", listed, re.MULTILINE)
    assert "{no event" in parked("--show", id_)
    assert "say why" in parked("--discard", id_, status=2)
    assert "is discarded" in parked("--discard", id_, "--reason", "'of a test'")
    assert "No event has failed" in parked()


async def test_a_backup_comes_back_with_every_figure_and_both_drifts_at_nothing(installation):
    folder = installation.folder / "copy"
    assert "FOLDER" in installation.run("deploy/backup", "--help")
    before = await _settled(installation)
    installation.run("make", "-s", "backup", f"TO={folder}")
    assert "make stop" in installation.run("make", "-s", "restore", f"FROM={folder}", status=2)
    installation.stop()

    refused = installation.run("make", "-s", "restore", f"FROM={folder}", "ONLY=tasks", status=2)
    assert "listens to a service that goes back" in refused
    _spoil(folder / "portal.dump")
    assert "damaged" in installation.run("make", "-s", "restore", f"FROM={folder}", status=2)
    _spoil(folder / "portal.dump")
    installation.run("make", "-s", "restore", f"FROM={folder}")
    installation.start()

    assert _state(installation) == before
    assert _drifts(installation.run("make", "-s", "verify")) == ["0"] * 3
    of_restored = installation.folder / "copy of what was restored"
    installation.run("make", "-s", "backup", f"TO='{of_restored}'")
    installation.stop()
    installation.run(
        "make", "-s", "restore", f"FROM='{of_restored}'", "ONLY=reporting notifications"
    )
    installation.start()
    assert _state(installation) == before
    assert _drifts(installation.run("make", "-s", "verify")) == ["0"] * 3


def _drifts(said: str) -> list[str]:
    return re.findall(r": drift (\d+)", said)


async def _settled(installation: Installation) -> str:
    """Return what is read once every clock has looked and nothing moves any more."""
    await _let_clocks_look(installation.remembered("environment.json"))
    until, seen = time.monotonic() + PATIENCE, ""
    while seen != (seen := _state(installation)):
        assert time.monotonic() < until
        await asyncio.sleep(3)  # why: what a clock announced passes through other processes
    return seen


async def _let_clocks_look(environment: dict[str, str]) -> None:
    """Make all periodic work due, what is overdue is marked by it, and wait until it was done."""
    for name in ("TASKS", "REPORTING"):
        connection = await asyncpg.connect(environment[f"{name}_DATABASE_URL"])
        await connection.execute("UPDATE clock_run SET last_run_at = '-infinity'")
        until = time.monotonic() + PATIENCE
        while await connection.fetchval("SELECT min(last_run_at) = '-infinity' FROM clock_run"):
            assert time.monotonic() < until, name
            await asyncio.sleep(0.5)  # why: the clock of another process looks four times a minute
        await connection.close()


def _state(installation: Installation) -> str:
    """Return what the office reads: figures and assignments."""
    token = installation.run("make", "-s", "token", "AS=office").strip()
    addresses = installation.remembered("addresses.json")
    shown = (
        f"{addresses['reporting']}/v1/indices/par/2025",
        f"{addresses['tasks']}/v1/assignments?limit=100",
    )
    answers = [httpx.get(each, headers={"Authorization": f"Bearer {token}"}) for each in shown]
    shown = [answer.raise_for_status().json() for answer in answers]
    return json.dumps([{**each, "as_of": None} for each in shown])


def _spoil(file: Path) -> None:
    """Turn a byte over; once more turns it back."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
