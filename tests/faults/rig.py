"""The rig: every verb a process of its own, on a PostgreSQL and a RabbitMQ to be killed."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import aio_pika
import asyncpg
import httpx
from tests.conftest import migrations_of
from tests.faults.ledger import Ledger
from tests.faults.processes import HERE, Process
from tests.faults.programs.probe import app as probe_app

from chassis import migrations as chassis_migrations
from chassis.messaging import rights, topology
from chassis.messaging.broker import Broker
from devstack.run.databases import provide_databases
from devstack.run.environment import addresses_of, environment_of, signed_in_as
from devstack.run.folder import SERVICES, RunFolder
from devstack.run.programs import TOOLS, VERBS, migrations, programs
from devstack.servers import PrivatePostgres, PrivateRabbitMQ
from devstack.servers.ports import keep_or_choose

VHOST = "faults"
NEWER_BROKER = os.environ.get("RABBITMQ") == "4"
# The broker's way must hold alone: catching up looks once an hour, but in the rows about it.
QUIET_CLOCKS = {"CATCH_UP_SECONDS": "3600", "SURVEYS_LINK_ANSWERS_PER_MINUTE": "1000000"}
QUEUE_LENGTH = 60  # messages in a partner's queue: fewer than a row makes
CONSUMERS = {
    "reporting": ("tasks", "surveys"),
    "notifications": ("tasks", "surveys", "reporting"),
    "surveys": ("tasks",),
    "probe": ("tasks", "surveys"),
}


class Rig:
    """Servers, processes, ledger. `processes` by name: "tasks api", "probe worker", "issuer"."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = RunFolder(folder)
        self.postgres = PrivatePostgres(folder / "servers")
        self.rabbitmq = PrivateRabbitMQ(folder / "servers", newer=NEWER_BROKER)
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.processes: dict[str, Process] = {}
        self.addresses: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.databases: dict[str, str] = {}
        self.ports: dict[str, int] = {}
        self.sockets: dict[str, socket.socket] = {}
        self.seen_before = 0
        self.died: list[str] = []
        self._keeper: asyncio.Task[None] | None = None

    @property
    def stumble_over(self) -> Path:
        """The file that gives the probe's handler its bugs."""
        return self.folder.path / "stumble_over.json"

    @property
    def all_variables(self) -> dict[str, str]:
        """The settings of every process, the probe's among them."""
        return {**self.variables, "PROBE_DATABASE_URL": self.databases["probe"]}

    def __getitem__(self, name: str) -> Process:
        return self.processes[name]

    async def start(self) -> None:
        """Bring up everything."""
        self.folder.prepare()
        await asyncio.gather(
            asyncio.to_thread(self.postgres.start), asyncio.to_thread(self.rabbitmq.start)
        )
        await asyncio.to_thread(self.rabbitmq.add_vhost, VHOST)
        await self._prepare_databases()
        every = [p for p in programs(split=True) if p.name != "portal"]
        names = [*(p.port for p in every), "portal", "smtp", "probe", "probe.clock"]
        self.ports = keep_or_choose({}, names)
        self.addresses = addresses_of(
            self.ports, self.rabbitmq.url(VHOST), self.postgres.url, self.rabbitmq.management_url
        )
        own = environment_of(self.folder, self.addresses, self.ports, self.databases)
        programs_path = {"PYTHONPATH": str(HERE / "programs")}
        probe = {
            "PROBE_PORT": str(self.ports["probe"]),
            "PROBE_STUMBLE_OVER": str(self.stumble_over),
            **self._probe_at_the_broker(),
        }
        queues = {"PARTNERS_QUEUE_LENGTH": str(QUEUE_LENGTH)}
        self.variables = {**own, **QUIET_CLOCKS, **queues, **programs_path, **probe}
        await self._migrate()
        await self._let_the_probe_listen()
        for program in every:
            self._add(program.name, program.command(self.ports))
        for verb in ("worker", "clock"):
            port = self.ports["probe" if verb == "worker" else "probe.clock"]
            self._add(f"probe {verb}", [sys.executable, "-m", "probe", verb, "--port", str(port)])
        for process in self.processes.values():
            process.start()
        await self.until_ready()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End everything and forget it."""
        if self._keeper is not None:
            self._keeper.cancel()
        for process in self.processes.values():
            await process.kill()
        for held in self.sockets.values():
            held.close()
        await asyncio.gather(
            asyncio.to_thread(self.rabbitmq.forget), asyncio.to_thread(self.postgres.forget)
        )
        shutil.rmtree(self.folder.path / "files", ignore_errors=True)

    async def until_ready(self, within: float = 240) -> None:
        """Wait until every process runs and serves, and every queue has its consumer."""
        async with asyncio.timeout(within), httpx.AsyncClient(timeout=5) as client:
            for name in [*SERVICES, "issuer", "mailbox"]:
                while not await _live(client, f"{self.addresses[name]}/health/live"):
                    self.raise_for_dead()
                    await asyncio.sleep(0.2)
            while missing := await self.queues_without_consumer():
                self.raise_for_dead()
                self.missing = missing
                await asyncio.sleep(0.2)

    def raise_for_dead(self) -> None:
        """Fail when a process ended by itself while nobody keeps them yet."""
        if self._keeper is not None:
            return
        for process in self.processes.values():
            if process.status is not None:
                tail = process.log.read_text(errors="replace")[-2000:]
                raise AssertionError(f"{process.name} ended with {process.status}:\n{tail}")

    async def _keep(self) -> None:
        """Start again who ended by itself, as every supervisor does, and remember it."""
        while True:
            await asyncio.sleep(1)
            for process in list(self.processes.values()):
                if process.wanted and process.status is not None:
                    self.died.append(f"{process.name} ended by itself with {process.status}")
                    process.start()

    async def make_whole(self) -> None:
        """Start what has ended, and start afresh what is doomed or misses a protection."""
        for process in list(self.processes.values()):
            if process.pid is None or not process.whole:
                await process.restart()

    async def query(self, service: str, statement: str, *values: object) -> list[asyncpg.Record]:
        """Ask a service's database, as the superuser."""
        url = self.databases[service]
        connection = await asyncpg.connect(url, timeout=5)
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close(timeout=2)

    async def broker(self, url: str = "") -> aio_pika.abc.AbstractConnection:
        """Open a plain connection to the broker: as its administrator, or as the user of `url`."""
        return await aio_pika.connect(url or self.rabbitmq.url(VHOST), timeout=5)

    def user_of(self, service: str) -> Broker:
        """Return a service's user at the broker, with its password."""
        return Broker(self.variables[f"{service.upper()}_RABBITMQ_URL"], service)

    async def queues(self) -> dict[str, tuple[int, int]]:
        """Return (messages ready, consumers) of each queue; (0, 0) when it is gone."""
        found: dict[str, tuple[int, int]] = {}
        connection = await self.broker()
        async with connection:
            for consumer, producers in CONSUMERS.items():
                for queue in (*(f"{consumer}.{p}" for p in producers), f"{consumer}.dead"):
                    channel = await connection.channel()
                    try:
                        declared = (
                            await channel.declare_queue(queue, passive=True)
                        ).declaration_result
                        found[queue] = (declared.message_count or 0, declared.consumer_count or 0)
                        await channel.close()
                    except aio_pika.exceptions.ChannelNotFoundEntity:
                        found[queue] = (0, 0)
        return found

    async def queues_without_consumer(self) -> list[str]:
        """Return the queues that nobody consumes."""
        try:
            return [name for name, (_, consumers) in (await self.queues()).items() if not consumers]
        except (OSError, TimeoutError, aio_pika.exceptions.AMQPError) as error:
            return [f"broker: {error}"]

    async def manage(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Call the broker's management API."""
        async with httpx.AsyncClient(timeout=20) as client:
            url = f"{self.rabbitmq.management_url}/api/{path}"
            return await client.request(method, url, json=body)

    async def ctl(self, *arguments: str) -> str:
        """Run rabbitmqctl."""
        return await asyncio.to_thread(self.rabbitmq.ctl, *arguments)

    async def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `python -m …` with the services' settings, as an operator would."""
        return await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", *arguments],
            env={**os.environ, **self.variables},
            capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip

    def another(self, name: str) -> str:
        """Start a second process of the same verb; return its name."""
        first = self[name]
        second = f"{name} 2"
        port = str(keep_or_choose({}, [second])[second])
        at = first.command.index("--port") + 1
        self._add(second, [*first.command[:at], port, *first.command[at + 1 :]])
        self[second].start()
        return second

    async def remove(self, name: str) -> None:
        """End a process for good."""
        await self[name].kill()
        del self.processes[name]

    async def share_socket(self, service: str) -> None:
        """Open the API's listening socket here and hand it down: its processes may overlap."""
        process = self[f"{service} api"]
        await process.kill()
        held = socket.create_server(("127.0.0.1", self.ports[service]), backlog=512)
        held.set_inheritable(True)
        self.sockets[service] = held
        process.sockets = (held.fileno(),)
        process.command = [*process.command, "--fd", str(held.fileno())]
        process.start()

    def _add(self, name: str, command: list[str]) -> None:
        self.processes[name] = Process(name, command, self.variables, self.folder.path / "logs")

    async def _prepare_databases(self) -> None:
        secrets = self.folder.secrets()
        self.databases = await provide_databases(self.postgres.url, secrets)
        connection = await asyncpg.connect(self.postgres.url)
        await connection.execute('CREATE DATABASE "probe"')
        await connection.close()
        self.databases["probe"] = self.postgres.database_url("probe")
        borrowed = migrations_of("notifications")
        await asyncio.to_thread(chassis_migrations.upgrade, borrowed, self.databases["probe"])
        for statement in probe_app.TABLE.split(";"):
            await self.query("probe", statement)

    def _probe_at_the_broker(self) -> dict[str, str]:
        user = f"nhip_{self.folder.secrets()['installation']}_probe"
        return {"PROBE_RABBITMQ_URL": signed_in_as(self.rabbitmq.url(VHOST), user, "of_the_probe")}

    async def _let_the_probe_listen(self) -> None:
        """Do for the probe at the broker what `migrate` does for services; let us be anybody."""
        broker, router = self.user_of("probe"), probe_app.router
        await rights.grant(broker, router, self.rabbitmq.management_url)
        await topology.bring_up(broker, router)
        await rights.bind_dead(broker, router, self.rabbitmq.management_url)
        await self.ctl("set_user_tags", "nhip", "administrator", "impersonator")

    async def _migrate(self) -> None:
        logs = self.folder.path / "logs"
        children = [
            Process(p.name, p.command({}), self.variables, logs)
            for p in migrations()
            if "portal" not in p.name
        ]
        for child in children:
            child.start()
        for child in children:
            assert await child.ended(90) == 0, child.log.read_text()


async def _live(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False


def new_folder(base: Path) -> Path:
    """Return a folder of the rig's own."""
    return base / f"rig-{uuid4().hex[:6]}"


EVERY_VERB = tuple(f"{service} {verb}" for service in SERVICES for verb in VERBS)
TOOL_NAMES = tuple(tool.name for tool in TOOLS)
