"""What goes into a page that is there is never answered with a page, whatever went wrong."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.test_rights import ID

from portal import visit as visits
from portal.problems import Problem, ServiceDown, SignInNeeded
from portal.visit import signed_in

# Every address that a page, a picture or a stream of ours asks for by itself.
PARTS = [
    "/bell", "/notifications/recent", "/figures?year=2025", f"/surveys/{ID}/results",
    "/assignments/rows", f"/imports/{ID}/progress?job={ID}", "/assignments?q=x",
    f"/files/{ID}/signatures", f"/files/{ID}/pages/1",
]  # fmt: skip
WRONG = [
    (SignInNeeded(), 401),
    (Problem(403, {"code": "not_allowed", "detail": "Vai trò không có quyền"}), 403),
    (Problem(404, {"code": "round_not_found"}), 404),
    (ServiceDown("tasks"), 204),
    (RuntimeError("a fault of ours"), 500),
]


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        yield client


def fail_with(app: FastAPI, error: Exception) -> None:
    async def visit(_: Request) -> Any:
        raise error

    app.dependency_overrides[signed_in] = visit


@pytest.mark.parametrize(
    ("error", "status"), WRONG, ids=[type(e).__name__ + str(s) for e, s in WRONG]
)
@pytest.mark.parametrize("address", PARTS)
async def test_an_error_in_a_part_of_a_page_holds_no_page(
    app: FastAPI, browser: httpx.AsyncClient, address: str, error: Exception, status: int
) -> None:
    fail_with(app, error)
    answer = await browser.get(address, headers={"HX-Request": "true", "Sec-Fetch-Dest": "empty"})
    assert (answer.status_code, answer.text) == (status, "")
    assert "location" not in answer.headers


async def test_the_end_of_a_session_is_said_on_the_page_and_leaves_what_is_typed(
    app: FastAPI, browser: httpx.AsyncClient
) -> None:
    fail_with(app, SignInNeeded())
    answer = await browser.get("/bell", headers={"HX-Request": "true"})
    assert answer.headers["HX-Trigger"] == "session-ended"
    assert "HX-Redirect" not in answer.headers


@pytest.mark.parametrize("kind", ["image", "empty", "iframe"])
async def test_a_stream_or_a_picture_is_not_answered_with_a_page_either(
    app: FastAPI, browser: httpx.AsyncClient, kind: str
) -> None:
    fail_with(app, Problem(403, {"code": "not_allowed"}))
    address = "/live" if kind == "empty" else f"/links/{ID}/qr.svg"
    answer = await browser.get(address, headers={"Sec-Fetch-Dest": kind})
    assert (answer.status_code, answer.text) == (403, "")


async def test_a_page_that_is_opened_is_answered_with_a_page(
    app: FastAPI, browser: httpx.AsyncClient
) -> None:
    fail_with(app, Problem(403, {"code": "not_allowed"}))
    answer = await browser.get("/plans", headers={"Sec-Fetch-Dest": "document"})
    assert answer.status_code == 403
    assert answer.text.count("<html") == 1


def test_every_page_that_loads_parts_leaves_what_is_there_when_a_part_is_refused() -> None:
    frame = Path(visits.__file__).parent / "templates/base.html"
    assert '"noSwap": [204, 304, "4xx", "5xx"]' in frame.read_text()


@pytest.mark.parametrize(
    ("address", "around"),
    [
        (f"/assignments/{ID}/progress", f"/assignments/{ID}"),
        (f"/assignments/{ID}/results/{ID}/return", f"/assignments/{ID}"),
        (f"/questions/{ID}/answer", f"/questions/{ID}"),
        ("/assignments/bulk", "/assignments"),
        ("/assignments/nothing", None),
        ("/nowhere/at/all", None),
    ],
)
async def test_the_address_of_a_form_leads_to_the_page_it_stands_on(
    app: FastAPI, browser: httpx.AsyncClient, address: str, around: str | None
) -> None:
    async def visit(_: Request) -> Any:
        return None

    app.dependency_overrides[signed_in] = visit
    answer = await browser.get(address)
    assert (answer.status_code, answer.headers.get("location")) == (
        (303, around) if around else (404, None)
    )
