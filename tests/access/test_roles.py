"""Which role a person acts in when token and directory differ: for every service's whole table."""

import importlib
from itertools import product
from typing import get_args
from uuid import UUID

import httpx
import pytest
import sqlalchemy
from sqlalchemy import insert, text
from tests.chassis.web.conftest import ISSUER, Issuer

from chassis import tables
from chassis.access import TokenVerifier
from chassis.access.roles import FROM_THE_LOWEST, decide, known
from chassis.database import Database
from chassis.ids import new_id
from contracts.tasks import Role

SERVICES = ("tasks", "surveys", "notifications", "reporting")
ROLES = get_args(Role)
# What only an administrator or the office may do, one door per service.
DOORS = {
    "tasks": ("POST", "/v1/units"),
    "surveys": ("POST", "/v1/questionnaires"),
    "notifications": ("GET", "/v1/deliveries"),
    "reporting": ("POST", "/v1/criteria_sets"),
}


def test_every_role_has_its_place_and_only_one():
    assert sorted(FROM_THE_LOWEST) == sorted(ROLES)


@pytest.mark.parametrize("service", SERVICES)
def test_the_lower_of_two_roles_is_granted_nothing_that_neither_is_granted(service):
    rights = importlib.import_module(f"{service}.access").RIGHTS
    for act, claimed, directory in product(rights, ROLES, ROLES):
        if decide([claimed], directory, "lower") in rights[act]:
            assert {claimed, directory} & rights[act], f"{act}: {claimed}, {directory}"


@pytest.mark.parametrize(
    ("claimed", "directory", "lower"),
    [
        (["admin"], "unit_officer", "unit_officer"),
        (["admin"], "auditor", "auditor"),
        (["office"], "unit_head", "unit_head"),
        (["unit_officer"], "office", "unit_officer"),
        (["unit_head"], "auditor", "unit_head"),
        (["director"], "office", "office"),
        (["admin"], "director", "director"),
        (["auditor", "office"], "office", "office"),
        (["unit_officer", "admin"], "unit_head", "unit_head"),
        (["king", "office"], "office", "office"),
        (["external_system"], "director", "external_system"),
        ([], "office", None),
        (["king", "Admin"], "admin", None),
    ],
)
def test_a_person_acts_in_the_lower_of_the_claimed_and_the_directorys_role(
    claimed, directory, lower
):
    ours = known(claimed)
    assert decide(ours, directory, "lower") == lower
    assert decide(ours, directory, "directory") == directory
    assert decide(ours, directory, "claims") == (ours[0] if ours else None)


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def served(migrated, monkeypatch, issuer, tmp_path):
    """Return a function that serves a service as its settings say, to one person's token."""
    databases = []

    async def serve(service: str, directory: str, roles: list[str], roles_from: str = ""):
        database = Database(await migrated(service))
        databases.append(database)
        await add_person(database, directory)
        away = "http://127.0.0.1:9"
        own = f"{service.upper()}_"
        settings = {
            f"{own}DATABASE_URL": database.url, f"{own}RABBITMQ_URL": f"amqp://{service}@h/",
            "OIDC_ISSUER": ISSUER, "SERVICE_CLIENT_SECRET": "x", "CURSOR_SECRET": "x",
            "PUBLIC_BASE_URL": away, "SURVEYS_PUBLIC_URL": away,
            "SMTP_URL": "smtp://127.0.0.1:9", "FILES_URL": tmp_path.as_uri(),
            "TICKET_SECRET": "ticket secret of the tests",
            **{f"{name.upper()}_URL": away for name in SERVICES},
            **({"AUTH_ROLES_FROM": roles_from} if roles_from else {}),
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        app = importlib.import_module(f"{service}.app").build().http(database)
        app.state.tokens = TokenVerifier(ISSUER, keys=issuer.keys())
        return await ask(app, issuer.token(roles=roles), *DOORS[service])

    yield serve
    for database in databases:
        await database.close()


async def add_person(database: Database, role: str) -> None:
    async with database.sessions.begin() as session:
        unit = {
            "id": new_id(), "version": 1, "code": "VP", "name": "Văn phòng", "kind": "office",
            "parent_id": None, "aliases": [], "sort_order": 1, "active": True,
        }  # fmt: skip
        await _insert(session, tables.unit, unit, search_text="van phong")
        person = {
            "id": UUID(int=7), "version": 1, "employee_code": "office", "name": "Cán bộ",
            "post": "", "email": "cb@snv.example", "role": role, "unit_id": unit["id"],
            "login": "login-office", "active": True,
        }  # fmt: skip
        await _insert(session, tables.person, person, sort_key="can bo")


async def _insert(session, table, row: dict, **more: str) -> None:
    """Insert a row; the service that owns the table has columns more."""
    found = await session.scalars(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = :name"),
        {"name": table.name},
    )
    columns = {*found.all()}
    values = {**row, **more, "sort_key": "a"}
    given = {name: value for name, value in values.items() if name in columns}
    await session.execute(
        insert(sqlalchemy.table(table.name, *(sqlalchemy.column(n) for n in given))).values(given)
    )


async def ask(app, token: str, method: str, path: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service", headers=headers
    ) as client:
        answer = await client.request(method, path)
        return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize("service", SERVICES)
async def test_a_signed_claim_alone_opens_no_door_of_a_known_person(served, service):
    assert await served(service, "unit_officer", ["admin"]) == (403, "not_allowed")


@pytest.mark.parametrize("service", SERVICES)
async def test_the_directory_alone_opens_no_door_that_the_token_does_not(served, service):
    assert await served(service, "admin", ["unit_head"]) == (403, "not_allowed")


@pytest.mark.parametrize("service", SERVICES)
async def test_token_and_directory_together_open_it(served, service):
    status, _ = await served(service, "admin", ["admin"])
    assert status != 403


@pytest.mark.parametrize("service", SERVICES)
async def test_an_installation_may_let_the_claims_decide(served, service):
    status, _ = await served(service, "unit_officer", ["admin"], roles_from="claims")
    assert status != 403
    assert await served(service, "admin", ["unit_head"], "claims") == (403, "not_allowed")


@pytest.mark.parametrize("service", SERVICES)
async def test_an_installation_may_let_the_directory_decide(served, service):
    status, _ = await served(service, "admin", [], roles_from="directory")
    assert status != 403
    assert await served(service, "unit_head", ["admin"], "directory") == (403, "not_allowed")
