"""The form that asks for a report: days that are written beside a chosen period mean nothing."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.conftest import ME, TOKENS
from tests.portal.test_rights import ID, KIND

from portal.client import Api
from portal.visit import Visit, portal_of, signed_in

WINDOW = {
    "code": "q1", "name": "quý I năm 2025", "starts_on": "2024-12-15", "ends_on": "2025-03-14",
}  # fmt: skip
ASKED = {"csrf_token": "t", "key": "k", "kind": "periodic", "year": "2025"}


class Reporting:
    """Knows one kind; keeps what is asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.asked.append(json.loads(request.content))
            return httpx.Response(202, json={"report_id": ID, "job_id": ID})
        kinds = [{**KIND, "windows": [WINDOW], "active": True, "needs_plan": False}]
        data = kinds if request.url.path == "/v1/report_kinds" else []
        answer = {"data": data, "next_cursor": None, "allowed": ["create"]}
        return httpx.Response(200, json=answer)


@pytest.fixture
def reporting() -> Reporting:
    return Reporting()


@pytest.fixture
async def browser(app: FastAPI, reporting: Reporting) -> AsyncIterator[httpx.AsyncClient]:
    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        for name in ("reporting", "tasks"):
            services._clients[name] = httpx.AsyncClient(
                transport=httpx.MockTransport(reporting), base_url=f"http://{name}"
            )
        return Visit(request, Api(services, "token", "vi"), ME, "t", TOKENS)

    app.dependency_overrides[signed_in] = visit
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        yield client


async def test_days_that_are_written_beside_a_chosen_period_are_asked_about(
    browser: httpx.AsyncClient, reporting: Reporting
) -> None:
    days = {"from": "1/3/2025", "to": "30/6/2025"}
    page = await browser.post("/reports", data={**ASKED, **days, "window": "2024-12-15/2025-03-14"})

    assert page.status_code == 422
    assert "Đã ghi ngày nhưng đang chọn một kỳ" in page.text
    assert 'value="30/6/2025"' in page.text
    assert reporting.asked == []


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ({"window": "2024-12-15/2025-03-14"}, ("2024-12-15", "2025-03-14")),
        ({"window": "other", "from": "1/3/2025", "to": "30/6/2025"}, ("2025-03-01", "2025-06-30")),
    ],
)
async def test_a_period_or_days_are_asked_for_as_they_are_chosen(
    browser: httpx.AsyncClient, reporting: Reporting, typed: dict[str, str], days: tuple[str, str]
) -> None:
    answer = await browser.post("/reports", data={**ASKED, **typed})

    assert answer.headers["location"] == f"/reports/{ID}"
    assert [(each["from"], each["to"]) for each in reporting.asked] == [days]
