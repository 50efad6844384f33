"""`make run`: the order in which everything comes up, and goes down again."""

import asyncio
import contextlib
import hashlib
import json
import signal
import sys
import time
from collections.abc import Mapping

from rich.console import Console

from devstack.demo.loading import Demo
from devstack.demo.office import DemoFailed, Office
from devstack.demo.partner import DemoPartner
from devstack.issuer.people import read_people
from devstack.log_lines import LogPrinter
from devstack.run.databases import provide_databases
from devstack.run.environment import addresses_of, environment_of
from devstack.run.folder import (
    CHECKOUT,
    ENVIRONMENT,
    PARTNER,
    AlreadyRunning,
    RunFolder,
    code_state,
)
from devstack.run.programs import Program, migrations, programs
from devstack.run.readiness import NotReady, wait_directory, wait_ready
from devstack.run.screen import Steps, show_addresses
from devstack.run.servers import RunServers
from devstack.servers import ServerFailed
from devstack.supervisor import Child, Failed, Supervisor

# Who starts first looks for the broker and for the others in vain, and says so.
WHILE_STARTING = ("relay_interrupted", "worker_interrupted", "catching_up_failed")
WIDE = 160  # columns when nobody watches: no wrapped lines in a file
TROUBLE = (ServerFailed, Failed, NotReady, DemoFailed, AlreadyRunning, OSError)


