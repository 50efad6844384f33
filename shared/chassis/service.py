"""A service: its doors put together, and the verbs that run them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr, ValidationInfo, field_validator
from starlette.applications import Starlette
from starlette.types import ASGIApp

from chassis import migrations, schedule, telemetry
from chassis.access import ActorLookup, PartnerSource, Policies, TokenVerifier, find_actor
from chassis.access.issuers import partner_keys, trusted
from chassis.database import Database
from chassis.discarding import Undo, undo_directory
from chassis.files import FileStore
from chassis.live import Arrivals, Listener
from chassis.messaging import feed_api, rights
from chassis.messaging.broker import Broker
from chassis.messaging.catching_up import CatchingUp, Producer, ServiceToken
from chassis.messaging.events import EventRouter
from chassis.messaging.relay import Relay
from chassis.messaging.worker import Worker
from chassis.retention import tidied
from chassis.schedule import Schedule
from chassis.settings import ServiceSettings
from chassis.web import Check, NoteRead, create_app, health_app, note_in_audit

Loop = Callable[[Database], Awaitable[None]]
POOL = {"api": 10, "worker": 6, "relay": 6, "clock": 4}


class OwnSettings(ServiceSettings):
    """What the chassis needs of every service's own settings."""

    database_url: str
    rabbitmq_url: SecretStr
    port: int

    @field_validator("rabbitmq_url")
    @classmethod
    def _has_a_user_of_its_own(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        cls._broker(url, info.data.get("broker_users", "own"))
        return url

    @property
    def broker(self) -> Broker:
        """The broker, as this service reaches it."""
        return self._broker(self.rabbitmq_url, self.broker_users)

    @classmethod
    def _broker(cls, url: SecretStr, users: str) -> Broker:
        service = str(cls.model_config.get("env_prefix", "")).rstrip("_").lower()
        return Broker(url.get_secret_value(), service, shared=users == "shared")


@dataclass
class Service:
    """Everything a service consists of; `app.py` builds it, `chassis.cli` runs it.

    `routers`: its HTTP routes, besides the event log's. `loops`: of the worker; `relay_loops` carry
    events elsewhere, out of its way; `clock_loops` are no jobs. `prepare_broker`: what `migrate`
    makes there besides, given an administrator's address. `undo` takes back forged events; kinds of
    aggregates in `told_whole` it forgets whole and is told anew. `arrivals` wake waiting requests.
    `copies`: by name what else reads the producers' logs, from their beginning, besides `events`.
    """

    name: str
    settings: OwnSettings
    folder: Path
    routers: Sequence[APIRouter]
    policies: Policies
    description: str = ""
    events: EventRouter | None = None
    clock: Schedule = field(default_factory=Schedule)
    loops: Sequence[Loop] = ()
    relay_loops: Sequence[Loop] = ()
    clock_loops: Sequence[Loop] = ()
    prepare_broker: Callable[[str], Awaitable[None]] | None = None
    files: FileStore | None = None
    with_live: bool = False
    actors: ActorLookup = find_actor
    undo: Undo = undo_directory
    told_whole: Collection[str] = ()
    note_read: NoteRead = note_in_audit
    copies: Mapping[str, EventRouter] = field(default_factory=dict)
    arrivals: Callable[[Database], Arrivals] | None = None

    @property
    def migrations(self) -> Path:
        """Folder of the service's migrations."""
        return self.folder / "migrations"

    def database(self, verb: str) -> Database:
        """Return a pool of the size the verb needs."""
        url = self.settings.database_url
        return Database(url, pool_size=POOL[verb], name=f"{self.name}.{verb}")

    def operators_database(self, command: str) -> Database:
        """Return connections for a command of an operator, who may wait an hour for one answer."""
        url, name = self.settings.database_url, f"{self.name}.{command}"
        return Database(url, pool_size=2, name=name, patience="1h")

    def partner_keys(self, _: Database) -> PartnerSource:
        """Return where the keys of partners' tokens come from: notifications, which signs them."""
        return partner_keys(self.settings)

    def http(self, database: Database, checks: Mapping[str, Check] | None = None) -> FastAPI:
        """Return the web application on a database; `checks` also decide its readiness."""
        keys = self.partner_keys(database)
        return create_app(
            self.name,
            [*self.routers, feed_api.router],
            database,
            policies=self.policies, actors=self.actors, tokens=trusted(self.settings, keys),
            roles_from=self.settings.auth_roles_from,
            origins=keys.origins, note_read=self.note_read, files=self.files, checks=checks,
            cursor_secret=self.settings.cursor_secret.get_secret_value(),
            description=self.description,
            live=Listener(database) if self.with_live else None,
            arrivals=self.arrivals and self.arrivals(database),
        )  # fmt: skip

    def front(self, app: ASGIApp) -> ASGIApp:
        """Return what stands before the whole application; nothing does, but for a hot route."""
        return app


def describe(name: str, routers: Sequence[APIRouter], policies: Policies) -> FastAPI:
    """Return a service's application without its settings: to describe it, never to serve it."""
    return create_app(
        name,
        [*routers, feed_api.router],
        Database("postgresql://nobody@localhost/none"),
        policies=policies,
        tokens=TokenVerifier("http://localhost"),
        cursor_secret="",
    )


class NotReady(Exception):
    """Why a verb cannot do its work yet."""


class Verb:
    """One running verb: its loops and what makes it ready."""

    def __init__(self, service: Service, name: str) -> None:
        self.service, self.name = service, name
        self.database = service.database(name)

    def loops(self) -> list[Awaitable[None]]:
        """Return the coroutines that run for ever."""
        return [telemetry.measure(self.database)]

    def checks(self) -> dict[str, Check]:
        """Return what must hold for this verb to be ready; each raises when it does not."""
        return {"schema": self._check_schema}

    async def _check_schema(self) -> None:
        async with self.database.engine.connect() as connection:
            problem = await migrations.check_schema(connection, self.service.migrations)
        if problem:
            raise NotReady(problem)

    async def close(self) -> None:
        """Give the pool back."""
        await self.database.close()


class ApiVerb(Verb):
    """Serves HTTP; needs nothing but its database."""

    def __init__(self, service: Service) -> None:
        super().__init__(service, "api")

    def application(self, checks: Mapping[str, Check]) -> FastAPI:
        """Return the web application; `checks` are those of every verb of the process."""
        return self.service.http(self.database, checks)


class RelayVerb(Verb):
    """Carries events to the broker, and elsewhere."""

    def __init__(self, service: Service) -> None:
        super().__init__(service, "relay")
        self.relay = Relay(self.database, service.settings.broker)

    def loops(self) -> list[Awaitable[None]]:
        """Lead, or stand by; carry what is no broker's in any case."""
        own = [loop(self.database) for loop in self.service.relay_loops]
        return [*super().loops(), *own, self.relay.run()]

    def checks(self) -> dict[str, Check]:
        """Ready while leading or standing by with a working connection."""

        async def connected() -> None:
            if not self.relay.healthy:
                raise NotReady("not connected")

        return {**super().checks(), "relay": connected}


class WorkerVerb(Verb):
    """Consumes events and runs the service's background loops."""

    def __init__(self, service: Service) -> None:
        super().__init__(service, "worker")
        self.worker = service.events and Worker(
            service.events,
            self.database,
            service.settings.broker,
            prefetch=service.settings.prefetch,
        )

    def loops(self) -> list[Awaitable[None]]:
        """Consume, retry, and whatever the service adds."""
        own = [loop(self.database) for loop in self.service.loops]
        return [*super().loops(), *own, *([self.worker.run()] if self.worker else [])]

    def checks(self) -> dict[str, Check]:
        """Ready while consuming its own queues with the database there."""

        async def consuming() -> None:
            if self.worker and not self.worker.consuming:
                raise NotReady("not consuming")
            if self.worker and self.worker.consumer.database_away:
                raise NotReady("database away")

        return {**super().checks(), "queues": consuming}


class ClockVerb(Verb):
    """Runs the periodic work and keeps level with the producers' logs."""

    def __init__(self, service: Service) -> None:
        super().__init__(service, "clock")
        self.schedule = tidied(service.clock, with_live=service.with_live)
        self.catching_up = service.events and catching_up(service, self.database)
        self.copying = [
            catching_up(service, self.database, router, name)
            for name, router in service.copies.items()
        ]

    def loops(self) -> list[Awaitable[None]]:
        """Run jobs; catch up."""
        caught = [each.run() for each in (self.catching_up, *self.copying) if each]
        own = [loop(self.database) for loop in self.service.clock_loops]
        return [*super().loops(), schedule.run(self.schedule, self.database), *caught, *own]


def catching_up(
    service: Service, database: Database, router: EventRouter | None = None, reader: str = ""
) -> CatchingUp:
    """Return the reader of all logs a service depends on, or of those of another router."""
    settings = service.settings
    secret = settings.service_client_secret
    token = ServiceToken(service.name, settings.oidc_issuer, secret.get_secret_value())
    client = httpx.AsyncClient(timeout=30)
    router = router or service.events or EventRouter(service.name)
    producers = [
        Producer(name, settings.base_url(name), token, client) for name in router.producers()
    ]
    return CatchingUp(router, database, producers, settings.catch_up_seconds, reader)


VERBS: dict[str, Callable[[Service], Verb]] = {
    "api": ApiVerb, "worker": WorkerVerb, "relay": RelayVerb, "clock": ClockVerb,
}  # fmt: skip


def migrate(service: Service) -> None:
    """Bring schema, topology and rights to what this code needs. Raises RightsProblem."""
    migrations.upgrade(service.migrations, service.settings.database_url)
    asyncio.run(_prepare_broker(service))


async def _prepare_broker(service: Service) -> None:
    broker, admin = service.settings.broker, service.settings.rabbitmq_admin_url
    admin_url = admin.get_secret_value() if admin and not broker.shared else ""
    await rights.prepare(broker, service.events, admin_url)
    if admin_url and service.prepare_broker:
        await service.prepare_broker(admin_url)
    if not broker.shared:
        await rights.check(broker)


def checks_of(verbs: Sequence[Verb]) -> dict[str, Check]:
    """Return the checks of all verbs of a process, each under its verb's name."""
    return {f"{v.name}.{name}": check for v in verbs for name, check in v.checks().items()}


def application(verbs: Sequence[Verb]) -> FastAPI | Starlette:
    """Return what the process serves: the API when it is among the verbs, else only its health."""
    checks = checks_of(verbs)
    api = next((verb for verb in verbs if isinstance(verb, ApiVerb)), None)
    return api.application(checks) if api else health_app(checks)
