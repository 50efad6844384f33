"""A private RabbitMQ node in a folder: 127.0.0.1, own name, ports, port mapper, cookie and user."""

import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil

from devstack.servers import newer_broker, processes
from devstack.servers.errors import ServerFailed
from devstack.servers.install import PROGRAMS, ensure_rabbitmq
from devstack.servers.memory import locked, read_json, write_json
from devstack.servers.ports import answers, keep_or_choose
from devstack.servers.rabbitmq_files import environment, write_files
from devstack.servers.user import name_hash, place_for, remove_place, server_account

USER = "nhip"
PORTS = ("amqp", "dist", "epmd", "management", "prometheus")


class PrivateRabbitMQ:
    """One RabbitMQ node, remembered in `folder`; several may live side by side.

    Any process may call any method, again and again; ServerFailed carries a text for people.
    Nothing is stopped when the caller ends.
    """

    def __init__(self, folder: Path, *, newer: bool = False) -> None:
        """Choose the folder. `newer`: RabbitMQ 4, whatever the distribution has."""
        self.folder, self._newer = folder.resolve(), newer
        self._state_file = self.folder / "rabbitmq.json"

    def start(self) -> "PrivateRabbitMQ":
        """Start the node, or take the one that runs for this folder; return when it answers."""
        self.prepare()
        with locked(self.folder / "rabbitmq.lock"):
            if self.pid is None:
                self._launch()
            self._await_startup()
        return self

    def prepare(self) -> None:
        """Choose ports and password and write the node's files, so that `url` is known early."""
        if self._newer:
            newer_broker.unpack()
        else:
            ensure_rabbitmq()
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "rabbitmq.lock"):
            if self.pid is None:
                self._prepare()

    def stop(self) -> None:
        """Stop node and port mapper in good order; nothing happens when they are not running."""
        node = processes.alive(self.pid)
        if node is not None:
            self.thaw()
            processes.end(node, within=60)
        self._stop_mapper()

    def kill(self) -> None:
        """Kill the node at once, as a power cut would."""
        node = processes.alive(self.pid)
        if node is not None:
            processes.kill_all([node])

    def freeze(self) -> None:
        """Stop the node's process without closing a connection: a machine that hangs."""
        node = processes.alive(self.pid)
        if node is not None:
            node.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen node go on."""
        node = processes.alive(self.pid)
        if node is not None:
            node.send_signal(signal.SIGCONT)

    def ctl(self, *arguments: str) -> str:
        """Run `rabbitmqctl` on this node and return what it printed; about 2 s of CPU each."""
        command, options = self._as_run(
            [str(PROGRAMS / "rabbitmqctl"), "-n", self.node, *arguments]
        )
        done = subprocess.run(
            command,
            env=environment(self._state()),
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        if done.returncode != 0:
            raise ServerFailed(f"rabbitmqctl {' '.join(arguments)}: {done.stderr or done.stdout}")
        return str(done.stdout)

    def forget(self) -> None:
        """Kill the node and delete its data and what is remembered about it."""
        self.kill()
        self._stop_mapper()
        place = self._state().get("place")
        if place:
            remove_place(Path(place))
        self._state_file.unlink(missing_ok=True)

    def url(self, vhost: str = "/") -> str:
        """amqp://user:password@127.0.0.1:port/vhost, the vhost percent-encoded."""
        state = self._state()
        login = f"{USER}:{state['password']}"
        return f"amqp://{login}@127.0.0.1:{state['ports']['amqp']}/{quote(vhost, safe='')}"

    @property
    def management_url(self) -> str:
        """http://user:password@127.0.0.1:port of the management page and API."""
        state = self._state()
        return f"http://{USER}:{state['password']}@127.0.0.1:{state['ports']['management']}"

    def add_vhost(self, name: str) -> str:
        """Make the vhost `name` if needed, with all rights for our user; return its AMQP URL."""
        self._manage("PUT", f"vhosts/{quote(name, safe='')}", {})
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        self._manage("PUT", f"permissions/{quote(name, safe='')}/{USER}", rights)
        return self.url(name)

    @property
    def node(self) -> str:
        """The node's Erlang name."""
        return f"nhip_{name_hash(self.folder)}@localhost"

    @property
    def pid(self) -> int | None:
        """The node's process id; None when it is not running."""
        state = self._state()
        if not state:
            return None
        pid_file = Path(state["place"]) / "node.pid"
        node = processes.alive(processes.number_in(pid_file))
        return (
            node.pid
            if node and _environment_of(node).get("RABBITMQ_PID_FILE") == str(pid_file)
            else None
        )

    @property
    def log(self) -> Path:
        """The node's log file."""
        return Path(self._state()["place"]) / "log/node.log"

    def _state(self) -> dict[str, Any]:
        state = read_json(self._state_file)
        # A copied checkout must not run on the data of the original.
        return state if state.get("folder") == str(self.folder) else {}

    def _prepare(self) -> None:
        """Choose place, ports and password and write the node's files; earlier data stay."""
        self._stop_mapper()
        old = self._state()
        place = old.get("place") or str(place_for(self.folder, server_account()) / "rabbitmq")
        server_account().own_folder(Path(place))
        state = {
            "folder": str(self.folder),
            "place": place,
            "node": self.node,
            "user": USER,
            "password": old.get("password") or secrets.token_urlsafe(24),
            "ports": keep_or_choose(old.get("ports", {}), PORTS),
        }
        write_json(self._state_file, state)
        write_files(state, server_account())

    def _launch(self) -> None:
        """Start our own port mapper, then the node; both outlive us."""
        state = self._state()
        mapper = self._spawn(
            [self._mapper_program(), "-port", str(state["ports"]["epmd"]), "-address", "127.0.0.1"]
        )
        born = psutil.Process(mapper.pid).create_time()
        write_json(self._state_file, {**state, "mapper": [mapper.pid, born]})
        (Path(state["place"]) / "node.pid").unlink(missing_ok=True)
        self._starting = self._spawn([str(PROGRAMS / "rabbitmq-server")])

    def _mapper_program(self) -> str:
        found = None if self._newer else shutil.which("epmd")
        return found or "/usr/bin/epmd"

    def _spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        state = self._state()
        output = Path(state["place"]) / "log/start.log"
        command, options = self._as_run(command)
        with output.open("ab") as file:
            return subprocess.Popen(
                command,
                env=environment(state),
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                **options,
            )

    def _as_run(self, command: list[str]) -> tuple[list[str], dict[str, Any]]:
        """Return the command and options that run a program of the broker as its account."""
        account = server_account()
        if not self._newer:
            return command, account.options
        return newer_broker.inside(Path(self._state()["place"]), account, command), {"cwd": "/"}

    def _await_startup(self) -> None:
        """Wait until AMQP and the management API answer; the AMQP listener opens last of all."""
        if processes.wait_until(self._has_started, within=120, every=0.1):
            return
        said = processes.tail(self.log.with_name("start.log")) + "\n" + processes.tail(self.log)
        raise ServerFailed(f"RabbitMQ in {self.folder} did not start within 120 s.\n{said.strip()}")

    def _has_started(self) -> bool:
        starting: subprocess.Popen[bytes] | None = getattr(self, "_starting", None)
        if starting is not None and starting.poll() is not None:
            said = processes.tail(self.log.with_name("start.log"))
            raise ServerFailed(f"RabbitMQ in {self.folder} ended while starting.\n{said}")
        if self.pid is None or not answers(self._state()["ports"]["amqp"]):
            return False
        try:
            return httpx.get(f"{self.management_url}/api/whoami", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def _manage(self, method: str, path: str, body: dict[str, str] | None) -> None:
        answer = httpx.request(method, f"{self.management_url}/api/{path}", json=body, timeout=30)
        if answer.is_error and answer.status_code != httpx.codes.NOT_FOUND:
            raise ServerFailed(f"RabbitMQ {method} {path}: {answer.status_code} {answer.text}")

    def _stop_mapper(self) -> None:
        pid, born = self._state().get("mapper", (None, None))
        mapper = processes.alive(pid)
        if mapper is not None and mapper.create_time() == born:
            processes.end(mapper, within=2)


def _environment_of(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}
