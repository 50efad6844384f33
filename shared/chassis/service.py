"""A service: its doors put together, and the verbs that run them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI

from chassis import migrations, schedule, telemetry, topology
from chassis.catching_up import CatchingUp, Producer, ServiceToken
from chassis.database import Database
from chassis.events import EventRouter
from chassis.relay import Relay
from chassis.retention import tidy
from chassis.schedule import Schedule
from chassis.settings import ServiceSettings
from chassis.web import health_application
from chassis.worker import Worker

Loop = Callable[[Database], Awaitable[None]]
Check = Callable[[], Awaitable[str | None]]
POOL = {"api": 10, "worker": 6, "relay": 3, "clock": 4}


class OwnSettings(ServiceSettings):
    """What the chassis needs of every service's own settings."""

    database_url: str
    port: int


@dataclass
class Service:
    """Everything a service consists of; `app.py` builds it, `chassis.cli` runs it.

    `build_http` makes the web application for a database. `loops` are further background loops of
    the worker (a mail sender, a job runner).
    """

    name: str
    settings: OwnSettings
    folder: Path
    build_http: Callable[[Database], FastAPI]
    events: EventRouter | None = None
    clock: Schedule = field(default_factory=Schedule)
    loops: Sequence[Loop] = ()
    extra_routers: Sequence[APIRouter] = ()

    @property
    def migrations(self) -> Path:
        """Folder of the service's migrations."""
        return self.folder / "migrations"

    @property
    def rabbitmq_url(self) -> str:
        """Address of the broker."""
        return self.settings.rabbitmq_url.get_secret_value()

    def database(self, verb: str) -> Database:
        """Return a pool of the size the verb needs."""
        name = f"{self.name}.{verb}"
        return Database(self.settings.database_url, pool_size=POOL[verb], name=name)


class Verb:
    """One running verb: its loops and what makes it ready."""

    def __init__(self, service: Service, name: str) -> None:
        """Open the verb's own pool."""
        self.service, self.name = service, name
        self.database = service.database(name)

    def loops(self) -> list[Awaitable[None]]:
        """Return the coroutines that run for ever."""
        return [telemetry.measure(self.database)]

    async def ready(self) -> dict[str, str]:
        """Return what is missing, by name; empty when ready."""
        return await schema_problem(self.service, self.database)

    async def close(self) -> None:
        """Give the pool back."""
        await self.database.close()


async def schema_problem(service: Service, database: Database) -> dict[str, str]:
    """Return why the database cannot be used, or nothing."""
    try:
        async with asyncio.timeout(3), database.engine.connect() as connection:
            problem = await migrations.check_schema(connection, service.migrations)
    except Exception as error:  # noqa: BLE001 - readiness says what it saw
        problem = f"{type(error).__name__}: {error}"[:200]
    return {"database": problem} if problem else {}


class ApiVerb(Verb):
    """Serves HTTP; needs nothing but its database."""

    def __init__(self, service: Service) -> None:
        """Build the web application on the verb's pool."""
        super().__init__(service, "api")
        self.http = service.build_http(self.database)


class RelayVerb(Verb):
    """Carries events to the broker."""

    def __init__(self, service: Service) -> None:
        """Prepare the relay."""
        super().__init__(service, "relay")
        self.relay = Relay(service.name, self.database, service.rabbitmq_url)

    def loops(self) -> list[Awaitable[None]]:
        """Lead, or stand by."""
        return [*super().loops(), self.relay.run()]

    async def ready(self) -> dict[str, str]:
        """Ready while leading or standing by with a working connection."""
        problems = await super().ready()
        return problems if self.relay.healthy else {**problems, "relay": "not connected"}


class WorkerVerb(Verb):
    """Consumes events and runs the service's background loops."""

    def __init__(self, service: Service) -> None:
        """Prepare the worker when the service listens to anything."""
        super().__init__(service, "worker")
        self.worker = service.events and Worker(
            service.events, self.database, service.rabbitmq_url, prefetch=service.settings.prefetch
        )

    def loops(self) -> list[Awaitable[None]]:
        """Consume, retry, and whatever the service adds."""
        own = [loop(self.database) for loop in self.service.loops]
        return [*super().loops(), *own, *([self.worker.run()] if self.worker else [])]

    async def ready(self) -> dict[str, str]:
        """Ready while consuming its own queues with the database there."""
        problems = await super().ready()
        if self.worker and not self.worker.consuming:
            problems["queues"] = "not consuming"
        if self.worker and self.worker.consumer.database_away:
            problems["database"] = "away"
        return problems


class ClockVerb(Verb):
    """Runs the periodic work and keeps level with the producers' logs."""

    def __init__(self, service: Service) -> None:
        """Prepare the schedule and the readers of the logs."""
        super().__init__(service, "clock")
        self.schedule = tidy(service.clock)
        self.catching_up = service.events and catching_up(service, self.database)

    def loops(self) -> list[Awaitable[None]]:
        """Run jobs; catch up."""
        caught = [self.catching_up.run()] if self.catching_up else []
        return [*super().loops(), schedule.run(self.schedule, self.database), *caught]


def catching_up(service: Service, database: Database) -> CatchingUp:
    """Return the reader of all logs a service depends on."""
    settings = service.settings
    secret = settings.service_client_secret.get_secret_value()
    token = ServiceToken(service.name, settings.oidc_issuer, secret)
    client = httpx.AsyncClient(timeout=30)
    router = service.events or EventRouter(service.name)
    producers = [
        Producer(name, settings.base_url(name), token, client) for name in router.producers()
    ]
    return CatchingUp(router, database, producers, settings.catch_up_seconds)


VERBS: dict[str, Callable[[Service], Verb]] = {
    "api": ApiVerb,
    "worker": WorkerVerb,
    "relay": RelayVerb,
    "clock": ClockVerb,
}


def migrate(service: Service) -> None:
    """Bring schema and topology to what this code needs."""
    migrations.upgrade(service.migrations, service.settings.database_url)
    asyncio.run(topology.bring_up(service.rabbitmq_url, service.events))


def health_app(verbs: Sequence[Verb]) -> Any:
    """Return the health routes of verbs that serve nothing else."""

    async def ready() -> dict[str, str]:
        return await readiness(verbs)

    return health_application(ready)


async def readiness(verbs: Sequence[Verb]) -> dict[str, str]:
    """Return what is missing in any of the verbs."""
    problems: dict[str, str] = {}
    for verb in verbs:
        problems.update({f"{verb.name}.{key}": text for key, text in (await verb.ready()).items()})
    return problems
