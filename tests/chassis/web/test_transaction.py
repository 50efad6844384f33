"""The answer leaves after the commit, never before."""

import pytest
from fastapi import APIRouter
from tests.chassis.web.conftest import count, key

from chassis.web import PolicyMissing, ServiceRouter, create_app


async def test_what_is_answered_201_is_committed(client, database):
    answer = await client.post("/v1/notes", json={"title": "họp giao ban"}, headers=key())

    assert answer.status_code == 201
    assert await count(database) == 1


async def test_a_commit_that_fails_is_never_answered_201(client, database):
    """The unique title is checked at commit: the endpoint itself has long returned."""
    await client.post("/v1/notes", json={"title": "một"}, headers=key())
    again = await client.post("/v1/notes", json={"title": "một"}, headers=key())

    assert again.status_code == 409
    assert again.json()["code"] == "duplicate"
    assert await count(database) == 1
    assert await count(database, "idempotency_key") == 1


async def test_an_error_rolls_everything_back(client, database):
    answer = await client.post("/v1/notes", json={"title": "cấm"}, headers=key())

    assert answer.status_code == 409
    assert answer.json()["detail"] == "Không được ghi «cấm»"
    assert await count(database) == 0


async def test_an_unexpected_error_is_500_and_tells_nothing(client, database):
    answer = await client.post("/v1/notes", json={"title": "lỗi"}, headers=key())

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "mật khẩu" not in answer.text
    assert answer.json()["instance"] == answer.headers["x-request-id"]
    assert await count(database) == 0


async def test_an_unreachable_database_is_503_with_retry_after(client, database):
    unreachable = type(database)("postgresql://nobody:x@127.0.0.1:1/none")
    database.sessions = unreachable.sessions
    answer = await client.get("/v1/notes")
    ready = await client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert ready.status_code == 503
    await unreachable.close()


def _application(app_parts, router):
    database, tokens = app_parts
    return create_app("x", [router], database, policies={"known"}, tokens=tokens, cursor_secret="x")


async def test_a_route_without_a_policy_keeps_the_service_from_starting(app, database):
    parts = database, app.state.tokens
    plain = APIRouter()
    plain.get("/open")(lambda: None)
    unknown = ServiceRouter()
    unknown.get("/x", policy="unknown")(lambda: None)
    outer = ServiceRouter()
    outer.include_router(plain)

    for router in (plain, unknown, outer):
        with pytest.raises(PolicyMissing):
            _application(parts, router)
    with pytest.raises(TypeError):
        ServiceRouter().get("/forgotten")
