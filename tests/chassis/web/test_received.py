"""Bodies and addresses as they come in: JSON's own types, and texts that somebody can see."""

import pytest
from tests.chassis.web.conftest import count, key

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("place", ["3", "yes", 3.0, True, [3], {"n": 3}, None, 1e400])
async def test_a_number_is_a_number_and_nothing_that_looks_like_one(client, database, place):
    content = '{"title": "Một ghi chú", "place": %s}' % (
        "1e400" if place == 1e400 else __import__("json").dumps(place)
    )
    answer = await client.post("/v1/notes", content=content.encode(), headers={**key(), **JSON})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/place"]
    assert await count(database) == 0


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
async def test_what_json_has_no_word_for_is_no_json(client, constant):
    content = f'{{"title": "Một ghi chú", "place": {constant}}}'.encode()
    answer = await client.post("/v1/notes", content=content, headers={**key(), **JSON})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "")


@pytest.mark.parametrize(
    "title", ["\u200b\u2060\ufeff", " \u00a0\u3000 ", "\u3164\u2800", "\u00ad"]
)
async def test_a_text_that_shows_nothing_is_empty(client, title):
    answer = await client.post("/v1/notes", json={"title": title * 3}, headers=key())

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"] == "Chưa ghi «title»"


async def test_a_text_with_a_joiner_between_its_letters_stays_as_it_is(client):
    title = "ghi\u200dchú"
    answer = await client.post("/v1/notes", json={"title": title}, headers=key())
    assert (answer.status_code, answer.json()["title"]) == (201, title)


@pytest.mark.parametrize("escape", [r"\u0000", r"\ud800", r"\udfff"])
async def test_a_text_that_cannot_be_kept_is_named_with_its_place(client, database, escape):
    content = rf'{{"title": "Một{escape}hai"}}'.encode()
    answer = await client.post("/v1/notes", content=content, headers={**key(), **JSON})
    name = await client.post("/v1/notes", content=rf'{{"a{escape}": 1}}'.encode(),
                             headers={**key(), **JSON})  # fmt: skip

    assert (answer.status_code, name.status_code) == (422, 422)
    assert answer.json()["errors"][0]["pointer"] == "/title"
    assert await count(database) == 0


async def test_a_pair_of_surrogates_is_a_letter_like_any_other(client):
    content = b'{"title": "T\\u1ed1t \\ud83d\\ude00"}'
    answer = await client.post("/v1/notes", content=content, headers={**key(), **JSON})
    assert (answer.status_code, answer.json()["title"]) == (201, "Tốt 😀")


@pytest.mark.parametrize("path", ["/v1/newest?q=%00", "/v1/newest?q=a%00b"])
async def test_an_address_with_a_text_that_cannot_be_kept_is_422(client, path):
    answer = await client.get(path)
    assert answer.status_code == 422
    assert answer.json()["errors"][0] | {"message": ""} == {
        "pointer": "/q", "message": "", "source": "query",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        ('{"title": "Ghi chú", "title": "Ghi chú"}', ["/title"]),
        ('{"title": "Một", "place": 1, "title": "Hai", "pl\\u0061ce": 2}', ["/title", "/place"]),
        ('{"title": [{"a": 1}, {"b": 1, "b": null}]}', ["/title/1/b"]),
    ],
)
async def test_a_field_that_stands_there_twice_is_named_and_neither_value_is_taken(
    client, database, content, pointers
):
    answer = await client.post("/v1/notes", content=content.encode(), headers={**key(), **JSON})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert "nhiều lần" in answer.json()["detail"]
    assert await count(database) == 0


@pytest.mark.parametrize("query", ["q=a&q=b", "q=a&limit=5&q=a", "limit=1&limit=200"])
async def test_a_parameter_of_one_value_that_is_sent_twice_is_named(client, query):
    answer = await client.get(f"/v1/newest?{query}")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["source"]) == (f"/{query.split('=')[0]}", "query")


async def test_a_parameter_that_is_a_list_is_sent_as_often_as_it_has_values(client):
    assert (await client.get("/v1/points?of=a&of=b")).status_code == 200


async def test_json_as_deep_as_a_well_is_refused(client):
    content = b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answer = await client.post("/v1/notes", content=content, headers={**key(), **JSON})
    assert answer.status_code in {400, 422}
