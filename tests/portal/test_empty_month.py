"""A month without anything says so, and where something is."""

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.conftest import ME, TOKENS
from tests.portal.test_rights import ASSIGNMENT

from portal.client import Api
from portal.visit import Visit, portal_of, signed_in


def answer(request: httpx.Request) -> httpx.Response:
    asked, found = request.url.params, []
    sides = {"-due_on": "2025-03-31", "due_on": "2026-02-05"}
    if asked.get("sort") in sides:
        found = [{**ASSIGNMENT, "due_on": sides[asked["sort"]]}]
    return httpx.Response(200, json={"data": found, "next_cursor": None})


@pytest.fixture
def wired(app: FastAPI) -> FastAPI:
    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        transport = httpx.MockTransport(answer)
        services._clients["tasks"] = httpx.AsyncClient(transport=transport, base_url="http://tasks")
        return Visit(request, Api(services, "token", "vi"), ME, "t", TOKENS)

    app.dependency_overrides[signed_in] = visit
    return app


async def test_an_empty_month_leads_to_the_nearest_that_are_not(wired: FastAPI) -> None:
    transport = httpx.ASGITransport(wired)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        html = (await client.get("/assignments/calendar?month=2025-11&q=x")).text
    assert "Tháng này không có nhiệm vụ nào đến hạn" in html
    assert "/assignments/calendar?q=x&amp;month=2025-03" in html
    assert "/assignments/calendar?q=x&amp;month=2026-02" in html
