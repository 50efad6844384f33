"""The two servers of a run: those of DATABASE_URL and RABBITMQ_URL, else private ones."""

import asyncio
import os
from collections.abc import Callable

from devstack.log_lines import LogPrinter
from devstack.run.folder import RunFolder
from devstack.servers import PrivatePostgres, PrivateRabbitMQ, ServerFailed

VHOST = "nhip"
LOOK_EVERY = 2.0  # seconds between looks at whether a private server still runs


class RunServers:
    """Starts, watches and stops what is ours; only uses what was given."""

    def __init__(self, folder: RunFolder) -> None:
        given = os.environ.get("DATABASE_URL", "")
        self.given_postgres = given.replace("postgresql+asyncpg://", "postgresql://", 1)
        self.given_rabbitmq = os.environ.get("RABBITMQ_URL", "")
        self.postgres = PrivatePostgres(folder.path / "servers")
        self.rabbitmq = PrivateRabbitMQ(folder.path / "servers")
        self._starts: list[asyncio.Future[object]] = []

    async def start_postgres(self) -> str:
        """Return the URL of a server on which we may create databases."""
        if self.given_postgres:
            return self.given_postgres
        await self._to_the_end(self.postgres.start)
        return self.postgres.url

    async def prepare_rabbitmq(self) -> str:
        """Return the broker's URL with its virtual host, which may still have to start."""
        if self.given_rabbitmq:
            return self.given_rabbitmq
        await asyncio.to_thread(self.rabbitmq.prepare)
        return self.rabbitmq.url(VHOST)

    @property
    def broker_admin(self) -> str:
        """Management API of our own broker; empty for one given to us: its users are not ours."""
        return "" if self.given_rabbitmq else self.rabbitmq.management_url

    async def start_rabbitmq(self) -> None:
        """Start our node; at once when one was given."""
        if not self.given_rabbitmq:
            await self._to_the_end(self._start_node)

    async def _to_the_end(self, start: Callable[[], object]) -> None:
        """Run `start` in a thread; `stop` waits for it even when nobody else does any more."""
        task = asyncio.ensure_future(asyncio.to_thread(start))
        self._starts.append(task)
        await asyncio.shield(task)

    def _start_node(self) -> None:
        self.rabbitmq.start()
        self.rabbitmq.add_vhost(VHOST)

    async def watch(self, printer: LogPrinter) -> None:
        """Start a private server again when it died; for ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                if not self.given_postgres and self.postgres.pid is None:
                    printer.say("postgres", "is gone; starts again", "bold red")
                    await self.start_postgres()
                if not self.given_rabbitmq and self.rabbitmq.pid is None:
                    printer.say("rabbitmq", "is gone; starts again", "bold red")
                    await self.start_rabbitmq()
            except ServerFailed as error:
                printer.say("servers", str(error), "bold red")

    async def stop(self) -> None:
        """Stop the private servers; those that were given are not ours to stop."""
        await asyncio.gather(*self._starts, return_exceptions=True)
        jobs = []
        if not self.given_postgres:
            jobs.append(asyncio.to_thread(self.postgres.stop))
        if not self.given_rabbitmq:
            jobs.append(asyncio.to_thread(self.rabbitmq.stop))
        await asyncio.gather(*jobs)
