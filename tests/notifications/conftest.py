"""The service on its own migrated database, the development issuer, a mail server that listens."""

import asyncio
import contextlib
import socket
from pathlib import Path

import httpx
import pytest
import uvicorn
from tests.conftest import eventually
from tests.notifications.partners import Office, enter_partner, external_subject
from tests.notifications.partners import key as key  # noqa: PLC0414 - tests ask for it here
from tests.notifications.queues import Queues
from tests.notifications.world import PEOPLE, World, directory

from chassis import migrations
from chassis.database import Database
from chassis.messaging import outside
from chassis.messaging.delivering import outlet
from chassis.messaging.management import administrator
from devstack.issuer.app import Issuer
from devstack.issuer.people import read_people
from devstack.issuer.settings import IssuerSettings
from devstack.issuer.tokens import person_claims
from notifications import app as application
from notifications.subscribers.amqp.keeper import Keeper

PEOPLE_FILE = "\n".join(
    f"- {{employee_code: {code}, name: {code}, post: x, email: {code}@snv.example, role: {role},"
    f" unit: {unit}}}"
    for code, (role, unit) in PEOPLE.items()
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def serving(app, port=None):
    """Serve an application on a real port; yield its address."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port or free_port(),
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield f"http://127.0.0.1:{config.port}"
    server.should_exit = True
    await task


@pytest.fixture(scope="session")
async def template(lasting_database) -> str:
    url = await lasting_database()
    folder = Path(application.__file__).parent / "migrations"
    await asyncio.to_thread(migrations.upgrade, folder, url)
    world = World(Database(url), url)
    await world.happen(*directory())
    await enter_partner(world.database, external_subject())
    await world.database.close()
    return url.rsplit("/", 1)[1]


@pytest.fixture
async def world(template, new_database):
    """The service's database, which knows the department."""
    url = await new_database(template)
    database = Database(url)
    yield World(database, url)
    await database.close()


@pytest.fixture(scope="session")
async def issuer(tmp_path_factory):
    """The development issuer on a real port."""
    folder = tmp_path_factory.mktemp("issuer")
    (folder / "people.yaml").write_text(PEOPLE_FILE)
    port = free_port()
    made = Issuer(
        IssuerSettings(
            NHIP_ENVIRONMENT="development", OIDC_ISSUER=f"http://127.0.0.1:{port}",
            SERVICE_CLIENT_SECRET="s3cret", ISSUER_KEY_FILE=folder / "key.json",
            ISSUER_PEOPLE_FILE=folder / "people.yaml",
        )
    )  # fmt: skip
    async with serving(made.app(), port):
        yield made


@pytest.fixture
def environment(world, issuer, smtp) -> dict[str, str]:
    """Every setting the service needs; the other services are away."""
    away = "http://127.0.0.1:9"
    return {
        "NOTIFICATIONS_DATABASE_URL": world.url, "OIDC_ISSUER": issuer.settings.url,
        "NOTIFICATIONS_RABBITMQ_URL": "amqp://notifications@127.0.0.1:9",
        "SERVICE_CLIENT_SECRET": "s3cret",
        "CURSOR_SECRET": "of the tests", "PUBLIC_BASE_URL": "https://nhip.example/",
        "TASKS_URL": away, "SURVEYS_URL": away, "NOTIFICATIONS_URL": away, "REPORTING_URL": away,
        "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}", "MAIL_HOURS": "always",
        "MAIL_FROM": "Nhịp CCHC <nhip@snv.example>",
    }  # fmt: skip


@pytest.fixture
def service(environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return application.build()


@pytest.fixture
async def api(service, world):
    """The service's API on a real port."""
    async with serving(service.http(world.database)) as address:
        yield address


@pytest.fixture
async def as_person(api, issuer):
    """Return a function that makes a client of the API signed in as somebody."""
    async with contextlib.AsyncExitStack() as stack:

        async def sign_in(code: str) -> httpx.AsyncClient:
            headers = {"Authorization": f"Bearer {token(issuer, code)}"}
            client = httpx.AsyncClient(base_url=api, headers=headers, timeout=5)
            return await stack.enter_async_context(client)

        yield sign_in


def token(issuer: Issuer, code: str) -> str:
    people = {one.employee_code: one for one in read_people(issuer.settings.people_file)}
    return issuer.signer.access(person_claims(people[code]))


@pytest.fixture
async def office(as_person) -> Office:
    """The administrator's hands on partners."""
    return Office(await as_person("admin"))


@pytest.fixture
async def credential(office):
    """Of a partner with events and figures of all units."""
    return await office.credential(await office.partner())


@pytest.fixture
async def nobody(api):
    """A client of the API without a token."""
    async with httpx.AsyncClient(base_url=api) as client:
        yield client


@pytest.fixture
async def queues(world, new_virtual):
    virtual = new_virtual()
    broker = outside.inside(await virtual.user_of("notifications"), f"{virtual.name}_partners")
    async with administrator(virtual.management_url, "PARTNERS_ADMIN_URL") as admin:
        await outside.provide(admin, broker)
        keeper = Keeper(virtual.management_url, broker)
        async with outlet(broker.url) as out:
            made = Queues(world, admin, broker, out, keeper)
            yield made
        await made.take_down()
