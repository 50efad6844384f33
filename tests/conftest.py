"""Servers for all tests: a private PostgreSQL and RabbitMQ of this run, forgotten afterwards.

`TEST_SERVERS` names a folder to keep them in between runs, for people who test often.
"""

import asyncio
import gc
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from chassis import migrations
from chassis.messaging import rights, topology
from chassis.messaging.broker import Broker
from chassis.messaging.events import EventRouter
from devstack.run.environment import signed_in_as
from devstack.servers import PrivatePostgres, PrivateRabbitMQ
from devstack.servers.user import name_hash

if TYPE_CHECKING:
    from tests.journeys.stack import Stack
    from tests.mail_server import MailServer


# How long an example takes on a busy machine says nothing about what it shows. The same examples
# each time, so that a change is judged by what it changes; EXAMPLES=new looks for others.
settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("EXAMPLES") != "new",
)
settings.load_profile("patient")

# As in the product: rich tracebacks with all local variables take seconds each.
_CONSOLE = structlog.dev.ConsoleRenderer(
    colors=False, exception_formatter=structlog.dev.plain_traceback
)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _CONSOLE])

MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # bytes  # noqa: S108 - a folder of our own in it
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # of those side by side
# What a test asks for, however indirectly, says what it is.
PRODUCT = {"stack", "rig", "installation"}  # every process of the product
RUNNING = {"postgres", "rabbitmq", "browser", *PRODUCT}


async def eventually(
    check: Callable[[], object], *, within: float = 5, every: float = 0.05
) -> object:
    """Return the first truthy result of `check`, a function or a coroutine function; else fail."""
    deadline = time.monotonic() + within
    while True:
        result = check()
        if isinstance(result, Awaitable):
            result = await result
        if result:
            return result
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {within} s: {check}")
        await asyncio.sleep(every)


@pytest.fixture(scope="session", name="eventually")
def eventually_fixture():
    return eventually


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return _server_folder(base.parent if WORKER else base)


def _server_folder(base: Path) -> Path:
    """In memory where there is room: a disk takes ten times as long for a database's 300 files."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).total > ROOM
    own = MEMORY / f"nhip-tests-{name_hash(base)}" if roomy else base / "servers"
    return Path(os.environ.get("TEST_SERVERS", own))


@pytest.fixture(scope="session")
def postgres(server_folder) -> PrivatePostgres:
    """One server per worker: the oldest transaction of a whole server holds up seals and feeds."""
    return PrivatePostgres(server_folder / WORKER).start()


@pytest.fixture(scope="session")
def rabbitmq(server_folder) -> PrivateRabbitMQ:
    """RABBITMQ=4: the newer one (as root), in a folder of its own."""
    newer = os.environ.get("RABBITMQ") == "4"
    return PrivateRabbitMQ(server_folder / "4" if newer else server_folder, newer=newer).start()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Forget the servers: a worker its own PostgreSQL, the last of all the broker they share."""
    if "TEST_SERVERS" in os.environ:
        return
    base = session.config._tmp_path_factory.getbasetemp()
    folder = _server_folder(base.parent if WORKER else base)
    PrivatePostgres(folder / WORKER).forget()
    if not WORKER:
        PrivateRabbitMQ(folder).forget()
        PrivateRabbitMQ(folder / "4").forget()
        shutil.rmtree(folder, ignore_errors=True)


async def _command(postgres: PrivatePostgres, *commands: str) -> None:
    connection = await asyncpg.connect(postgres.database_url("postgres"))
    for command in commands:
        await connection.execute(command)
    await connection.close()


@pytest.fixture(scope="session")
def lasting_database(postgres) -> Callable[..., Awaitable[str]]:
    """Return a function that creates an empty database, or a copy of another, and says its URL.

    It stays until the servers are forgotten: to be copied, or shared by tests that only look.
    """

    async def create(template: str | None = None) -> str:
        name = f"test_{uuid4().hex[:12]}"
        copy = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        await _command(postgres, f'CREATE DATABASE "{name}"{copy}')
        return postgres.database_url(name)

    return create


