"""The portal as it is wired, without its database: pages that need no session, and its parts."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from portal.app import build
from portal.settings import Settings

ENVIRONMENT = {
    "PORTAL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "SESSION_SECRET": "a secret long enough for a test",
    "OIDC_ISSUER": "http://issuer.test",
    "PUBLIC_BASE_URL": "http://portal.test",
    "TASKS_URL": "http://127.0.0.1:1",
    "SURVEYS_URL": "http://127.0.0.1:1",
    "NOTIFICATIONS_URL": "http://127.0.0.1:1",
    "REPORTING_URL": "http://127.0.0.1:1",
}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return build(Settings())


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
