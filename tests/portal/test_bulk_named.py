"""What was ticked is named before it is judged, and seen before it is decided on."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.datastructures import QueryParams
from tests.portal.test_rights import ASSIGNMENT, drawn

from portal.bulk import moves
from portal.client import Api
from portal.listing import read
from portal.sessions import Tokens
from portal.visit import Visit, portal_of, signed_in

IDS = [f"01a22dbc-0000-7000-8000-{number:012}" for number in range(70)]
FORM = {"csrf_token": "t", "chosen": [f"{id_}:1:u" for id_ in IDS]}


def row(id_: str) -> dict[str, Any]:
    return {**ASSIGNMENT, "id": id_, "number": f"NV-{IDS.index(id_)}", "occurrence": ""}


async def asked_for(app: FastAPI, **form: Any) -> tuple[list[str], str]:
    """Send the form; return the addresses that the page asked for, and the page."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path == "/v1/assignments":
            rows = [row(id_) for id_ in request.url.params.get_list("id")]
            return httpx.Response(200, json={"data": rows, "next_cursor": None})
        if request.url.path.endswith("/bulk"):
            return httpx.Response(200, json={"preview": True, "done": 0, "outcomes": []})
        if request.url.path.startswith("/v1/assignments/"):
            return httpx.Response(200, json=row(request.url.path.rpartition("/")[2]))
        return httpx.Response(200, json={"data": [], "next_cursor": None})

    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        transport = httpx.MockTransport(answer)
        services._clients["tasks"] = httpx.AsyncClient(transport=transport, base_url="http://tasks")
        me = {"name": "Cán bộ", "role": "office", "unit_name": "Văn phòng"}
        tokens = Tokens("", "", "", None)  # type: ignore[arg-type]
        return Visit(request, Api(services, "token", "vi"), me, "t", tokens)

    app.dependency_overrides[signed_in] = visit
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        page = await client.post("/assignments/bulk", data={**FORM, **form})
    assert page.status_code == 200
    return [path for path in asked if path.startswith("/v1/assignments")], page.text


async def test_what_was_ticked_is_named_by_one_request(app: FastAPI) -> None:
    asked, page = await asked_for(app, act="pause")

    assert asked == ["/v1/assignments"]
    assert [page.count(f">NV-{number}<") for number in range(70)] == [1] * 70


async def test_results_that_are_decided_on_are_looked_up_one_by_one(app: FastAPI) -> None:
    asked, _ = await asked_for(app, act="return")

    assert sorted(asked) == [f"/v1/assignments/{id_}" for id_ in IDS[:60]]


@pytest.mark.parametrize(("files", "said"), [([], True), ([{"id": "f", "name": "a.pdf"}], False)])
def test_who_accepts_is_told_before_the_click_that_there_is_no_file(
    files: list[Any], said: bool
) -> None:
    [result] = ASSIGNMENT["results"]
    shown = {**ASSIGNMENT, "results": [{**result, "files": files}], "allowed": ["accept_result"]}
    page = drawn("assignments/actions.html", {"a": shown})
    assert ("Kết quả này không có tệp" in page) is said


@pytest.mark.parametrize("everything", [True, False])
def test_a_board_says_when_only_ones_own_was_counted(everything: bool) -> None:
    counts = {"listed": 1, "by_status": {}, "of_everything": everything}
    view = {"columns": [], "counts": counts, "moves": moves, "asked": read(QueryParams())}
    assert ("Chỉ đếm" in drawn("assignments/board.html", view)) is not everything
