"""`.run/`: what is remembered between two runs, and which run is going on."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devstack.servers.memory import read_json, write_json, write_private
from devstack.servers.ports import free_from, hold

CHECKOUT = Path(__file__).parents[3]
SERVICES = ("tasks", "surveys", "notifications", "reporting")
WITH_DATABASE = (*SERVICES, "portal")
SECRETS = ("service_client_secret", "ticket_secret", "cursor_secret", "session_secret")
PORTS = {
    "portal": 8080, "tasks": 8001, "surveys": 8002, "notifications": 8003, "reporting": 8004,
    "issuer": 8005, "partner": 8006, "mailbox": 8025, "smtp": 2525,
}  # fmt: skip
FIRST_VERB_PORT = 8101  # with one process per verb: where those without an API serve their health


class AlreadyRunning(Exception):
    """Another run of this checkout is going on; the text says which process."""


ENVIRONMENT = "environment.json"
"""The settings of the last run, for commands beside it; mode 0600: it holds passwords."""
PARTNER = "partner.json"
"""What the program of the demo's partner was told; mode 0600: it holds its secrets."""


class RunFolder:
    """The folder `.run` of a checkout."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: else that of RUN_FOLDER, else `.run`."""
        self.path = path or Path(os.environ.get("RUN_FOLDER") or CHECKOUT / ".run").absolute()

    def prepare(self) -> None:
        """Make the folder. As root others may pass through it: the servers' account must."""
        self.path.mkdir(exist_ok=True)
        self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for name in ("logs", "files"):
            (self.path / name).mkdir(mode=0o700, exist_ok=True)

    def secrets(self) -> dict[str, str]:
        """Return the secrets of this installation, made once; mode 0600."""
        file = self.path / "secrets.json"
        known = read_json(file)
        wanted = [
            "installation", *SECRETS, *(f"{name}_database" for name in WITH_DATABASE),
            *(f"{name}_broker" for name in SERVICES),
        ]  # fmt: skip
        missing = {name: _secret(name) for name in wanted if name not in known}
        if missing:
            write_json(file, {**known, **missing})
        return {**missing, **known}

    def ports(self, names: Iterable[str]) -> dict[str, int]:
        """Return a port per name: the remembered one while free, else the default, else the next.

        They are held until this process ends. Names that are not in PORTS (one process per verb)
        get ports from 8101 on.
        """
        known: dict[str, int] = read_json(self.path / "ports.json")
        chosen: dict[str, int] = {}
        for name in names:
            port = known.get(name, 0)
            if not port or port in chosen.values() or not hold(port):
                port = free_from(PORTS.get(name, FIRST_VERB_PORT), chosen.values())
            chosen[name] = port
        write_json(self.path / "ports.json", {**known, **chosen})
        return chosen

    @property
    def addresses(self) -> dict[str, str]:
        """Where everything listened when it was last ready; empty before the first time."""
        return read_json(self.path / "addresses.json")

    def write_addresses(self, addresses: dict[str, str]) -> None:
        """Tell others where everything listens; mode 0600, as two of them carry passwords."""
        write_json(self.path / "addresses.json", addresses)

    def read(self, name: str) -> str:
        """Return a remembered text; empty when there is none."""
        file = self.path / name
        return file.read_text() if file.exists() else ""

    def remember(self, name: str, text: str) -> None:
        """Remember a text."""
        write_private(self.path / name, text)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only run of this checkout. Raises AlreadyRunning."""
        with (self.path / "run.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(f"Already running (process {self.running()}).") from None
            self.remember("run.pid", str(os.getpid()))
            yield
            (self.path / "run.pid").unlink(missing_ok=True)

    def running(self) -> int | None:
        """Return the process id of the run that is going on, or None."""
        if not (self.path / "run.lock").exists():
            return None
        with (self.path / "run.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(self.read("run.pid") or 0) or None
        return None


def code_state() -> str:
    """Return a text that changes when any code of the product changes: migrations may be due."""
    state = hashlib.sha256()
    for name in ("shared", "services", "web"):
        for file in sorted((CHECKOUT / name).rglob("*.py")):
            found: Any = file.stat()
            state.update(f"{file}{found.st_mtime_ns}{found.st_size}".encode())
    return state.hexdigest()


def _secret(name: str) -> str:
    return secrets.token_hex(6) if name == "installation" else secrets.token_urlsafe(32)