class Run:
    """One run of everything. `split`: one process per verb; `with_demo`: load it if need be."""

    def __init__(self, folder: RunFolder, *, split: bool, with_demo: bool) -> None:
        self.folder, self.with_demo = folder, with_demo
        self.console = Console(width=None if sys.stdout.isatty() else WIDE)
        self.printer = LogPrinter(self.console, folder.path / "logs")
        self.supervisor = Supervisor(self.printer)
        self.servers = RunServers(folder)
        self.programs = programs(split)
        self.load_demo = with_demo and not folder.read("demo_loaded")

    async def main(self) -> int:
        """Come up, stay until told to stop, go down; return the exit status."""
        stopping = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        work = asyncio.create_task(self._work())
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
        status = self._failure(work) if work.done() else 0
        work.cancel()
        self.console.print("Stopping …")
        await asyncio.gather(work, return_exceptions=True)
        await self.supervisor.stop()
        await self.servers.stop()
        self.console.print("Stopped. `make run` continues with the same data.", highlight=False)
        return status

    def _failure(self, work: "asyncio.Task[None]") -> int:
        error = work.exception()
        if not isinstance(error, TROUBLE):
            raise error or RuntimeError("a run ends only when told to")
        self.console.print(f"\n{error}", style="bold red", markup=False, highlight=False)
        return 1

    async def _work(self) -> None:
        began = time.monotonic()
        steps = 2 + len(migrations()) + len(self.programs) + 4 + (10 if self.load_demo else 0)
        steps += 1 if self.with_demo else 0
        with Steps(self.console, steps) as bar:
            self.printer.expected = WHILE_STARTING
            addresses = await self._come_up(bar)
            self.printer.expected = ()
        self.folder.write_addresses(addresses)
        show_addresses(self.console, addresses, read_people(CHECKOUT / "demo/people.yaml"))
        took = time.monotonic() - began
        self.console.print(f"Ready after {took:.0f} s: {addresses['portal']}", style="bold green")
        await self.servers.watch(self.printer)

    async def _come_up(self, bar: Steps) -> dict[str, str]:
        bar.doing("PostgreSQL, RabbitMQ")
        amqp = await self.servers.prepare_rabbitmq()
        node = asyncio.create_task(self.servers.start_rabbitmq())
        try:
            postgres = await self.servers.start_postgres()
            return await self._start_programs(bar, postgres, amqp, node)
        finally:
            node.cancel()

    async def _start_programs(
        self, bar: Steps, postgres: str, amqp: str, node: "asyncio.Task[None]"
    ) -> dict[str, str]:
        databases = await provide_databases(postgres, self.folder.secrets())
        bar.done("PostgreSQL, databases")
        names = [*(program.port for program in self.programs), "smtp"]
        ports = self.folder.ports([*names, "partner"] if self.with_demo else names)
        addresses = addresses_of(ports, amqp, postgres, self.servers.broker_admin)
        variables = environment_of(self.folder, addresses, ports, databases)
        self.folder.remember(ENVIRONMENT, json.dumps(variables))
        # Services wait for the broker by themselves: while it starts, they start. Only migrations,
        # which make its queues, need it first.
        await self._migrate(bar, variables, node)
        for program in self.programs:
            self.supervisor.start(Child(program.name, program.command(ports), variables))
        bar.doing("RabbitMQ, processes")
        await node
        bar.done("RabbitMQ")
        bases = {p.name: f"http://127.0.0.1:{ports[p.port]}" for p in self.programs}
        await wait_ready(bases, bar.done, self.supervisor)
        await self._fill(bar, addresses)
        if self.with_demo:
            await self._start_partner(bar, addresses)
        return addresses

    async def _migrate(
        self, bar: Steps, variables: Mapping[str, str], node: "asyncio.Task[None]"
    ) -> None:
        """Migrate, unless neither code nor databases changed since the last time."""
        exact = f"{code_state()} {sorted(variables.items())}"
        state = hashlib.sha256(exact.encode()).hexdigest()
        if self.folder.read("migrated") == state:
            for program in migrations():
                bar.done(f"{program.name}: nothing new")
            return
        bar.doing("RabbitMQ")
        await node
        bar.doing("Migrations")
        await asyncio.gather(*(self._migrate_one(bar, p, variables) for p in migrations()))
        self.folder.remember("migrated", state)

    async def _migrate_one(
        self, bar: Steps, program: Program, variables: Mapping[str, str]
    ) -> None:
        child = Child(program.name, program.command({}), variables)
        status = await self.supervisor.run_once(child)
        if status != 0:
            said = "\n".join(f"  {line}" for line in child.last_lines)
            raise Failed(f"{program.name} failed (status {status}). Its last lines:\n{said}")
        bar.done(program.name)

    async def _fill(self, bar: Steps, addresses: Mapping[str, str]) -> None:
        """Load the demo the first time; wait until the people are known everywhere."""
        if not self.with_demo:
            return
        if self.load_demo:
            for name, step in Demo(Office(addresses)).steps():
                bar.doing(f"Demo: {name}")
                await asyncio.to_thread(step)
                bar.done(f"Demo: {name}")
            self.folder.remember("demo_loaded", "yes")
        bar.doing("People known everywhere")
        await wait_directory(addresses, lambda name: bar.done(f"{name} knows the people"))

    async def _start_partner(self, bar: Steps, addresses: dict[str, str]) -> None:
        """Start the program of the demo's partner, with the key and the ways it was given."""
        bar.doing("The demo's partner")
        partner, known = DemoPartner(Office(addresses)), self.folder.read(PARTNER)
        told = await asyncio.to_thread(partner.settings, json.loads(known or "{}"))
        if not told:
            self.printer.say("partner", "was ended in the portal: its program does not start")
            del addresses["partner"]
            return
        self.folder.remember(PARTNER, json.dumps(told))
        copy = {"COPY": str(self.folder.path / "partner.sqlite")}
        variables = {**partner.variables(told), **copy}
        self.supervisor.start(Child("partner", partner.command(told), variables))
        await wait_ready({"partner": addresses["partner"]}, bar.done, self.supervisor)


def run(*, split: bool, with_demo: bool) -> None:
    """Run everything until Ctrl-C; ends the process with status 1 and one message on trouble."""
    folder = RunFolder()
    folder.prepare()
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(folder.alone())
        except AlreadyRunning as error:
            sys.exit(str(error))
        sys.exit(asyncio.run(Run(folder, split=split, with_demo=with_demo).main()))
