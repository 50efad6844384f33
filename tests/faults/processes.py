"""One real process of the system: started, killed at a named step, frozen, started again."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from devstack.supervisor import _die_with

HERE = Path(__file__).parent


class Process:
    """A verb of a service, or a tool. `variables` are the rig's; each start may add its own."""

    def __init__(
        self, name: str, command: Sequence[str], variables: Mapping[str, str], logs: Path
    ) -> None:
        self.name, self.command, self.variables = name, list(command), dict(variables)
        self.log = logs / f"{name.replace(' ', '-')}.log"
        self.given: dict[str, str] = {}
        self.sockets: tuple[int, ...] = ()
        self.prefix: list[str] = []
        self.wanted = False  # it is meant to run: who ends now ended by itself
        self.whole = True  # neither doomed to die at a step nor missing a protection
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, failpoint: str = "", without: str = "", **given: str) -> None:
        """Start it. `failpoint`: dies there. `without`: the protection that is switched off."""
        assert self.pid is None, f"{self.name} runs already"
        self.whole = not (failpoint or without)
        self.wanted = self.whole
        off = {"RIG_WITHOUT": without, "PYTHONPATH": str(HERE / "switched_off")} if without else {}
        own = {"PYTHONUNBUFFERED": "1", "FAILPOINT": failpoint, **off, **self.given, **given}
        paths = [p.get("PYTHONPATH", "") for p in (own, self.variables, os.environ)]
        path = {"PYTHONPATH": os.pathsep.join(p for p in paths if p)} if any(paths) else {}
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self.prefix, *self.command],
                env={**os.environ, **self.variables, **own, **path},
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=_die_with(os.getpid()),
                pass_fds=self.sockets,
            )  # fmt: skip

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll() if self._process else None

    def signal(self, number: int) -> None:
        """Send a signal, if it runs."""
        self.wanted = self.wanted and number != signal.SIGTERM
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    async def ended(self, within: float = 30) -> int:
        """Wait until it has ended; return how (negative: the signal). Raises TimeoutError."""
        try:
            async with asyncio.timeout(within):
                while (status := self.status) is None:
                    await asyncio.sleep(0.02)
        except TimeoutError as error:
            said = self.log.read_text(errors="replace").splitlines()[-20:]
            words = f"{self.name} has not ended after {within} s; it said last:"
            raise TimeoutError("\n".join([words, *said])) from error
        return status

    async def kill(self) -> None:
        """Kill -9."""
        self.wanted = False
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):  # its children too, if it has any
                os.killpg(self._process.pid, signal.SIGKILL)
            await self.ended()

    def detach(self) -> "subprocess.Popen[bytes]":
        """Hand the running process over to the caller: the next start stands beside it."""
        assert self._process is not None
        handed, self._process, self.wanted = self._process, None, False
        return handed

    async def restart(self, **options: str) -> None:
        """Kill -9, then start with other options."""
        await self.kill()
        self.start(**options)

    def said(self, text: str) -> int:
        """Return how many lines of its log contain `text`."""
        return sum(text in line for line in self.log.read_text(errors="replace").splitlines())
