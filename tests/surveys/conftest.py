"""The service on a real database of its own, with a directory of three units."""

import pytest
from tests.surveys.world import ISSUER, World

from chassis.database import Database

SETTINGS = {
    "OIDC_ISSUER": ISSUER, "SURVEYS_RABBITMQ_URL": "amqp://surveys@127.0.0.1:9",
    "SERVICE_CLIENT_SECRET": "secret",
    "CURSOR_SECRET": "of the tests", "PUBLIC_BASE_URL": "https://nhip.example",
    "TASKS_URL": "http://127.0.0.1:9", "SURVEYS_URL": "http://127.0.0.1:9",
    "SURVEYS_PUBLIC_URL": "https://khaosat.example/",
    "NOTIFICATIONS_URL": "http://127.0.0.1:9", "REPORTING_URL": "http://127.0.0.1:9",
    "TICKET_SECRET": "ticket secret of the tests",
}  # fmt: skip


@pytest.fixture
def settings(monkeypatch) -> pytest.MonkeyPatch:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture
async def world(migrated, settings):
    url = await migrated("surveys")
    settings.setenv("SURVEYS_DATABASE_URL", url)
    database = Database(url)
    made = World(database)
    await made.move_in()
    yield made
    await made.citizen.aclose()
    await database.close()
