"""The product as `make run SPLIT=1` starts it, on servers of its own, with the demo's people."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import psutil
from rich.console import Console

from benchmarks.serving import free_port
from devstack.demo.loading import Demo
from devstack.demo.office import Office
from devstack.log_lines import LogPrinter
from devstack.run.databases import provide_databases
from devstack.run.environment import addresses_of, environment_of
from devstack.run.folder import RunFolder
from devstack.run.programs import Program, migrations, programs
from devstack.run.readiness import wait_directory, wait_ready
from devstack.servers import PrivatePostgres, PrivateRabbitMQ
from devstack.servers.ports import keep_or_choose
from devstack.supervisor import Child, Failed, Supervisor

T = TypeVar("T")
VHOST = "benchmarks"
# A benchmark sends more through one open link than any counter does; the brake would stop it.
OPEN_WIDE = {"SURVEYS_LINK_ANSWERS_PER_MINUTE": "100000000"}
RECEIVERS = "127.1.0.0/16"  # other systems' hosts, all on this machine
START = 300  # seconds
USED_BY_SURVEYS = ("Danh bạ", "Lịch", "Bộ tiêu chí", "Kế hoạch")  # first words of the demo's steps


class Stack:
    """Private servers, sixteen service processes, issuer, mailbox and portal.

    The processes belong to an event loop in a thread of its own: callers may block.
    """

    def __init__(self, folder: Path, *, extra: dict[str, str] | None = None) -> None:
        self.folder = RunFolder(folder)
        self.postgres = PrivatePostgres(folder / "servers")
        self.rabbitmq = PrivateRabbitMQ(folder / "servers")
        self.addresses: dict[str, str] = {}
        self.databases: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.receivers_port = free_port()
        webhooks = {"WEBHOOK_ALLOWED": f"{RECEIVERS}:{self.receivers_port}"}
        self._extra = {**webhooks, **(extra or {})}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self, *, whole_demo: bool) -> "Stack":
        """Bring everything up and load the demo, or only what a survey needs of it."""
        self.folder.path.mkdir(parents=True, exist_ok=True)
        self.folder.prepare()
        self._thread.start()
        self.call(self._come_up())
        self.demo = Demo(Office(self.addresses))
        for name, step in self.demo.steps():
            if whole_demo or name.startswith(USED_BY_SURVEYS):
                step()
        self.call(wait_directory(self.addresses, _quiet))
        return self

    def stop(self) -> None:
        """Stop everything and forget its data."""
        if hasattr(self, "supervisor"):
            self.call(self.supervisor.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self.rabbitmq.forget()
        self.postgres.forget()
        shutil.rmtree(self.folder.path, ignore_errors=True)

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the stack's own loop; return what it returned."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(START)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `python -m …` with the services' settings, as an operator would."""
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            env={**os.environ, **self.variables},
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip

    def start_second(self, name: str) -> str:
        """Start one more process of a program; return the name of the new one."""
        program = next(one for one in programs(split=True) if one.name == name)
        second = replace(program, name=f"{name} 2")
        ports = {program.port: free_port()}

        async def start() -> None:
            self._start(second, ports)

        self.call(start())
        return second.name

    def freeze(self, name: str) -> None:
        """Stop one process where it stands until `thaw`: to measure another one alone."""
        self.processes()[name].suspend()

    def thaw(self, name: str) -> None:
        """Let a frozen process go on."""
        self.processes()[name].resume()

    def processes(self) -> dict[str, psutil.Process]:
        """Return every process of ours by name; the two servers by their first process."""
        found = {c.name: psutil.Process(c.pid) for c in self.supervisor.children if c.pid}
        for name, pid in (("postgres", self.postgres.pid), ("rabbitmq", self.rabbitmq.pid)):
            if pid:
                found[name] = psutil.Process(pid)
        return found

    async def _come_up(self) -> None:
        node = asyncio.create_task(asyncio.to_thread(self._start_broker))
        await asyncio.to_thread(self._start_postgres)
        await asyncio.to_thread(self.rabbitmq.prepare)
        self.databases = await provide_databases(self.postgres.url, self.folder.secrets())
        every = programs(split=True)
        ports = keep_or_choose({}, [*(program.port for program in every), "smtp"])
        self.addresses = addresses_of(
            ports, self.rabbitmq.url(VHOST), self.postgres.url, self.rabbitmq.management_url
        )
        environment = environment_of(self.folder, self.addresses, ports, self.databases)
        self.variables = {**environment, **OPEN_WIDE, **self._extra}
        printer = LogPrinter(Console(file=_nowhere()), self.folder.path / "logs")
        self.supervisor = Supervisor(printer)
        await node
        await self._migrate()
        for program in every:
            self._start(program, ports)
        bases = {p.name: f"http://127.0.0.1:{ports[p.port]}" for p in every}
        await wait_ready(bases, _quiet, self.supervisor)

    def _start(self, program: Program, ports: dict[str, int]) -> None:
        self.supervisor.start(Child(program.name, program.command(ports), self.variables))

    def _start_postgres(self) -> None:
        """Start it so that the database's own clock says when each row became visible."""
        self.postgres.start()
        asyncio.run(_track_commits(self.postgres.url))
        self.postgres.stop()
        self.postgres.start()

    def _start_broker(self) -> None:
        self.rabbitmq.start()
        self.rabbitmq.add_vhost(VHOST)

    async def _migrate(self) -> None:
        children = [Child(p.name, p.command({}), self.variables) for p in migrations()]
        done = await asyncio.gather(*map(self.supervisor.run_once, children))
        for child, status in zip(children, done, strict=True):
            if status != 0:
                raise Failed(f"{child.name}: status {status}\n" + "\n".join(child.last_lines))


class Usage:
    """CPU seconds and memory by process, between two moments."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self._before = stack, _cpu(stack)
        self._began = time.monotonic()

    def cpu(self) -> dict[str, float]:
        """CPU seconds each process used since."""
        after = _cpu(self.stack)
        return {name: after[name] - self._before.get(name, 0.0) for name in after}

    def memory(self) -> dict[str, float]:
        """Resident MB of each process now; PostgreSQL as its private pages plus one shared part."""
        return {name: _memory(one) for name, one in self.stack.processes().items()}


def _cpu(stack: Stack) -> dict[str, float]:
    return {name: sum(map(_seconds, _family(p))) for name, p in stack.processes().items()}


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _memory(process: psutil.Process) -> float:
    total = 0
    for one in _family(process):
        try:
            total += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 1e6


async def _track_commits(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await connection.close()


def _quiet(_: str) -> None:
    """Tell nobody."""


def _nowhere() -> Any:
    return Path(os.devnull).open("w")
