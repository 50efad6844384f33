"""What addresses answer to: every method is either served, or refused with those that are."""

import pytest
from tests.chassis.web.conftest import key


@pytest.mark.parametrize("path", ["/v1/notes", "/v1/me", "/docs", "/openapi.json", "/health/live"])
async def test_head_is_get_without_its_content(client, path):
    whole, head = await client.get(path), await client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["content-type"] == whole.headers["content-type"]


async def test_head_is_refused_as_get_is(nobody):
    assert (await nobody.head("/v1/notes")).status_code == 401


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/v1/notes", "GET, HEAD, OPTIONS, POST"),
        ("/v1/notes/5a55a1de-0000-4000-8000-000000000001", "OPTIONS, PATCH"),
        ("/v1/pictures", "OPTIONS, POST"),
        ("/v1/me", "GET, HEAD, OPTIONS"),
        ("/docs", "GET, HEAD, OPTIONS"),
    ],
)
async def test_options_and_405_name_every_method_of_the_address(client, path, allow):
    asked = await client.options(path)
    refused = [await client.request(m, path) for m in ("DELETE", "PROPFIND", "BREW")]

    assert (asked.status_code, asked.headers["allow"]) == (204, allow)
    for answer in refused:
        assert (answer.status_code, answer.headers["allow"]) == (405, allow)
        assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_a_method_that_only_another_path_has_is_not_served_by_it(client, method):
    answer = await client.request(method, "/v1/pictures")
    assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")


@pytest.mark.parametrize("path", ["/v1/notes/", "/v1/me/", "/docs/", "//v1/notes"])
async def test_no_address_redirects_to_a_host_that_the_request_names(client, path):
    answer = await client.get(path, headers={"Host": "evil.example"})

    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_a_part_that_should_be_a_file_and_one_that_comes_twice_are_explained(client):
    text = await client.post("/v1/pictures", data={"file": "chữ"}, files={}, headers=key())
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc\r\n--x--\r\n'
    as_text = await client.post("/v1/pictures", content=part, headers={**key(), **boundary})
    two = [("file", ("a.png", b"1")), ("file", ("b.png", b"2"))]
    twice = await client.post("/v1/pictures", files=two, headers=key())
    more = [("file", ("a.png", b"1")), ("nhan", ("b.png", b"2"))]
    strange = await client.post("/v1/pictures", files=more, headers=key())

    assert text.status_code == 422
    assert as_text.json()["errors"] == [
        {
            "pointer": "/file",
            "message": "«file» phải là một tệp (phần của biểu mẫu có filename), không phải chữ",
        }
    ]
    assert (twice.status_code, twice.json()["errors"][0]["pointer"]) == (422, "/file")
    assert (strange.status_code, strange.json()["errors"][0]["pointer"]) == (422, "/nhan")
