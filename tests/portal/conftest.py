"""The portal as it is wired: without its database for what needs no session, else with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from chassis import migrations
from portal.app import MIGRATIONS, build
from portal.sessions import Sessions, SignIn, Tokens
from portal.settings import Settings
from portal.visit import Portal

ENVIRONMENT = {
    "PORTAL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "SESSION_SECRET": "a secret long enough for a test",
    "OIDC_ISSUER": "http://issuer.test",
    "PUBLIC_BASE_URL": "http://portal.test",
    "TASKS_URL": "http://127.0.0.1:1",
    "SURVEYS_URL": "http://127.0.0.1:1",
    "NOTIFICATIONS_URL": "http://127.0.0.1:1",
    "NOTIFICATIONS_PUBLIC_URL": "https://nhip.example/",
    "REPORTING_URL": "http://127.0.0.1:1",
}
TOKENS = Tokens("access", "refresh", "identity", timedelta(hours=1))
ME = {"person_id": "1", "name": "Lê Thị An", "role": "office"}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return build(Settings())


@pytest.fixture
async def portal(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, new_database: Callable[[], Awaitable[str]]
) -> AsyncIterator[FastAPI]:
    """Return the portal with its database; none of the services answers."""
    url = await new_database()
    await asyncio.to_thread(migrations.upgrade, MIGRATIONS, url)
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    app = build(Settings())
    yield app
    await sessions_of(app).database.close()


def sessions_of(app: FastAPI) -> Sessions:
    portal: Portal = app.state.portal
    return portal.sessions


async def signed_in(app: FastAPI) -> str:
    return await sessions_of(app).open(TOKENS, ME)


async def row_of(app: FastAPI, key: str) -> SignIn:
    async with sessions_of(app).database.sessions() as session:
        found = await sessions_of(app).find(session, key)
    assert found is not None
    return found[0]


def routes(app: FastAPI) -> list[APIRoute]:
    """Return every page of the portal, also those of included routers."""
    waiting, found = list(app.routes), list[APIRoute]()
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        inner = getattr(route, "original_router", None)
        waiting.extend(inner.routes if inner else [])
    return found