@pytest.fixture
async def new_database(postgres, lasting_database) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Return the same for one test, whose databases are dropped behind it."""
    made: list[str] = []

    async def create(template: str | None = None) -> str:
        made.append(await lasting_database(template))
        return made[-1]

    yield create
    names = [url.rsplit("/", 1)[1] for url in made]
    await _command(postgres, *(f'DROP DATABASE "{name}" WITH (FORCE)' for name in names))


@pytest.fixture(scope="session")
def new_vhost(rabbitmq) -> Callable[[], str]:
    """Return a function that makes a virtual host of one's own and returns its URL."""

    def create() -> str:
        name = f"test_{uuid4().hex[:12]}"
        rabbitmq.add_vhost(name)
        return rabbitmq.url(name)

    return create


class Virtual:
    """A virtual host of one's own. `url`: as the administrator."""

    def __init__(self, url: str, management_url: str) -> None:
        self.url, self.management_url = url, management_url

    async def user_of(self, service: str, router: EventRouter | None = None) -> Broker:
        """Return a service's way to the broker, with the user and the rights `migrate` gives it."""
        broker = Broker(signed_in_as(self.url, f"{self.name}_{service}", "secret"), service)
        await rights.grant(broker, router, self.management_url)
        if router is not None:
            await topology.bring_up(broker, router)
            await rights.bind_dead(broker, router, self.management_url)
        return broker

    def shared_by(self, service: str) -> Broker:
        """Return a service's way to the broker when all services have the administrator's user."""
        return Broker(self.url, service, shared=True)

    @property
    def name(self) -> str:
        """The virtual host's name."""
        return self.url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def new_virtual(rabbitmq, new_vhost) -> Callable[[], Virtual]:
    """Return a function that makes a virtual host with a user per service."""
    return lambda: Virtual(new_vhost(), rabbitmq.management_url)


def migrations_of(service: str) -> Path:
    """Return the folder of a service's migrations, or of the portal's."""
    under = "web" if service == "portal" else "services"
    return Path(__file__).parents[1] / under / service / "migrations"


@pytest.fixture(scope="session")
def migrated_template(lasting_database) -> Callable[[str], Awaitable[str]]:
    """Return a function that names a database to copy, with a service's own schema.

    The migrations run once per service and test process.
    """
    templates: dict[str, str] = {}

    async def template_of(service: str) -> str:
        if service not in templates:
            url = await lasting_database()
            await asyncio.to_thread(migrations.upgrade, migrations_of(service), url)
            templates[service] = url.rsplit("/", 1)[1]
        return templates[service]

    return template_of


@pytest.fixture
def migrated(migrated_template, new_database) -> Callable[[str], Awaitable[str]]:
    """Return a function that gives a test a fresh database with a service's own schema."""

    async def database_of(service: str) -> str:
        return await new_database(await migrated_template(service))

    return database_of


@pytest.fixture
def smtp() -> Iterator["MailServer"]:
    """A mail server that listens, and keeps what it takes."""
    from tests.mail_server import MailServer  # noqa: PLC0415 - only these tests need it

    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def stack(postgres, tmp_path_factory) -> Iterator["Stack"]:
    """The whole product as real processes with the demo, for journeys and the permission matrix."""
    from tests.journeys.stack import Stack  # noqa: PLC0415 - only these tests need it

    made = Stack(tmp_path_factory.mktemp("stack"), postgres)
    try:
        yield made.start()
    finally:
        made.stop()


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks: two are found below, `story` is written in the test's file."""
    for mark in (
        "pure: needs no server and no browser (`make check`)",
        "product: needs every process of the product; a worker has one of its own",
        "story: a whole year, or a look at pages and documents (`make stories`)",
    ):
        config.addinivalue_line("markers", mark)


def pytest_collection_finish() -> None:
    """As in the product: a tenth less work than to search for cycles in all that was imported."""
    gc.freeze()
    gc.set_threshold(20_000)


class _ByStarts(LoadFileScheduling):
    """A file to a worker, and all the rows of the fault table to one: their rig starts once."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/faults" if file.startswith("tests/faults/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Side by side, what shares a start of the product shares a worker."""
    return _ByStarts(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need; give whoever is first the time to start the product."""
    for item in items:
        needed = set(getattr(item, "fixturenames", ()))
        if not needed & RUNNING:
            item.add_marker(pytest.mark.pure)
        if needed & PRODUCT:
            item.add_marker(pytest.mark.product)
        if needed & {"stack", "installation"}:
            item.add_marker(pytest.mark.timeout(600))
