"""Calls to the services: a double click, a refusal, a service that is away."""

from typing import Any

import httpx
import pytest

from portal.client import Api, Services
from portal.problems import Problem, ServiceDown, SignInNeeded


def api(answer: Any) -> Api:
    """Return an api whose tasks service answers with a function."""
    services = Services({"tasks": "http://tasks.test"})
    services._clients["tasks"] = httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://tasks.test"
    )
    return Api(services, "token", "vi")


def problem(status: int, **body: Any) -> httpx.Response:
    return httpx.Response(status, json=body, headers={"content-type": "application/problem+json"})


async def test_the_twin_of_a_double_click_waits_for_the_first_answer() -> None:
    answers = [problem(409, code="idempotency_key_in_use"), httpx.Response(201, json={"id": "1"})]
    keys = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return answers.pop(0)

    assert await api(answer).post("tasks", "/v1/plans", {}, key="k") == {"id": "1"}
    assert keys == ["k", "k"]


async def test_another_conflict_is_not_tried_again() -> None:
    calls = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return problem(409, code="assignment_done", detail="Nhiệm vụ đã hoàn thành")

    with pytest.raises(Problem, match="Nhiệm vụ đã hoàn thành"):
        await api(answer).post("tasks", "/v1/plans", {}, key="k")
    assert len(calls) == 1


async def test_two_uploads_under_one_key_have_the_same_bytes() -> None:
    bodies = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read())
        return httpx.Response(201, json={"id": "1"})

    for _ in range(2):
        await api(answer).upload("tasks", "/v1/files", "a.pdf", b"%PDF", key="k")
    assert bodies[0] == bodies[1]
    assert b"%PDF" in bodies[0]


async def test_the_version_the_person_saw_is_sent_quoted_and_empty_filters_are_not_sent() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={})

    await api(answer).patch("tasks", "/v1/assignments/1", {}, version="7")
    await api(answer).get("tasks", "/v1/assignments", status="", unit_id=None, q="a b")
    assert seen[0].headers["If-Match"] == '"7"'
    assert str(seen[1].url) == "http://tasks.test/v1/assignments?q=a+b"
    assert seen[1].headers["Authorization"] == "Bearer token"


async def test_a_long_list_is_read_to_its_last_page() -> None:
    """The 201st batch of tickets is one that can be voided, too."""
    batches = [{"id": str(n)} for n in range(401)]

    def answer(request: httpx.Request) -> httpx.Response:
        query = request.url.params
        first = int(query.get("cursor", 0))
        last = first + int(query["limit"])
        cursor = str(last) if last < len(batches) else None
        return httpx.Response(200, json={"data": batches[first:last], "next_cursor": cursor})

    assert await api(answer).every("tasks", "/v1/rounds/1/ticket_batches") == batches


async def test_a_whole_list_keeps_its_question_and_what_may_be_done() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        last = "cursor" in request.url.params
        page = {"data": [len(asked)], "next_cursor": None if last else "2", "allowed": ["create"]}
        return httpx.Response(200, json=page)

    found = await api(answer).whole("tasks", "/v1/people", unit_id="7", q="")
    assert (found["data"], found["allowed"]) == ([1, 2], ["create"])
    assert [each.get("unit_id") for each in asked] == ["7", "7"]


@pytest.mark.parametrize("status", [404, 405])
async def test_a_change_that_came_too_late_is_told_so_where_the_thing_cannot_be_read_alone(
    status: int,
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            return problem(412, code="version_stale", detail="Dữ liệu đã thay đổi")
        return problem(status, code="method_not_allowed", detail="Không có cách gọi này")

    with pytest.raises(Problem, match="Dữ liệu đã thay đổi") as caught:
        await api(answer).patch("tasks", "/v1/score_sheets/2026/rows/1.1", {"a": 1}, version="3")
    assert (caught.value.status, caught.value.code) == (412, "version_stale")


async def test_a_change_sent_twice_is_no_conflict() -> None:
    now = {"title": "Kế hoạch", "version": 4}

    def answer(request: httpx.Request) -> httpx.Response:
        return problem(412) if request.method == "PATCH" else httpx.Response(200, json=now)

    assert await api(answer).patch("tasks", "/v1/plans/1", {"title": "Kế hoạch"}) == now
    with pytest.raises(Problem):
        await api(answer).patch("tasks", "/v1/plans/1", {"title": "Kế hoạch khác"})


@pytest.mark.parametrize(
    ("status", "error"), [(401, SignInNeeded), (503, ServiceDown), (502, ServiceDown)]
)
async def test_an_ended_session_and_a_service_that_is_away_are_told_apart(
    status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await api(lambda _: httpx.Response(status)).get("tasks", "/v1/units")


async def test_a_service_that_does_not_answer_is_down() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(ServiceDown) as caught:
        await api(answer).get("tasks", "/v1/units")
    assert caught.value.service == "tasks"


async def test_messages_of_single_fields_are_found_by_the_fields_name() -> None:
    errors = [{"pointer": "/body/percent", "message": "Từ 0 đến 100"}]
    with pytest.raises(Problem) as caught:
        await api(lambda _: problem(422, code="invalid", errors=errors)).get("tasks", "/v1/units")
    assert caught.value.fields == {"percent": "Từ 0 đến 100"}
