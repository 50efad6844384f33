"""The whole product as real processes on ports, databases and a broker of its own, with the demo.

It is put together from the parts of `make run` and may stand beside one.
"""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console

from devstack.demo.loading import Demo
from devstack.demo.office import Office
from devstack.log_lines import LogPrinter
from devstack.run.databases import drop_databases, provide_databases
from devstack.run.environment import addresses_of, environment_of
from devstack.run.folder import RunFolder
from devstack.run.programs import migrations, programs
from devstack.run.readiness import wait_directory, wait_ready
from devstack.servers import PrivatePostgres, PrivateRabbitMQ
from devstack.servers.ports import keep_or_choose
from devstack.supervisor import Child, Failed, Supervisor

VHOST = "journeys"
CATCH_UP = 3  # seconds between two looks at the producers' logs; a minute in production
# Journeys answer faster than a counter's queue does; the brake on open links has its own tests.
HASTE = {"CATCH_UP_SECONDS": str(CATCH_UP), "SURVEYS_LINK_ANSWERS_PER_MINUTE": "100000"}
QUEUE_LENGTH = 40  # messages a partner's queue holds: it can be overflowed
START = 300  # seconds, when every core is busy with something else
QUIET = 1.0  # seconds; between two processes an event takes some milliseconds
WAITING = "SELECT count(*) FROM outbox"
TOLD = """
    SELECT (SELECT count(*) FROM notification),
      (SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending'))
"""


class Stack:
    """Servers, tools, four services and the portal; `addresses` as in .run/addresses.json.

    Webhooks may be sent to the port of `addresses["partner"]`; nothing listens there yet.
    The processes belong to an event loop in a thread of its own: tests may block.
    """

    def __init__(self, folder: Path, postgres: PrivatePostgres) -> None:
        self.folder, self.postgres = RunFolder(folder), postgres
        self.rabbitmq = PrivateRabbitMQ(folder / "servers")
        self.addresses: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.demo: Demo
        self.took: dict[str, float] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._supervisor: Supervisor

    @property
    def logs(self) -> Path:
        """Folder with one log file per process."""
        return self.folder.path / "logs"

    def start(self) -> "Stack":
        """Bring everything up and load the demo. Raises when it does not come up."""
        self.folder.prepare()
        self._call(self._come_up())
        began = time.monotonic()
        self.demo = Demo(Office(self.addresses))
        for name, step in self.demo.steps():
            step_began = time.monotonic()
            step()
            self.took[name] = time.monotonic() - step_began
        self._call(wait_directory(self.addresses, _quiet))
        self.took["demo"] = time.monotonic() - began
        return self

    def stop(self) -> None:
        """Stop everything and forget its data."""
        if hasattr(self, "_supervisor"):
            self._call(self._supervisor.stop())
        installation = self.folder.secrets()["installation"]
        self._call(drop_databases(self.postgres.url, installation))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self.rabbitmq.forget()

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `python -m …` with the services' settings, as an operator would."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            env={**os.environ, **self.variables},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def pid(self, name: str) -> int | None:
        """Return the process id of a service while it runs."""
        return self._supervisor.pid(name)

    def query(self, service: str, statement: str) -> list[Any]:
        """Return rows of a service's database: for what no API tells."""

        async def fetch() -> list[Any]:
            url = self.variables[f"{service.upper()}_DATABASE_URL"]
            connection = await asyncpg.connect(url)
            try:
                return list(await connection.fetch(statement))
            finally:
                await connection.close()

        return list(self._call(fetch()))

    def settle(self, within: float = 60) -> None:
        """Wait until nobody has anything left to send or to tell, and that stays so for a while."""
        deadline, quiet_since, seen = time.monotonic() + within, time.monotonic(), None
        while time.monotonic() - quiet_since < QUIET:
            waiting = [
                self.query(name, WAITING)[0][0] for name in ("tasks", "surveys", "reporting")
            ]
            told = tuple(self.query("notifications", TOLD)[0])
            if any(waiting) or told[1] or told != seen:
                quiet_since, seen = time.monotonic(), told
            if time.monotonic() > deadline:
                raise TimeoutError(f"not quiet after {within} s: {waiting}, {told}")
            time.sleep(0.1)

    def said(self, since: float) -> str:
        """Return what the processes complained about after `since` (time.time())."""
        found = []
        for file in sorted(self.logs.glob("*.log")):
            if file.stat().st_mtime >= since:
                lines = file.read_text().splitlines()[-400:]
                bad = [line for line in lines if '"level":"info"' not in line.replace(" ", "")]
                found += [f"{file.stem}: {line[:1500]}" for line in bad[-12:]]
        return "\n".join(found)

    def _call(self, work: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_as_coroutine(work), self._loop).result(START)

    async def _come_up(self) -> None:
        self._began = time.monotonic()
        node = asyncio.create_task(asyncio.to_thread(self._start_broker))
        await asyncio.to_thread(self.rabbitmq.prepare)
        databases = await provide_databases(self.postgres.url, self.folder.secrets())
        every = programs(split=False)
        ports = keep_or_choose({}, [*(p.port for p in every), "smtp", "partner"])
        self.addresses = addresses_of(
            ports, self.rabbitmq.url(VHOST), self.postgres.url, self.rabbitmq.management_url
        )
        environment = environment_of(self.folder, self.addresses, ports, databases)
        self.variables = {**environment, **HASTE, "PARTNERS_QUEUE_LENGTH": str(QUEUE_LENGTH)}
        printer = LogPrinter(Console(file=_opened(self.folder.path / "all.log")), self.logs)
        self._supervisor = Supervisor(printer)
        await node
        self._note("broker")
        await self._migrate()
        self._note("migrations")
        for program in every:
            self._supervisor.start(Child(program.name, program.command(ports), self.variables))
        bases = {p.name: f"http://127.0.0.1:{ports[p.port]}" for p in every}
        await wait_ready(bases, _quiet, self._supervisor)
        self._note("processes")

    def _note(self, name: str) -> None:
        self.took[name] = time.monotonic() - self._began

    def _start_broker(self) -> None:
        self.rabbitmq.start()
        self.rabbitmq.add_vhost(VHOST)

    async def _migrate(self) -> None:
        children = [Child(p.name, p.command({}), self.variables) for p in migrations()]
        done = await asyncio.gather(*map(self._supervisor.run_once, children))
        for child, status in zip(children, done, strict=True):
            if status != 0:
                raise Failed(f"{child.name}: status {status}\n" + "\n".join(child.last_lines))


def _quiet(_: str) -> None:
    """Tell nobody."""


def _opened(path: Path) -> Any:
    return path.open("w", buffering=1)


async def _as_coroutine(work: Awaitable[Any]) -> Any:
    return await work
