"""What a client may send, and how it learns what was wrong."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError
from tests.chassis.web.conftest import key

from chassis.bodies import RequestBody
from chassis.entered import ReadableLine
from chassis.web.validation import invalid_input


async def test_an_unknown_body_field_is_refused_in_vietnamese(client):
    body = {"title": "một", "unit_id": "x"}
    answer = await client.post("/v1/notes", json=body, headers=key())

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "input_invalid"
    assert problem["errors"] == [
        {
            "pointer": "/unit_id",
            "message": "«unit_id» không phải là trường được chấp nhận: hãy bỏ đi",
        }
    ]
    assert problem["type"] == "/docs#input_invalid"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Thiếu «title»: hãy bổ sung"),
        ({"title": "x"}, "«title» quá ngắn: cần ít nhất 3 ký tự"),
        ({"title": "x" * 50}, "«title» quá dài: tối đa 40 ký tự"),
        ({"title": 7}, "«title» phải là chuỗi ký tự"),
        ({"title": "một", "place": "hai"}, "«place» phải là số nguyên, không phải “hai”"),
        ([], "«nội dung» phải là đối tượng JSON"),
    ],
)
async def test_a_wrong_value_is_named_with_what_is_right(client, body, said):
    answer = await client.post("/v1/notes", json=body, headers=key())

    assert answer.status_code == 422
    assert [error["message"] for error in answer.json()["errors"]] == [said]


async def test_english_on_request(client):
    headers = {**key(), "Accept-Language": "en-GB,en;q=0.9,vi;q=0.1"}
    answer = await client.post("/v1/notes", json={}, headers=headers)

    assert answer.headers["content-language"] == "en"
    assert answer.json()["title"] == "The data is not valid"
    assert answer.json()["errors"][0]["message"] == "«title» is missing: please add it"


async def test_broken_json_is_422_and_a_missing_content_type_too(client):
    headers = {**key(), "Content-Type": "application/json"}
    broken = await client.post("/v1/notes", content='{"title": ', headers=headers)
    plain = await client.post("/v1/notes", content='{"title": "một"}', headers=key())

    assert broken.json()["errors"] == [
        {"pointer": "", "message": "Nội dung không phải là JSON hợp lệ"}
    ]
    assert plain.status_code == 422


async def test_an_unknown_query_parameter_is_named(client):
    answer = await client.get("/v1/newest?q=a&unit=b")

    assert (answer.status_code, answer.json()["code"]) == (400, "query_unknown")
    assert answer.json()["detail"] == (
        "Tham số không được hỗ trợ: unit. Các tham số dùng được: cursor, limit, q"
    )


async def test_a_wrong_query_parameter_says_where_it_stood(client):
    answer = await client.get("/v1/notes?limit=500")

    assert answer.json()["errors"] == [
        {
            "pointer": "/limit",
            "message": "«limit» không được quá 200, không phải “500”",
            "source": "query",
        }
    ]


async def test_what_postgresql_cannot_store_is_the_clients_mistake(client):
    answer = await client.post("/v1/notes", json={"title": "a\0bcd"}, headers=key())
    number = await client.post("/v1/notes", json={"title": "lớn", "place": 2**40}, headers=key())

    assert (answer.status_code, number.status_code) == (422, 422)


async def test_unknown_addresses_and_methods_are_problems_too(nobody):
    unknown = await nobody.get("/v2/nothing")
    method = await nobody.delete("/v1/notes")

    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert (method.status_code, method.json()["code"]) == (405, "method_not_allowed")
    assert "DELETE" in method.json()["detail"]
    assert method.headers["allow"]


async def test_a_body_above_the_limit_is_413(client):
    long = "x" * (1024 * 1024 + 1)
    announced = await client.post("/v1/notes", json={"title": long}, headers=key())

    async def stream():
        for _ in range(20):
            yield b"x" * 100_000

    headers = {**key(), "Content-Type": "application/json"}
    streamed = await client.post("/v1/notes", content=stream(), headers=headers)
    form = {"file": ("a", b"x" * (26 * 1024 * 1024))}
    upload = await client.post("/v1/pictures", files=form, headers=key())

    for answer in (announced, streamed, upload):
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_stale_and_missing_versions(client):
    added = await client.post("/v1/notes", json={"title": "một"}, headers=key())
    url, body = f"/v1/notes/{added.json()['id']}", {"title": "hai"}

    missing = await client.patch(url, json=body)
    wrong = await client.patch(url, json=body, headers={"If-Match": "seven"})
    first = await client.patch(url, json=body, headers={"If-Match": added.headers["etag"]})
    stale = await client.patch(url, json=body, headers={"If-Match": '"1"'})

    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_missing")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "if_match_invalid")
    assert first.status_code == 200
    assert (stale.status_code, stale.json()["code"]) == (412, "version_stale")
    assert stale.headers["etag"] == '"2"'


async def test_decimals_are_strings_and_public_routes_need_no_token(nobody):
    assert (await nobody.get("/v1/points")).json() == {"points": "87.250000"}


async def test_answers_carry_safe_headers_and_the_request_id(nobody):
    given = await nobody.get("/v1/points", headers={"X-Request-Id": "abcdefgh-1"})
    hostile = await nobody.get("/v1/points", headers={"X-Request-Id": "a b\tc<script>"})

    assert given.headers["x-request-id"] == "abcdefgh-1"
    assert "script" not in hostile.headers["x-request-id"]
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["x-frame-options"] == "DENY"
    assert given.headers["cache-control"] == "no-store"


async def test_health_metrics_and_documents_are_served(nobody):
    live, ready = await nobody.get("/health/live"), await nobody.get("/health/ready")
    await nobody.get("/v1/points")
    metrics = await nobody.get("/metrics")
    openapi = (await nobody.get("/openapi.json")).json()

    assert (live.status_code, ready.json()["checks"]) == (200, {"database": "ok"})
    assert 'route="/v1/points",service="notebook",status="200"' in metrics.text
    assert openapi["paths"]["/v1/notes"]["post"]["x-policy"] == "note.write"


async def test_a_broken_rule_is_a_conflict_with_its_code_and_its_sentence(client):
    answer = await client.post("/v1/notes", json={"title": "đầy"}, headers=key())

    assert (answer.status_code, answer.json()["code"]) == (409, "notebook_full")
    assert answer.json()["detail"] == "Sổ «đầy»"


async def test_refused_input_names_each_place_that_is_wrong(client):
    answer = await client.post("/v1/notes", json={"title": "nhầm"}, headers=key())

    assert (answer.status_code, answer.json()["code"]) == (422, "note_wrong")
    assert answer.json()["errors"] == [{"pointer": "/place", "message": "Sai chỗ"}]


class Named(RequestBody):
    name: Annotated[ReadableLine, Field(min_length=1, max_length=5)]


@pytest.mark.parametrize(
    ("name", "message"),
    [("sáu chữ", "«name» quá dài: tối đa 5 ký tự"), (" ", "Chưa ghi «name»")],
)
def test_the_length_of_a_name_is_told_in_characters(name, message):
    with pytest.raises(ValidationError) as refused:
        Named.model_validate({"name": name})
    told = invalid_input([{**e, "loc": ("body", *e["loc"])} for e in refused.value.errors()], "vi")
    assert [error["message"] for error in told.errors] == [message]
