"""Starts processes, shows their logs, starts the dead again, and ends all of them in good order."""

import asyncio
import ctypes
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from devstack.log_lines import LogPrinter

DRAIN_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a dead process is started again
LONG_ENOUGH = 60.0  # seconds after which a process counts as well again
LONGEST_LINE = 1024 * 1024  # bytes
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Failed(Exception):
    """A process cannot be brought up. The text names it and carries its last lines."""


@dataclass
class Child:
    """A process to keep running. `name` is the prefix of its log lines."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    failures: int = 0
    """How often it died since it was well; 0 while all is well."""
    process: asyncio.subprocess.Process | None = None
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=12))

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        alive = self.process is not None and self.process.returncode is None
        return self.process.pid if alive and self.process else None


class Supervisor:
    """Keeps children running until told to stop. All methods belong to one event loop."""

    def __init__(self, printer: LogPrinter) -> None:
        self.printer = printer
        self.children: list[Child] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    def start(self, child: Child) -> None:
        """Start `child` and keep it running."""
        self.children.append(child)
        self._keepers.append(asyncio.create_task(self._keep(child)))

    def check(self, most_failures: int = 3) -> None:
        """Raise Failed when a child died so often that waiting for it is no use."""
        for child in self.children:
            if child.failures >= most_failures:
                said = "\n".join(f"  {line}" for line in child.last_lines)
                raise Failed(f"{child.name} does not start. Its last lines:\n{said}")

    def pid(self, name: str) -> int | None:
        """Return the process id of a child while it runs."""
        return next((child.pid for child in self.children if child.name == name), None)

    async def run_once(self, child: Child) -> int:
        """Run `child` to its end; return its exit status. It is ended when we are cancelled."""
        process = await self._spawn(child)
        try:
            await self._read(child, process)
            return await process.wait()
        except asyncio.CancelledError:
            await self._end(child)
            raise

    async def stop(self) -> None:
        """Ask every child to end, wait for their drain, kill who is still there."""
        self._stopping.set()
        await asyncio.gather(*(self._end(child) for child in self.children))
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _keep(self, child: Child) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            status = await self.run_once(child)
            if self._stopping.is_set():
                return
            if time.monotonic() - began > LONG_ENOUGH:
                child.failures, pause = 0, FIRST_PAUSE
            child.failures += 1
            self.printer.say(
                child.name, f"{_how(status)}; starts again in {pause:.0f} s", "bold red"
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _spawn(self, child: Child) -> asyncio.subprocess.Process:
        child.process = await asyncio.create_subprocess_exec(
            *child.command,
            env={**os.environ, **child.environment, "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; children get their SIGTERM from us
            preexec_fn=_die_with(os.getpid()),
            limit=LONGEST_LINE,
        )
        return child.process

    async def _read(self, child: Child, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 - we asked for a pipe
        while True:
            try:
                raw = await process.stdout.readline()
            except ValueError:  # longer than LONGEST_LINE
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").rstrip()
            if line:
                child.last_lines.append(line)
                self.printer.line(child.name, line)

    async def _end(self, child: Child) -> None:
        process = child.process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await process.wait()
        except TimeoutError:
            self.printer.say(child.name, f"did not end within {DRAIN_SECONDS:.0f} s: killed")
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _how(status: int) -> str:
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"


def _die_with(parent: int) -> Callable[[], None]:
    """Return what the child runs before its program: SIGTERM to it when the supervisor dies."""

    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return prepare
