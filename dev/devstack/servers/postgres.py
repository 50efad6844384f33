"""A private PostgreSQL server in a folder: loopback, SCRAM, unprivileged, fully durable."""

import contextlib
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from devstack.servers import processes
from devstack.servers.binaries import postgres_programs
from devstack.servers.errors import ServerFailed
from devstack.servers.memory import locked, read_json, write_json, write_private
from devstack.servers.ports import free_port, hold
from devstack.servers.user import place_for, remove_place, server_account

SUPERUSER = "postgres"  # the name of the first database too, so that a URL without a database works
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_min_duration_statement": "2000",  # milliseconds
}


class PrivatePostgres:
    """One PostgreSQL instance, remembered in `folder`; several may live side by side.

    Any process may call any method, again and again; ServerFailed carries a text for people.
    Nothing is stopped when the caller ends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._state_file = self.folder / "postgres.json"

    def start(self) -> "PrivatePostgres":
        """Start the server, or take the one that runs for this folder; return when it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "postgres.lock"):
            if self.pid is None:
                self._prepare()
                self._end_leftovers()
                self._launch()
        return self

    def stop(self, mode: str = "fast") -> None:
        """Stop the server (`smart`, `fast` or `immediate`), if it runs."""
        signals = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
        process = processes.alive(self.pid)
        if process is not None:
            processes.end(process, within=30, by=signals[mode])

    def kill(self) -> None:
        """Kill server and sessions at once, as a power cut would."""
        process = processes.alive(self.pid)
        if process is not None:
            processes.kill_all([process, *process.children(recursive=True)])

    def forget(self) -> None:
        """Stop the server and delete its data and what is remembered about it."""
        self.stop("immediate")
        place = self._state().get("place")
        if place:
            remove_place(Path(place))
        for path in (self._state_file, self._password_file):
            path.unlink(missing_ok=True)

    @property
    def pid(self) -> int | None:
        """The server's process id; None when it is not running."""
        place = self._state().get("place")
        if not place:
            return None
        found = processes.number_in(Path(place) / "data/postmaster.pid")
        return found if processes.works_in(found, Path(place) / "data", "postgres") else None

    @property
    def port(self) -> int:
        """The port it listens on, on 127.0.0.1."""
        return int(self._state()["port"])

    @property
    def url(self) -> str:
        """postgresql://user:password@127.0.0.1:port, for the superuser, without a database."""
        password = quote(self._password_file.read_text(), safe="")
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self.port}"

    def database_url(self, name: str) -> str:
        """The superuser's URL of the database `name`."""
        return f"{self.url}/{quote(name, safe='')}"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._place / "postgres.log"

    @property
    def _password_file(self) -> Path:
        return self.folder / "postgres.password"

    @property
    def _place(self) -> Path:
        return Path(self._state()["place"])

    @property
    def _data(self) -> Path:
        return self._place / "data"

    def _state(self) -> dict[str, str]:
        state = read_json(self._state_file)
        # A copied checkout must not run on the data of the original.
        return state if state.get("folder") == str(self.folder) else {}

    def _prepare(self) -> None:
        """Choose place and port, and make the data folder the first time."""
        state = self._state()
        port = int(state.get("port", 0))
        place = state.get("place") or str(place_for(self.folder, server_account()) / "postgres")
        server_account().own_folder(Path(place))
        chosen = port if port and hold(port) else free_port()
        remembered = {"folder": str(self.folder), "place": place, "port": str(chosen)}
        write_json(self._state_file, remembered)
        if not (self._data / "PG_VERSION").exists():
            self._make_data()

    def _make_data(self) -> None:
        """Run initdb with a new random password, after removing a half-made folder."""
        shutil.rmtree(self._data, ignore_errors=True)
        draft = self._place / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        write_private(self._password_file, secrets.token_urlsafe(24))
        given = self._place / "password"
        write_private(given, self._password_file.read_text())
        account = server_account()
        if account.switch:
            shutil.chown(given, account.uid, account.gid)
        options = ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={given}"]
        try:
            self._run("initdb", "-D", str(draft), *options, "--encoding=UTF8", "--locale=C.UTF-8")
        finally:
            given.unlink(missing_ok=True)
        draft.rename(self._data)

    def _launch(self) -> None:
        settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        arguments = ["-D", str(self._data), "-l", str(self.log), "-w", "-t", "60"]
        self._run("pg_ctl", "start", *arguments, "-o", f"-p {self.port} {settings}")

    def _end_leftovers(self) -> None:
        """Let sessions of a killed server end, then drop its pid file.

        They work in our own data folder, so they are ours; a server started beside them would
        corrupt it.
        """
        with contextlib.suppress(FileNotFoundError):
            left = processes.working_in(self._data, "postgres")
            if left and not processes.wait_until(
                lambda: not processes.working_in(self._data, "postgres"), within=2
            ):
                processes.kill_all(processes.working_in(self._data, "postgres"))
            (self._data / "postmaster.pid").unlink()

    def _run(self, program: str, *arguments: str) -> None:
        account = server_account()
        command = [str(postgres_programs(account) / program), *arguments]
        # Output to a file, not a pipe: pg_ctl hands it to the server, which would keep a pipe open.
        with (self._place / f"{program}.log").open("wb") as output:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **account.options,
            )
        if done.returncode != 0:
            said = processes.tail(self._place / f"{program}.log") + "\n" + processes.tail(self.log)
            raise ServerFailed(f"PostgreSQL in {self.folder}: {program} failed.\n{said.strip()}")
