"""A made-up service with a notebook: nothing but the chassis, on a real PostgreSQL."""

import contextlib
import json
import time
from uuid import UUID

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import insert, text
from tests.chassis.web.notebook import POLICIES, notebook

from chassis import tables
from chassis.access import IssuerKeys, TokenVerifier
from chassis.database import Database, driver_url
from chassis.ids import new_id
from chassis.web import create_app

ISSUER = "https://issuer.test"
NOTE = """
    CREATE TABLE note (
      id uuid PRIMARY KEY, title text NOT NULL, place int NOT NULL, version bigint NOT NULL,
      CONSTRAINT fits UNIQUE (title) DEFERRABLE INITIALLY DEFERRED);
"""
# What the service whose schema the notebook borrows has no use for: as in tasks.
JOBS_AND_FILES = """
    CREATE TABLE job (
      id uuid NOT NULL, kind text NOT NULL, payload jsonb NOT NULL,
      state text NOT NULL DEFAULT 'queued', progress smallint NOT NULL DEFAULT '0', result jsonb,
      error text, attempts smallint NOT NULL DEFAULT '0', created_by uuid,
      created_at timestamptz NOT NULL DEFAULT now(), started_at timestamptz,
      heartbeat_at timestamptz, finished_at timestamptz,
      CONSTRAINT pk_job PRIMARY KEY (id),
      CONSTRAINT ck_job_state CHECK (state IN ('queued', 'running', 'done', 'failed')),
      CONSTRAINT ck_job_progress CHECK (progress BETWEEN 0 AND 100)
    );
    CREATE INDEX ix_job_unfinished ON job (created_at) WHERE state IN ('queued', 'running');
    CREATE TABLE stored_file (
      id uuid NOT NULL, name text NOT NULL, kind text NOT NULL, size bigint NOT NULL,
      sha256 text NOT NULL, state text NOT NULL DEFAULT 'stored', uploaded_by uuid,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_stored_file PRIMARY KEY (id),
      CONSTRAINT ck_stored_file_kind CHECK (
        kind IN ('pdf', 'jpg', 'png', 'docx', 'xlsx', 'doc', 'xls', 'odt', 'ods', 'rtf')),
      CONSTRAINT ck_stored_file_state CHECK (state IN ('stored', 'rejected'))
    );
    CREATE INDEX ix_stored_file_sha256 ON stored_file (sha256);
"""


@pytest.fixture(scope="session")
async def web_template(lasting_database, migrated_template) -> str:
    url = await lasting_database(await migrated_template("notifications"))
    connection = await asyncpg.connect(driver_url(url))
    await connection.execute(NOTE + JOBS_AND_FILES)
    await connection.close()
    return url.rsplit("/", 1)[1]


@pytest.fixture
async def database(web_template, new_database):
    database = Database(await new_database(web_template))
    yield database
    await database.close()


class Issuer:
    """An OIDC issuer reduced to its documents; `away` makes it unreachable."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})
        self.ec_key = ECKey.generate_key("P-256", parameters={"kid": "two", "use": "sig"})
        self.away = False
        self.fetches = 0

    def claims(self, **changed):
        now = int(time.time())
        return {
            "iss": ISSUER, "aud": "cchc", "sub": "login-office", "exp": now + 300, "iat": now,
            "roles": ["office"], "employee_code": "office", **changed,
        }  # fmt: skip

    def token(self, *, key=None, header=None, **claims):
        key = key or self.key
        header = {"alg": "RS256", "kid": key.kid, **(header or {})}
        return jwt.encode(header, self.claims(**claims), key, algorithms=[header["alg"]])

    def keys(self) -> IssuerKeys:
        transport = httpx.MockTransport(self._answer)
        return IssuerKeys(ISSUER, httpx.AsyncClient(transport=transport))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away")
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        self.fetches += 1
        keys = [key.as_dict(private=False) for key in (self.key, self.ec_key)]
        return httpx.Response(200, content=json.dumps({"keys": keys}))


@pytest.fixture(scope="session")
def issuer_keys_made_once() -> Issuer:
    return Issuer()


@pytest.fixture
def issuer(issuer_keys_made_once) -> Issuer:
    issuer_keys_made_once.away, issuer_keys_made_once.fetches = False, 0
    return issuer_keys_made_once


async def add_person(database: Database, code: str, **facts) -> UUID:
    row = {
        "id": new_id(), "version": 1, "employee_code": code, "name": f"Cán bộ {code}",
        "post": "Chuyên viên", "email": f"{code}@khanhhoa.gov.vn", "role": "office",
        "unit_id": new_id(), "login": None, "active": True, **facts,
    }  # fmt: skip
    async with database.sessions.begin() as session:
        await session.execute(insert(tables.person).values(row))
    return row["id"]


@pytest.fixture
async def office(database) -> UUID:
    return await add_person(database, "office")


@pytest.fixture
def app(database, issuer):
    return create_app(
        "notebook", [notebook()], database, policies=POLICIES,
        tokens=TokenVerifier(ISSUER, keys=issuer.keys()), cursor_secret="secret of the tests",
    )  # fmt: skip


@contextlib.asynccontextmanager
async def client_of(app, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://notebook", headers=headers
    ) as client:
        yield client


@pytest.fixture
async def client(app, issuer, office):
    async with client_of(app, issuer.token()) as client:
        yield client


@pytest.fixture
async def nobody(app):
    """A client without a token."""
    async with client_of(app) as client:
        yield client


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(new_id())}


async def count(database: Database, table: str = "note") -> int:
    async with database.sessions() as session:
        return await session.scalar(text(f"SELECT count(*) FROM {table}"))
