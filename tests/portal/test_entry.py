"""A row by hand: what was typed stays, what is missing is said, what was made is named."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.conftest import ME, TOKENS
from tests.portal.test_rights import ID, PLAN, UNIT

from portal.client import Api
from portal.visit import Visit, portal_of, signed_in

OTHER = {**UNIT, "id": ID.replace("-", "")[:8] + ID[8:-4] + "0000", "name": "Phòng Nội vụ"}
TYPED = {"csrf_token": "t", "plan_id": ID, "content": "Rà soát quy trình"}


def made(unit_id: str, due_on: str) -> dict[str, Any]:
    return {"id": unit_id, "number": f"NV-{unit_id[-4:]}", "unit_id": unit_id, "due_on": due_on,
            "occurrence": "Tháng 01", "accountable_person_name": None}  # fmt: skip


def answer(request: httpx.Request) -> httpx.Response:
    path, sent = request.url.path, request.content
    if request.method == "POST":
        both = [made(ID, "2020-01-31"), made(OTHER["id"], "2099-01-31")]
        read = {"reading": "Trước ngày 31/01", "warnings": [], "assignments": both}
        return httpx.Response(200 if b'"preview":true' in sent else 201, json=read)
    if path.endswith("/counts"):
        return httpx.Response(200, json={"allowed": ["create"]})
    data = {"/v1/plans": [{**PLAN, "allowed": ["import"]}], "/v1/units": [UNIT, OTHER]}
    return httpx.Response(200, json={"data": data.get(path, []), "next_cursor": None})


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        transport = httpx.MockTransport(answer)
        services._clients["tasks"] = httpx.AsyncClient(transport=transport, base_url="http://tasks")
        return Visit(request, Api(services, "token", "vi"), ME, "t", TOKENS)

    app.dependency_overrides[signed_in] = visit
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        yield client


@pytest.mark.parametrize("leads", [[OTHER["id"]], []])
async def test_other_units_leave_what_was_typed(
    browser: httpx.AsyncClient, leads: list[str]
) -> None:
    sent = {**TYPED, "lead_unit_ids": leads, "step": "choose"}
    answer = await browser.post("/assignments/new", data=sent)
    assert "Rà soát quy trình" in answer.text
    assert ("ít nhất một đơn vị" in answer.text) is (not leads)
    assert answer.text.count('value="choose"') == 1


async def test_going_on_without_a_unit_says_what_is_missing(browser: httpx.AsyncClient) -> None:
    assert "ít nhất một đơn vị" in (await browser.get(f"/assignments/new?plan_id={ID}")).text
    assert "ít nhất một đơn vị" not in (await browser.get("/assignments/new")).text


async def test_a_reading_takes_the_focus_and_says_when_its_day_has_passed(
    browser: httpx.AsyncClient,
) -> None:
    sent = {**TYPED, "lead_unit_ids": [ID, OTHER["id"]], "step": "preview"}
    answer = await browser.post("/assignments/new", data=sent)
    assert 'id="read-as" tabindex="-1" data-answer' in answer.text
    assert "1 thời hạn trong số này đã qua" in answer.text


async def test_of_several_that_were_added_each_is_named(browser: httpx.AsyncClient) -> None:
    sent = {**TYPED, "lead_unit_ids": [ID, OTHER["id"]], "step": "apply", "key": "k"}
    answer = await browser.post("/assignments/new", data=sent)
    assert "Đã thêm 2 nhiệm vụ" in answer.text
    for each in (ID, OTHER["id"]):
        assert f"NV-{each[-4:]}" in answer.text
